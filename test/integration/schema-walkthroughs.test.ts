// Walkthroughs A to F and I of light-4j's Kafka sidecar, with the topics, bodies and sample schemas as they stand there; only
// ids, offsets and timestamps vary. In F a record without a traceability id of its own carries the request's.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReadRecord } from '../support/active-consumer.ts';
import { eventually } from '../support/eventually.ts';
import { call, errorBody, type HttpAnswer } from '../support/http.ts';
import { randomName } from '../support/names.ts';
import { readLog } from '../support/read-log.ts';
import { frame, headerTexts, SidecarBench } from '../support/sidecar-bench.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const generatedId = /^[A-Za-z0-9_-]{22}$/;
const bodyA =
  '{"records":[{"key":"alice","value":{"count":2}},{"key":"john","value":{"count":1}},{"key":"alex","value":{"count":2}}]}';

let bench: SidecarBench;
/** As `npm run schemas` prints them, by subject. */
let ids: ReadonlyMap<string, number>;

beforeAll(async () => {
  bench = await SidecarBench.start();
  ids = await registeredExamples(bench.registry.url);
  await Promise.all(['test1', 'test2', 'test3', 'test4'].map(provideTopic));
}, 60_000);

afterAll(() => bench?.close(), 60_000);

async function registeredExamples(registry: string): Promise<Map<string, number>> {
  const program = ['scripts/register-schemas.mjs', `--registry=${registry}`];
  const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: root });
  const lines = stdout.trimEnd().split('\n');
  return new Map(lines.map((line) => line.split(/ {2,}/)).map(([subject, , id]) => [subject!, Number(id)]));
}

/** The names are those of the walkthroughs, and a broker that runs already may have them. */
async function provideTopic(topic: string): Promise<void> {
  await bench.kafka.createTopic(topic).catch((error: unknown) => {
    if (!String(error).includes('already exists')) throw error;
  });
}

/** Checks the answer of three records and returns them as they lie in the topic. */
async function storedRecords(topic: string, { status, body }: HttpAnswer, answeredIds: object) {
  const { offsets } = body as { offsets: readonly { offset: number }[] };
  const first = offsets[0]!.offset;
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      offsets: [0, 1, 2].map((place) => ({ partition: 0, offset: first + place })),
      ...answeredIds,
      requestStatus: 'OK',
    },
  });
  return (await readLog(bench.kafka.bootstrap, topic, 1)).slice(first, first + 3);
}

const id = (subject: string) => ids.get(subject)!;
const framed = (schemaId: number, text: string) => Buffer.concat([frame(schemaId), Buffer.from(text)]);
const onlyCorrelationId = [['X-Correlation-Id', expect.stringMatching(generatedId)]];

describe('the sample schemas', () => {
  test('are of the subjects of the walkthroughs', () => {
    expect([...ids.keys()]).toEqual([
      'original.account-value',
      'test1-key',
      'test1-value',
      'test2-key',
      'test2-value',
      'test3-key',
      'test3-value',
      'test4-value',
      'transformed.account-value',
    ]);
  });
});

describe('walkthrough A, JSON Schema', () => {
  test('answers offsets and both ids, and writes the frame and the text of each key and value', async () => {
    const [key, value] = [id('test1-key'), id('test1-value')];
    const answer = await bench.produce('test1', bodyA);
    const records = await storedRecords('test1', answer, { key_schema_id: key, value_schema_id: value });
    expect(records.map((record) => [record.key, record.value, headerTexts(record)])).toEqual([
      [framed(key, '"alice"'), framed(value, '{"count":2}'), onlyCorrelationId],
      [framed(key, '"john"'), framed(value, '{"count":1}'), onlyCorrelationId],
      [framed(key, '"alex"'), framed(value, '{"count":2}'), onlyCorrelationId],
    ]);
    expect(new Set(records.map((record) => headerTexts(record)[0]![1]))).toEqual(
      new Set([answer.headers['x-correlation-id']]),
    );
  });
});

describe('walkthrough B, Avro', () => {
  test('needs no format: the registered type decides', async () => {
    const [key, value] = [id('test2-key'), id('test2-value')];
    const answer = await bench.produce(
      'test2',
      '{"records":[{"key":"Alex","value":{"count":0}},{"key":"Alice","value":{"count":1}},{"key":"Bob","value":{"count":2}}]}',
    );
    const records = await storedRecords('test2', answer, { key_schema_id: key, value_schema_id: value });
    expect(records.map((record) => [record.key, record.value, headerTexts(record)])).toEqual([
      [framed(key, '\u0008Alex'), frame(value, 0), onlyCorrelationId],
      [framed(key, '\u000aAlice'), frame(value, 2), onlyCorrelationId],
      [framed(key, '\u0006Bob'), frame(value, 4), onlyCorrelationId],
    ]);
  });
});

describe('walkthrough C, Protobuf', () => {
  test('writes the message index of the first message behind the id', async () => {
    const [key, value] = [id('test3-key'), id('test3-value')];
    const answer = await bench.produce(
      'test3',
      '{"records":[{"key":{"name":"Alex"},"value":{"count":0}},{"key":{"name":"Alice"},"value":{"count":1}},{"key":{"name":"Bob"},"value":{"count":2}}]}',
    );
    const records = await storedRecords('test3', answer, { key_schema_id: key, value_schema_id: value });
    expect(records.map((record) => [record.key, record.value, headerTexts(record)])).toEqual([
      [framed(key, '\u0000\u000a\u0004Alex'), frame(value, 0), onlyCorrelationId],
      [framed(key, '\u0000\u000a\u0005Alice'), frame(value, 0, 8, 1), onlyCorrelationId],
      [framed(key, '\u0000\u000a\u0003Bob'), frame(value, 0, 8, 2), onlyCorrelationId],
    ]);
  });
});

describe('walkthrough D, text keys and values with a schema', () => {
  test('answers no key_schema_id and writes the keys as they are', async () => {
    const url = await bench.another({ KAFKA_PRODUCER_KEYFORMAT: 'string' });
    const value = id('test4-value');
    const answer = await call('POST', `${url}/producers/test4`, bodyA);
    const records = await storedRecords('test4', answer, { value_schema_id: value });
    expect(records.map((record) => [record.key, record.value, headerTexts(record)])).toEqual([
      [Buffer.from('alice'), framed(value, '{"count":2}'), onlyCorrelationId],
      [Buffer.from('john'), framed(value, '{"count":1}'), onlyCorrelationId],
      [Buffer.from('alex'), framed(value, '{"count":2}'), onlyCorrelationId],
    ]);
  });
});

describe('walkthrough E, an invalid record', () => {
  test('is told with its place in the value and its index, and nothing is produced', async () => {
    const before = await bench.size('test1');
    const { status, headers, body } = await bench.produce(
      'test1',
      '{"records":[{"key":"alice","value":{"count":2},"traceabilityId":"alice-id"},{"key":"john","value":{"count":"abc"},"traceabilityId":"john-id"},{"value":{"count":2}}]}',
      { headers: { 'X-Traceability-Id': 'common-id' } },
    );
    const description =
      'Unexpected exception in serializing jsonschema format with message #/count: expected type: Integer, found: String';
    expect({ status, body }).toEqual({
      status: 400,
      body: errorBody(
        400,
        'ERR12206',
        'SERIALIZE_SCHEMA_EXCEPTION',
        `${description}, index in batch : 1 (value). Nothing was produced`,
      ),
    });
    expect(headers['x-traceability-id']).toBe('common-id');
    expect(await bench.size('test1')).toBe(before);
  });
});

describe('walkthrough F, a schema by version or id, and traceability', () => {
  test.each([
    ['"valueSchemaVersion":1', () => '"valueSchemaVersion":1'],
    ['"valueSchemaId":13', () => `"valueSchemaId":${id('test1-value')}`],
  ])('with %s each record has its own id or that of the request', async (_, coordinate) => {
    const answer = await bench.produce(
      'test1',
      `{"records":[{"key":"alice","value":{"count":2},"traceabilityId":"alice-id"},{"key":"john","value":{"count":1},"traceabilityId":"john-id"},{"key":"alex","value":{"count":2}}],${coordinate()}}`,
      { headers: { 'X-Traceability-Id': 'common-id' } },
    );
    const [key, value] = [id('test1-key'), id('test1-value')];
    const records = await storedRecords('test1', answer, { key_schema_id: key, value_schema_id: value });
    const traced = (traceabilityId: string) => [['X-Traceability-Id', traceabilityId], ...onlyCorrelationId];
    expect(records.map((record) => [record.key, record.value, headerTexts(record)])).toEqual([
      [framed(key, '"alice"'), framed(value, '{"count":2}'), traced('alice-id')],
      [framed(key, '"john"'), framed(value, '{"count":1}'), traced('john-id')],
      [framed(key, '"alex"'), framed(value, '{"count":2}'), traced('common-id')],
    ]);
  });
});

describe('walkthrough I, an active consumer', () => {
  test.each([
    '{"format":"jsonschema"}',
    '{"format":"jsonschema","auto.offset.reset":"earliest","auto.commit.enable":"false"}',
    '{"keyFormat":"JSONSCHEMA","valueFormat":"JSONSCHEMA"}',
    '{}',
  ])('created with %s: subscribes, reads what A wrote and commits', async (options) => {
    const group = randomName('testgroup');
    const { body } = await bench.produce('test1', bodyA);
    const first = (body as { offsets: readonly { offset: number }[] }).offsets[0]!.offset;

    const created = await call('POST', `${bench.url}/consumers/${group}`, options);
    const { instance_id, base_uri } = created.body as { instance_id: string; base_uri: string };
    expect([created.status, created.body]).toEqual([
      200,
      {
        instance_id: expect.stringMatching(/^rest-consumer-id-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        base_uri: `/consumers/${group}/instances/${instance_id}`,
      },
    ]);
    const base = bench.url + base_uri;
    const subscribed = await call('POST', `${base}/subscriptions`, '{"topics":["test1"]}');
    expect([subscribed.status, subscribed.body]).toEqual([204, undefined]);

    const records: ReadRecord[] = [];
    await eventually(async () => {
      records.push(...((await call('GET', `${base}/records?format=jsonschema`)).body as ReadRecord[]));
      expect(records.length).toBeGreaterThanOrEqual(first + 3);
    });
    expect(records.slice(first)).toEqual(
      ['alice', 'john', 'alex'].map((key, place) => ({
        topic: 'test1',
        key,
        value: { count: key === 'john' ? 1 : 2 },
        headers: { 'X-Correlation-Id': expect.stringMatching(generatedId) },
        partition: 0,
        offset: first + place,
        timestamp: expect.any(Number),
      })),
    );

    const offset = first + 2;
    const committed = await call('POST', `${base}/offsets`, { offsets: [{ topic: 'test1', partition: 0, offset }] });
    expect([committed.status, committed.body]).toEqual([200, []]);
    const kept = await call('PUT', `${base}/offsets`, { partitions: [{ topic: 'test1', partition: 0 }] });
    expect(kept.body).toEqual({ offsets: [{ topic: 'test1', partition: 0, offset: offset + 1, metadata: '' }] });
    expect((await call('DELETE', base)).status).toBe(204);
  });
});
