import { describe, expect, it } from '@jest/globals';
import { DecodeError } from '../../../src/clients/codec/decode-error.ts';
import { EncodeError } from '../../../src/clients/codec/encode-error.ts';
import { compileSchema } from '../../../src/clients/codec/schema-codec.ts';
import { SchemaError, type SchemaType } from '../../../src/clients/codec/schema-definition.ts';

const id = 258;
const frame = '0000000102';

/** A schema of this text under id 258, with both directions as text. */
function codecOf(type: SchemaType, text: string, isUnionPlain = false) {
  const codec = compileSchema({ type, text, references: [] }, { isUnionPlain })(id);
  const said = (run: () => string) => {
    try {
      return run();
    } catch (error) {
      if (error instanceof EncodeError) return `refused at ${error.place}: ${error.message}`;
      if (error instanceof DecodeError) return `refused: ${error.message}`;
      throw error;
    }
  };
  return {
    codec,
    encode: (json: string) => said(() => Buffer.from(codec.encode(Buffer.from(json))).toString('hex')),
    decode: (hex: string) => said(() => codec.decode(Buffer.from(hex, 'hex')).toString()),
  };
}

const hexOf = (text: string) => Buffer.from(text).toString('hex');

describe('a schema in use', () => {
  it('writes Avro framed, and reads it', () => {
    const { codec, encode, decode } = codecOf('AVRO', '["null","string"]');
    expect([codec.id, codec.type, encode('"a"'), decode(`${frame}020261`)]).toEqual([
      id,
      'AVRO',
      `${frame}020261`,
      '{"string":"a"}',
    ]);
    expect(codecOf('AVRO', '["null","string"]', true).decode(`${frame}020261`)).toBe('"a"');
  });

  it('writes JSON framed and as it is written, and reads it so', () => {
    const { codec, encode, decode } = codecOf('JSONSCHEMA', '{"type":"object"}');
    const json = '{"a" : 9223372036854775807, "b": 1.0}';
    expect([codec.type, encode(json), decode(frame + hexOf(json))]).toEqual(['JSONSCHEMA', frame + hexOf(json), json]);
    expect(encode('1')).toBe('refused at #: expected type: JSONObject, found: Integer');
  });

  it('reads JSON that does not fit its schema, but no other bytes', () => {
    const { decode } = codecOf('JSONSCHEMA', '{"type":"object"}');
    expect([decode(`${frame}31`), decode(frame), decode(`${frame}7b`), decode(`${frame}22ff22`)]).toEqual([
      '1',
      'refused: does not fit JSONSCHEMA schema 258: no JSON',
      'refused: does not fit JSONSCHEMA schema 258: no JSON',
      'refused: does not fit JSONSCHEMA schema 258: no JSON',
    ]);
  });

  it('writes Protobuf framed, with the index of the message', () => {
    const { codec, encode, decode } = codecOf(
      'PROTOBUF',
      'syntax = "proto3"; message M { int32 a = 1; } message N { message O { string b = 1; } }',
    );
    expect([
      codec.type,
      encode('{"a":150}'),
      decode(`${frame}00089601`),
      decode(`${frame}0200089601`),
      decode(`${frame}0402000a0178`),
    ]).toEqual(['PROTOBUF', `${frame}00089601`, '{"a":150}', '{"a":150}', '{"b":"x"}']);
  });

  it('tells which schema the bytes do not fit', () => {
    expect([
      codecOf('AVRO', '"int"').decode(frame),
      codecOf('PROTOBUF', 'message M { optional int32 a = 1; }').decode(`${frame}0008`),
    ]).toEqual([
      'refused: does not fit AVRO schema 258: the bytes end before the value does',
      expect.stringMatching(/^refused: does not fit PROTOBUF schema 258: no M: /),
    ]);
  });

  it('is none where the text is none of its type', () => {
    const types: SchemaType[] = ['AVRO', 'JSONSCHEMA', 'PROTOBUF'];
    for (const type of types) expect(() => codecOf(type, '{"type":')).toThrow(SchemaError);
  });
});
