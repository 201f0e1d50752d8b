import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call, errorBody } from '../support/http.ts';
import { randomName } from '../support/names.ts';
import type { SchemaDefinition } from '../support/registry-client.ts';
import { frame, SidecarBench } from '../support/sidecar-bench.ts';

const symbols: Readonly<Record<string, string>> = {
  ERR12206: 'SERIALIZE_SCHEMA_EXCEPTION',
  ERR12208: 'SCHEMA_MANAGER_EXCEPTION',
  ERR12210: 'SCHEMA_ID_AND_VERSION_CONFLICT',
  ERR12211: 'SCHEMA_ID_AND_RAW_SCHEMA_CONFLICT',
  ERR12213: 'SCHEMA_VERSION_AND_RAW_SCHEMA_CONFLICT',
  ERR12214: 'RAW_SCHEMA_WITHOUT_FORMAT',
};
const $schema = 'http://json-schema.org/draft-07/schema#';
const count = { type: 'record', name: 'Count', fields: [{ name: 'count', type: 'int' }] };
const total = { type: 'record', name: 'Count', fields: [{ name: 'total', type: 'int' }] };
const avro = { schema: count };
const json = {
  schemaType: 'JSON' as const,
  schema: { $schema, type: 'object', properties: { count: { type: 'integer' } }, additionalProperties: false },
};
const protobuf = { schemaType: 'PROTOBUF' as const, schema: 'syntax = "proto3"; message Count { int32 count = 1; }' };
const record = { value: { count: 1 } };

let bench: SidecarBench;
/** Does not register schemas. */
let strictUrl: string;

beforeAll(async () => {
  bench = await SidecarBench.start();
  strictUrl = await bench.another({ SCHEMA_REGISTRY_AUTO_REGISTER_SCHEMAS: 'false' });
}, 60_000);

afterAll(() => bench?.close(), 60_000);

/** Expects 400 with this whole body, and that nothing was written. */
async function expectRefused(topic: string, body: unknown, code: string, description: string, url = bench.url) {
  const answer = await call('POST', `${url}/producers/${topic}`, body);
  expect({ status: answer.status, body: answer.body }).toEqual({
    status: 400,
    body: errorBody(400, code, symbols[code]!, description),
  });
  expect(await bench.size(topic)).toBe(0);
}

describe('a value that does not fit its schema (ERR12206)', () => {
  const good = { value: { count: 1 } };
  test.each([
    ['jsonschema', json, 'expected type: Integer, found: String'],
    ['avro', avro, 'expected type: int, found: String'],
    ['protobuf', protobuf, 'cannot decode field Count.count from JSON: expected number (int32), got "abc"'],
  ] as const)('is told with its format, place, index and side: %s', async (format, definition, reason) => {
    const { topic } = await bench.topicWith(definition);
    await expectRefused(
      topic,
      { records: [good, good, { value: { count: 'abc' } }] },
      'ERR12206',
      `Unexpected exception in serializing ${format} format with message #/count: ${reason}, index in batch : 2 (value). Nothing was produced`,
    );
  });

  test('is told of a key, too', async () => {
    const { topic } = await bench.topicWith(json, { schemaType: 'JSON', schema: { $schema, type: 'string' } });
    await expectRefused(
      topic,
      {
        records: [
          { key: 'a', ...good },
          { key: 1, ...good },
        ],
      },
      'ERR12206',
      'Unexpected exception in serializing jsonschema format with message #: expected type: String, found: Integer, index in batch : 1 (key). Nothing was produced',
    );
  });
});

describe('a schema that is not there (ERR12208)', () => {
  test('an id, a version and a subject that the registry does not have', async () => {
    const { topic } = await bench.topicWith(avro);
    const records = [record];
    await expectRefused(
      topic,
      { records, valueSchemaId: 2_000_000_000 },
      'ERR12208',
      'schema id 2000000000 is not known to the schema registry (40403)',
    );
    await expectRefused(
      topic,
      { records, valueSchemaVersion: 7 },
      'ERR12208',
      `subject ${topic}-value has no version 7 in the schema registry (40402)`,
    );
    const absent = randomName('absent');
    await expectRefused(
      topic,
      { records, valueSchemaSubject: absent },
      'ERR12208',
      `subject ${absent} has no schema in the schema registry (40401)`,
    );
    await expectRefused(
      topic,
      { records: [{ key: 'k', ...record }] },
      'ERR12208',
      `subject ${topic}-key has no schema in the schema registry (40401)`,
    );
  });

  test('an id of another subject', async () => {
    const { topic } = await bench.topicWith(avro);
    const { valueId } = await bench.topicWith({ schema: { ...total, name: randomName('T').replace('-', '_') } });
    await expectRefused(
      topic,
      { records: [{ value: { total: 1 } }], valueSchemaId: valueId },
      'ERR12208',
      `schema id ${valueId} is not registered under subject ${topic}-value`,
    );
  });

  test('a subject is found within about a second of its registration', async () => {
    const topic = await bench.newTopic('later');
    expect(await bench.produce(topic, { records: [record] })).toMatchObject({ status: 400 });
    await bench.registry.register({ subject: `${topic}-value`, ...avro });
    const begunAt = performance.now();
    let status = 0;
    while (status !== 200 && performance.now() - begunAt < 3_000) {
      ({ status } = await bench.produce(topic, { records: [record] }));
    }
    expect(status).toBe(200);
    expect(performance.now() - begunAt).toBeLessThan(1_500);
  });
});

describe('a schema given as text', () => {
  const texts = [
    ['AVRO', '{"type":"record"}', /^the given schema is no valid Avro schema: /],
    ['AVRO', 'not JSON', /^the given schema is no valid Avro schema: /],
    ['JSONSCHEMA', '{"type":"nothing"}', /^the given schema is no valid JSON Schema: /],
    ['JSONSCHEMA', '[1]', /^the given schema is no valid JSON Schema: /],
    ['PROTOBUF', 'message {', /^the given schema is no valid Protobuf schema: /],
    ['PROTOBUF', 'syntax = "proto3";', /^the given schema is no valid Protobuf schema: /],
  ] as const;
  test.each(texts)('that is none of its type is refused: %s %s', async (valueFormat, valueSchema, description) => {
    const topic = await bench.newTopic('raw');
    await expectRefused(
      topic,
      { records: [record], valueFormat, valueSchema },
      'ERR12208',
      expect.stringMatching(description) as unknown as string,
    );
    expect((await call('GET', `${bench.registry.url}/subjects/${topic}-value/versions`)).status).toBe(404);
  });

  test('that is not compatible with the subject is refused with the registry’s words', async () => {
    const { topic } = await bench.topicWith(avro);
    await expectRefused(
      topic,
      { records: [{ value: { total: 1 } }], valueFormat: 'AVRO', valueSchema: JSON.stringify(total) },
      'ERR12208',
      expect.stringMatching(
        new RegExp(`^the schema registry refuses the schema for subject ${topic}-value \\(409\\): .*`, 's'),
      ) as unknown as string,
    );
    expect((await call('GET', `${bench.registry.url}/subjects/${topic}-value/versions`)).body).toEqual([1]);
  });

  test('is registered, and its id answered; the same text again makes no second version', async () => {
    const topic = await bench.newTopic('raw');
    const body = { records: [record], valueFormat: 'AVRO', valueSchema: JSON.stringify(count) };
    const { body: answer } = await bench.produce(topic, body);
    const { value_schema_id: id } = answer as { value_schema_id: number };
    expect(answer).toEqual({ offsets: [{ partition: 0, offset: 0 }], value_schema_id: id, requestStatus: 'OK' });
    expect((await bench.produce(topic, body)).body).toMatchObject({ value_schema_id: id });
    expect((await bench.stored(topic, 2)).map(({ value }) => value)).toEqual([frame(id, 2), frame(id, 2)]);
    expect((await call('GET', `${bench.registry.url}/subjects/${topic}-value/versions`)).body).toEqual([1]);
  });

  test('is not registered where auto.register.schemas is false; one that is there is used', async () => {
    const topic = await bench.newTopic('strict');
    const body = { records: [record], valueFormat: 'AVRO', valueSchema: JSON.stringify(count) };
    await expectRefused(
      topic,
      body,
      'ERR12208',
      `the schema is not registered under subject ${topic}-value, and schema.registry.auto.register.schemas is false`,
      strictUrl,
    );
    expect((await call('GET', `${bench.registry.url}/subjects/${topic}-value/versions`)).status).toBe(404);
    const known = await bench.topicWith(avro);
    const { status, body: answer } = await call('POST', `${strictUrl}/producers/${known.topic}`, body);
    expect([status, answer]).toEqual([
      200,
      { offsets: [{ partition: 0, offset: 0 }], value_schema_id: known.valueId, requestStatus: 'OK' },
    ]);
  });
});

describe('coordinates that exclude each other', () => {
  const text = JSON.stringify(count);
  test.each(['key', 'value'] as const)('are refused, whatever the registry has: %s', async (side) => {
    const topic = await bench.newTopic('conflict');
    const [id, version, schema, format] = ['SchemaId', 'SchemaVersion', 'Schema', 'Format'].map((name) => side + name);
    const both = (one: string, other: string) => `${one} and ${other} exclude each other; give one of them`;
    const body = (fields: object) => ({ records: [{ [side]: { count: 1 } }], ...fields });
    await expectRefused(topic, body({ [id!]: 1, [version!]: 1 }), 'ERR12210', both(id!, version!));
    const idAndText = { [id!]: 1, [schema!]: text, [format!]: 'AVRO' };
    await expectRefused(topic, body(idAndText), 'ERR12211', both(id!, schema!));
    const versionAndText = { [version!]: 1, [schema!]: text, [format!]: 'AVRO' };
    await expectRefused(topic, body(versionAndText), 'ERR12213', both(version!, schema!));
    await expectRefused(
      topic,
      body({ [schema!]: text }),
      'ERR12214',
      `${schema} needs ${format}: AVRO, JSONSCHEMA or PROTOBUF`,
    );
  });
});

test('coordinates of values that exclude each other are told whether or not it is remembered that the keys have no schema', async () => {
  // The remembered refusal of the keys was thrown before the values were looked at.
  const topic = await bench.newTopic('conflict');
  const body = { records: [{ key: 'k', ...record }], valueSchemaId: 1, valueSchemaVersion: 1 };
  const { body: cold } = await bench.produce(topic, body);
  expect(await bench.produce(topic, { records: [{ key: 'k' }] })).toMatchObject({ body: { code: 'ERR12208' } });
  const { body: warm } = await bench.produce(topic, body);
  expect([cold, warm]).toMatchObject([{ code: 'ERR12210' }, { code: 'ERR12210' }]);
});

describe('the type of the registered schema', () => {
  const types: readonly (readonly [string, Omit<SchemaDefinition, 'subject'>, readonly number[]])[] = [
    ['AVRO', avro, [2]],
    ['JSONSCHEMA', json, [...Buffer.from('{"count":1}')]],
    ['PROTOBUF', protobuf, [0, 8, 1]],
  ];
  test.each(types)('goes before the schema format of the request: %s', async (_, definition, bytes) => {
    const { topic, valueId } = await bench.topicWith(definition);
    for (const valueFormat of ['AVRO', 'JSONSCHEMA', 'PROTOBUF', undefined])
      expect(await bench.produce(topic, { valueFormat, records: [record] })).toMatchObject({
        status: 200,
        body: { value_schema_id: valueId },
      });
    const values = (await bench.stored(topic, 4)).map(({ value }) => value);
    expect(values).toEqual(values.map(() => frame(valueId, ...bytes)));
  });
});

describe('what needs no registry', () => {
  test('formats without schemas, tombstones and null keys are written while no registry is there', async () => {
    const url = await bench.another({ SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' });
    const topic = await bench.newTopic('without');
    const ids = {
      keySchemaId: 1,
      valueSchemaId: 2,
      keySchemaVersion: 3,
      valueSchema: '"none"',
      valueSchemaSubject: 'x',
    };
    const produce = async (body: object) => {
      const answer = await call('POST', `${url}/producers/${topic}`, body);
      return [answer.status, answer.body];
    };
    const ok = (offset: number) => [200, { offsets: [{ partition: 0, offset }], requestStatus: 'OK' }];
    const formats = ['BINARY', 'STRING', 'JSON'];
    for (const [offset, format] of formats.entries())
      expect(await produce({ format, records: [{ key: 'YWJj', value: 'YWJj' }], ...ids })).toEqual(ok(offset));
    expect(await produce({ records: [{}] })).toEqual(ok(3));
    expect(await produce({ keyFormat: 'string', records: [{ key: 'gone', value: null }] })).toEqual(ok(4));
    expect(await produce({ records: [{ key: null, value: null }] })).toEqual(ok(5));
    expect(await produce({ records: [{ value: 1 }] })).toMatchObject([503, { code: 'ERR12229' }]);
    const stored = await bench.stored(topic, 6);
    expect(stored.map(({ key, value }) => [key?.toString() ?? null, value?.toString() ?? null])).toEqual([
      ['abc', 'abc'],
      ['YWJj', 'YWJj'],
      ['"YWJj"', '"YWJj"'],
      [null, null],
      ['gone', null],
      [null, null],
    ]);
  });
});
