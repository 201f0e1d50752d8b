import { isJsonText } from '../../foundation/json/strict-json.ts';
import { compileAvroDecoder } from './avro/avro-decode.ts';
import { compileAvroEncoder } from './avro/avro-encode.ts';
import { parseAvroSchema } from './avro/avro-schema.ts';
import { DecodeError } from './decode-error.ts';
import type { Decoder } from './decode.ts';
import type { Encoder } from './encode.ts';
import { compileJsonSchema } from './json-schema.ts';
import { compileProtobuf } from './protobuf/protobuf.ts';
import type { SchemaDefinition, SchemaType } from './schema-definition.ts';
import { frameLength, frameOf } from './wire-format.ts';

/** A registered schema in use: turns JSON text into framed bytes and back. */
export interface SchemaCodec {
  readonly id: number;
  readonly type: SchemaType;
  readonly encode: Encoder;
  /** Takes bytes framed with this schema's id. */
  readonly decode: Decoder;
}

export interface SchemaCodecOptions {
  /** Read Avro union values plainly, without their branch's name: light-4j's `useNoWrappingAvro`. */
  readonly isUnionPlain: boolean;
}

/** @throws SchemaError for a schema that is none of its type */
export function compileSchema(id: number, definition: SchemaDefinition, options: SchemaCodecOptions): SchemaCodec {
  const { type } = definition;
  const frame = frameOf(id);
  const codec = compilers[type](frame, definition, options);
  const decode: Decoder = (bytes) => {
    try {
      return codec.decode(bytes);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      throw new DecodeError(`does not fit ${type} schema ${id}: ${error.message}`);
    }
  };
  return { id, type, encode: codec.encode, decode };
}

type Compiler = (
  frame: Buffer,
  definition: SchemaDefinition,
  options: SchemaCodecOptions,
) => Pick<SchemaCodec, 'encode' | 'decode'>;

const compilers: Readonly<Record<SchemaType, Compiler>> = {
  AVRO: (frame, definition, options) => {
    const schema = parseAvroSchema(definition);
    const encode = compileAvroEncoder(schema, frame);
    const decode = compileAvroDecoder(schema, options);
    return { encode, decode: (bytes) => decode(bytes, frameLength) };
  },
  JSONSCHEMA: (frame, definition) => {
    const check = compileJsonSchema(definition);
    return {
      encode(text) {
        check(text);
        return Buffer.concat([frame, text]);
      },
      // Not checked against the schema, as in Confluent's readers: what was written is shown.
      decode(bytes) {
        const text = bytes.subarray(frameLength);
        if (!isJsonText(text)) throw new DecodeError('no JSON');
        return text;
      },
    };
  },
  PROTOBUF: (frame, definition) => {
    const codec = compileProtobuf(definition);
    return {
      encode(text) {
        const { index, message } = codec.encode(text);
        return Buffer.concat([frame, index, message]);
      },
      decode: (bytes) => codec.decode(bytes, frameLength),
    };
  },
};
