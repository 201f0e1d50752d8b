import { fromBinary, fromJson, toBinary, toJson, type DescMessage, type JsonValue } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { randomUUID } from 'node:crypto';
import { DecodeError } from '../decode-error.ts';
import { EncodeError } from '../encode-error.ts';
import { isTooLargeToRead, isTooLargeToWrite, maxCells } from './size-limit.ts';
import type { SchemaDefinition } from '../schema-definition.ts';
import { parseExactJson } from './exact-json.ts';
import { placeOfFault } from './fault-place.ts';
import { decodeMessageIndex, encodeMessageIndex } from './message-index.ts';
import { checkRequired } from './required-fields.ts';
import { parseProtobufSchema, type ProtobufSchema } from './protobuf-files.ts';

/** Converts between proto3's JSON mapping and Confluent's framing behind the schema id. */
export interface ProtobufCodec {
  /** Message index and message, of the schema's first message. Throws EncodeError. */
  encode(text: Buffer): { readonly index: Buffer; readonly message: Uint8Array };
  /** JSON of whichever message the index names. Throws DecodeError. */
  decode(bytes: Buffer, from: number): string;
}

/** @throws SchemaError */
export function compileProtobuf(definition: SchemaDefinition): ProtobufCodec {
  const schema = parseProtobufSchema(definition);
  const first = schema.messages[0]!;
  const firstIndex = encodeMessageIndex([0]);
  return {
    encode: (text) => ({ index: firstIndex, message: encode(first, schema, text) }),
    decode(bytes, from) {
      const { path, end } = decodeMessageIndex(bytes, from);
      return decode(messageAt(schema, path), schema, bytes.subarray(end));
    },
  };
}

function encode(message: DescMessage, { registry, hasRequired }: ProtobufSchema, text: Buffer): Uint8Array {
  const json = parseExactJson(text, message, registry);
  if (isTooLargeToWrite(message, json, text.length)) {
    throw new EncodeError('#', `the value holds messages of more than ${maxCells} fields altogether`);
  }
  try {
    const value = fromJson(message, json, { registry });
    if (hasRequired) checkRequired(reflect(message, value));
    return toBinary(message, value);
  } catch (error) {
    if (error instanceof EncodeError) throw error;
    throw new EncodeError(placeOfFault(message, json, registry), reasonOf(error));
  }
}

function decode(message: DescMessage, schema: ProtobufSchema, bytes: Buffer): string {
  const { registry } = schema;
  try {
    if (isTooLargeToRead(message, bytes)) {
      throw new DecodeError(`it holds messages of more than ${maxCells} fields altogether`);
    }
    const value = fromBinary(message, bytes, { readUnknownFields: false });
    return textOf(toJson(message, value, { registry, alwaysEmitImplicit: true }), schema);
  } catch (error) {
    throw new DecodeError(`no ${message.typeName}: ${reasonOf(error)}`);
  }
}

/** In JavaScript's own JSON a negative zero loses its sign. */
function textOf(json: JsonValue, { hasFloats }: ProtobufSchema): string {
  if (!hasFloats) return JSON.stringify(json);
  const marked = JSON.stringify(json, (_, value: unknown) => (Object.is(value, -0) ? negativeZeroMark : value));
  return marked.replaceAll(JSON.stringify(negativeZeroMark), '-0.0');
}

/** No text of a message is it, by chance or by intent. */
const negativeZeroMark = `\u0000${randomUUID()}`;

/** The runtime passes on what a decoder of the platform threw, with the name of its class before it. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/^\w*Error: /, '');
}

/** Map entries are no messages of the text and have no index. */
function messageAt(schema: ProtobufSchema, path: readonly number[]): DescMessage {
  let siblings = schema.messages;
  let found: DescMessage | undefined;
  for (const index of path) {
    found = siblings[index];
    if (found === undefined) throw new DecodeError(`the schema has no message of index [${path.join(', ')}]`);
    siblings = found.nestedMessages;
  }
  return found!;
}
