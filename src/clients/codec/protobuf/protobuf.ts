import { fromBinary, fromJson, toBinary, toJson, type DescMessage, type JsonValue } from '@bufbuild/protobuf';
import { parseWithExactIntegers } from '../../../foundation/json/exact-integers.ts';
import { DecodeError } from '../decode-error.ts';
import { EncodeError } from '../encode-error.ts';
import type { SchemaDefinition } from '../schema-definition.ts';
import { placeOfFault } from './fault-place.ts';
import { decodeMessageIndex, encodeMessageIndex } from './message-index.ts';
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

function encode(message: DescMessage, { registry }: ProtobufSchema, text: Buffer): Uint8Array {
  // proto3's JSON mapping takes digits in a string for every number.
  const json = parseWithExactIntegers(text) as JsonValue;
  try {
    return toBinary(message, fromJson(message, json, { registry }));
  } catch (error) {
    throw new EncodeError(
      placeOfFault(message, json, registry),
      error instanceof Error ? error.message : String(error),
    );
  }
}

function decode(message: DescMessage, { registry }: ProtobufSchema, bytes: Buffer): string {
  try {
    const value = fromBinary(message, bytes, { readUnknownFields: false });
    return JSON.stringify(toJson(message, value, { registry, alwaysEmitImplicit: true }));
  } catch (error) {
    throw new DecodeError(`no ${message.typeName}: ${error instanceof Error ? error.message : String(error)}`);
  }
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
