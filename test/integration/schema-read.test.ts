import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReadRecord } from '../support/active-consumer.ts';
import { call, errorBody } from '../support/http.ts';
import { HttpInstance } from '../support/http-instance.ts';
import { randomName } from '../support/names.ts';
import type { SchemaDefinition, SchemaReference } from '../support/registry-client.ts';
import { frame, SidecarBench } from '../support/sidecar-bench.ts';
import { readValueTexts } from '../support/value-texts.ts';

const $schema = 'http://json-schema.org/draft-07/schema#';
const count = { type: 'record', name: 'Count', fields: [{ name: 'count', type: 'int' }] };
const definitions = {
  AVRO: { schema: count },
  JSONSCHEMA: {
    schemaType: 'JSON',
    schema: { $schema, type: 'object', properties: { count: { type: 'integer' } } },
  },
  PROTOBUF: { schemaType: 'PROTOBUF', schema: 'syntax = "proto3"; message Count { int32 count = 1; }' },
} as const satisfies Readonly<Record<string, Omit<SchemaDefinition, 'subject'>>>;
const types = Object.keys(definitions) as (keyof typeof definitions)[];

let bench: SidecarBench;

beforeAll(async () => {
  bench = await SidecarBench.start();
}, 60_000);

afterAll(() => bench?.close(), 60_000);

async function read(topic: string, records: number, options: object = {}, url = bench.url): Promise<ReadRecord[]> {
  const instance = await HttpInstance.subscribed(url, randomName('read'), [topic], options);
  return instance.readAll(records);
}

const entry = (topic: string, offset: number, sides: object) => ({
  topic,
  ...sides,
  headers: { 'X-Correlation-Id': 'c' },
  partition: 0,
  offset,
  timestamp: 1_700_000_000_000,
});
const sent = (sides: object) => ({ ...sides, correlationId: 'c', timestamp: 1_700_000_000_000 });

describe('keys and values with schemas', () => {
  const pairs = types.flatMap((key) => types.map((value) => [key, value] as const));
  test.each(pairs)('are read together: %s keys, %s values', async (key, value) => {
    const { topic } = await bench.topicWith(definitions[value], definitions[key]);
    const records = [0, 1].map((n) => sent({ key: { count: n }, value: { count: -n } }));
    expect(await bench.produce(topic, { records })).toMatchObject({ status: 200 });
    expect(await read(topic, 2)).toEqual([
      entry(topic, 0, { key: { count: 0 }, value: { count: 0 } }),
      entry(topic, 1, { key: { count: 1 }, value: { count: -1 } }),
    ]);
  });

  test('null keys and tombstones are left out', async () => {
    const { topic } = await bench.topicWith(definitions.AVRO, definitions.AVRO);
    const side = { count: 1 };
    const records = [sent({ key: side, value: null }), sent({ key: null, value: side }), sent({})];
    expect(await bench.produce(topic, { records })).toMatchObject({ status: 200 });
    expect(await read(topic, 3)).toEqual([
      entry(topic, 0, { key: side }),
      entry(topic, 1, { value: side }),
      entry(topic, 2, {}),
    ]);
  });
});

describe('an instance with the default formats', () => {
  test('reads topics of all three types alike, and a topic in which they mix', async () => {
    const topics = await Promise.all(types.map((type) => bench.topicWith(definitions[type])));
    const mixed = await bench.newTopic('mixed');
    for (const { topic } of topics) {
      const body = { records: [sent({ value: { count: 1 } })] };
      expect(await bench.produce(topic, body)).toMatchObject({ status: 200 });
      const fromThere = { ...body, valueSchemaSubject: `${topic}-value` };
      expect(await bench.produce(mixed, fromThere)).toMatchObject({ status: 200 });
    }
    const all = [
      ...topics.map(({ topic }) => [topic, 0] as const),
      ...types.map((_, offset) => [mixed, offset] as const),
    ];
    const instance = await HttpInstance.create(bench.url, randomName('read'));
    await instance.subscribe({ topics: [...topics.map(({ topic }) => topic), mixed] });
    const byPlace = (a: ReadRecord, b: ReadRecord) =>
      `${a.topic} ${a.offset}`.localeCompare(`${b.topic} ${b.offset}`, 'en');
    const expected = all.map(([topic, offset]) => entry(topic, offset, { value: { count: 1 } }));
    expect((await instance.readAll(all.length)).toSorted(byPlace)).toEqual(expected.toSorted(byPlace));
  });

  test.each(types)('is no other than one with %s', async (type) => {
    const { topic } = await bench.topicWith(definitions.AVRO);
    await bench.produce(topic, { records: [sent({ value: { count: 7 } })] });
    expect(await read(topic, 1, { keyFormat: type, valueFormat: type })).toEqual([
      entry(topic, 0, { value: { count: 7 } }),
    ]);
  });
});

describe('instances with different formats', () => {
  test('read one topic at the same time, each in its own', async () => {
    const { topic, valueId } = await bench.topicWith(definitions.JSONSCHEMA);
    const body = { keyFormat: 'STRING', records: [sent({ key: 'k', value: { count: 1 } })] };
    expect(await bench.produce(topic, body)).toMatchObject({ status: 200 });
    const text = '{"count":1}';
    const bytes = Buffer.concat([frame(valueId), Buffer.from(text)]);
    const undecodable = (keyBase64: string, description: string) => ({
      error: { code: 'ERR12205', description },
      keyBase64,
      valueBase64: bytes.toString('base64'),
    });
    const key = Buffer.from('k').toString('base64');
    const noJson = 'the key is not valid JSON';
    const noFrame = 'the key has 1 bytes, too few for magic byte 0 and a schema id';
    const readers: [object, object][] = [
      [{ keyFormat: 'STRING' }, { key: 'k', value: { count: 1 } }],
      [
        { keyFormat: 'BINARY', valueFormat: 'BINARY' },
        { key, value: bytes.toString('base64') },
      ],
      [
        { keyFormat: 'STRING', valueFormat: 'STRING' },
        { key: 'k', value: bytes.toString() },
      ],
      [{ format: 'JSON' }, undecodable(key, noJson)],
      [{}, undecodable(key, noFrame)],
    ];
    const answers = await Promise.all(readers.map(([options]) => read(topic, 1, options)));
    expect(answers).toEqual(readers.map(([, sides]) => [entry(topic, 0, sides)]));
  });
});

describe('useNoWrappingAvro', () => {
  const union = [
    'null',
    'string',
    { type: 'record', name: 'com.example.Inner', fields: [{ name: 'n', type: ['null', 'long'] }] },
  ];
  const fields = [
    { name: 'a', type: union },
    { name: 'b', type: { type: 'map', values: ['null', 'long'] } },
  ];
  const schema = { type: 'record', name: 'Wrapped', fields };
  const wrapped =
    '{"a":{"com.example.Inner":{"n":{"long":9223372036854775807}}},"b":{"x":{"long":-9007199254740993},"y":null}}';
  const plain = '{"a":{"n":9223372036854775807},"b":{"x":-9007199254740993,"y":null}}';

  test('false keeps the names of the branches around values of unions, true leaves them out; both digit for digit', async () => {
    const { topic } = await bench.topicWith({ schema });
    for (const value of [wrapped, plain]) {
      expect(await bench.produce(topic, `{"records":[{"value":${value}}]}`)).toMatchObject({ status: 200 });
    }
    const plainUrl = await bench.another({ KAFKA_CONSUMER_USENOWRAPPINGAVRO: 'true' });
    expect(await readValueTexts(bench.url, topic, 2)).toEqual([wrapped, wrapped]);
    expect(await readValueTexts(plainUrl, topic, 2)).toEqual([plain, plain]);
  });
});

describe('numbers of values with a JSON schema', () => {
  test('stand in the answer as they stood in the request', async () => {
    const { topic } = await bench.topicWith({ schemaType: 'JSON', schema: { $schema, type: 'object' } });
    const value = '{ "n" : 9223372036854775807, "d":1.0, "e":1e400, "deep":[[-0, 0.10]] }';
    expect(await bench.produce(topic, `{"records":[{"value":${value}}]}`)).toMatchObject({ status: 200 });
    expect(await readValueTexts(bench.url, topic, 1)).toEqual([value]);
  });
});

describe('a JSON schema that refers to other subjects', () => {
  test('is checked with them, and what fits is read', async () => {
    const topic = await bench.newTopic('references');
    const [street, address] = [randomName('street'), randomName('address')];
    const register = (subject: string, schema: object, references: readonly SchemaReference[] = []) =>
      bench.registry.register({ subject, schemaType: 'JSON', schema: { $schema, ...schema }, references });
    await register(street, { type: 'string', minLength: 2 });
    const toStreet = { name: 'street.json', subject: street, version: 1 };
    await register(address, { properties: { street: { $ref: 'street.json' } } }, [toStreet]);
    const toAddress = { name: 'address.json', subject: address, version: 1 };
    const id = await register(`${topic}-value`, { properties: { home: { $ref: 'address.json' } } }, [toAddress]);
    const bad = await bench.produce(topic, { records: [{ value: { home: { street: 'x' } } }] });
    expect([bad.status, bad.body]).toMatchObject([
      400,
      { code: 'ERR12206', description: expect.stringMatching('#/home/street') },
    ]);
    const value = { home: { street: 'Elm' } };
    const good = await bench.produce(topic, { records: [sent({ value })] });
    expect(good).toMatchObject({ status: 200, body: { value_schema_id: id } });
    expect(await read(topic, 1)).toEqual([entry(topic, 0, { value })]);
  });
});

describe('a sidecar without a registry', () => {
  test('refuses instances with schema formats, and reads such values as bytes', async () => {
    const url = await bench.another({ SCHEMA_REGISTRY_URL: '' });
    const { topic, valueId } = await bench.topicWith(definitions.AVRO);
    await bench.produce(topic, { records: [sent({ value: { count: 1 } })] });
    const { status, body } = await call('POST', `${url}/consumers/${randomName('read')}`, { valueFormat: 'AVRO' });
    const description = 'format AVRO needs a schema registry; set schema.registry.url';
    expect([status, body]).toEqual([400, errorBody(400, 'ERR12201', 'INVALID_CONSUMER_CONFIG', description)]);
    const value = frame(valueId, 2).toString('base64');
    expect(await read(topic, 1, { valueFormat: 'BINARY' }, url)).toEqual([entry(topic, 0, { value })]);
  });
});
