// What the other tests take for right is checked itself, with the bytes of the examples in the specifications:
// https://avro.apache.org/docs/1.12.0/specification/#schema-record and https://protobuf.dev/programming-guides/encoding/,
// behind Confluent's frame, https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/.
import { describe, expect, test } from '@jest/globals';
import { javaDecode, javaEncode, type AvroText, type ProtobufText } from '../support/java-codec.ts';

const record = {
  type: 'record',
  name: 'test',
  fields: [
    { name: 'a', type: 'long' },
    { name: 'b', type: 'string' },
  ],
};
const avro: AvroText = { type: 'avro', schema: JSON.stringify(record) };
const importingAvro: AvroText = {
  type: 'avro',
  schema: '{"type":"array","items":"test"}',
  imports: [avro.schema],
};
const protobuf: ProtobufText = {
  type: 'protobuf',
  schema: 'syntax = "proto3"; message Test1 { int32 a = 1; }',
};
const nested: ProtobufText = {
  type: 'protobuf',
  schema: `syntax = "proto3";
package example;
import "parts/test.proto";
import "google/protobuf/timestamp.proto";
message First {}
message Test3 { message Inner { parts.Test1 c = 3; google.protobuf.Timestamp at = 4; } }`,
  imports: { 'parts/test.proto': 'syntax = "proto3"; package parts; message Test1 { int32 a = 1; }' },
};

const examples = [
  { text: avro, id: 1, json: '{"a":27,"b":"foo"}', hex: '0000000001 3606666f6f' },
  { text: importingAvro, id: 0xfffffffe, json: '[{"a":27,"b":"foo"}]', hex: '00fffffffe 02 3606666f6f 00' },
  { text: protobuf, id: 258, json: '{"a":150}', hex: '0000000102 00 089601', message: 'Test1', indexes: [0] },
  {
    text: nested,
    id: 3,
    json: '{"c":{"a":150}}',
    hex: '0000000003 040200 1a03089601',
    message: 'example.Test3.Inner',
    indexes: [1, 0],
  },
];
const bytesOf = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('Java’s Avro and Protobuf', () => {
  test('decode the bytes in the specifications', async () => {
    const decoded = await javaDecode(examples.map(({ text, hex }) => ({ ...text, bytes: bytesOf(hex) })));
    expect(decoded).toEqual(examples.map(({ text: _text, hex: _hex, ...result }) => result));
  });

  test('encode to the bytes in the specifications', async () => {
    const items = examples.map(({ text, id, json, indexes }) => ({ ...text, id, json, ...(indexes && { indexes }) }));
    const encoded = await javaEncode(items);
    expect(encoded.map((bytes) => bytes.toString('hex'))).toEqual(
      examples.map(({ hex }) => bytesOf(hex).toString('hex')),
    );
  });

  test('refuse other magic bytes, bytes that are left over and fields that are not known', async () => {
    const faults = [
      { ...avro, bytes: bytesOf('0100000001 3606666f6f') },
      { ...avro, bytes: bytesOf('0000000001 3606666f6f 00') },
      { ...protobuf, bytes: bytesOf('0000000001 00 1001') },
    ];
    const messages = await Promise.all(faults.map((item) => javaDecode([item]).catch((error: Error) => error.message)));
    expect(messages).toEqual([
      expect.stringContaining('the first byte is not 0'),
      expect.stringContaining('bytes after the value'),
      expect.stringContaining('fields that the schema does not have'),
    ]);
  });
});
