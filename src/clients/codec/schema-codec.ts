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

/** Binds a compiled schema to the id under which a registry keeps it. */
export type CompiledSchema = (id: number) => SchemaCodec;

/** @throws SchemaError for a schema that is none of its type */
export function compileSchema(definition: SchemaDefinition, options: SchemaCodecOptions): CompiledSchema {
  const withFrame = compilers[definition.type](definition, options);
  return (id) => codecOf(id, definition.type, withFrame(frameOf(id)));
}

function codecOf(id: number, type: SchemaType, codec: Codec): SchemaCodec {
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

type Codec = Pick<SchemaCodec, 'encode' | 'decode'>;
type Compiler = (definition: SchemaDefinition, options: SchemaCodecOptions) => (frame: Buffer) => Codec;

const compilers: Readonly<Record<SchemaType, Compiler>> = {
  AVRO: (definition, options) => {
    const schema = parseAvroSchema(definition);
    const decode = compileAvroDecoder(schema, options);
    return (frame) => ({
      encode: compileAvroEncoder(schema, frame),
      decode: (bytes) => decode(bytes, frameLength),
    });
  },
  JSONSCHEMA: (definition) => {
    const check = compileJsonSchema(definition);
    return (frame) => ({
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
    });
  },
  PROTOBUF: (definition) => {
    const codec = compileProtobuf(definition);
    return (frame) => ({
      encode(text) {
        const { index, message } = codec.encode(text);
        return Buffer.concat([frame, index, message]);
      },
      decode: (bytes) => codec.decode(bytes, frameLength),
    });
  },
};
