// The documented walkthroughs of light-4j's Kafka sidecar that need no schema, with their bodies as they stand there; A, F
// and I as a sidecar without a registry meets them. With schemas they stand in schema-walkthroughs.test.ts.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { call } from '../support/http.ts';
import type { ReadRecord } from '../support/active-consumer.ts';
import { randomName } from '../support/names.ts';
import { startRealKafka } from '../support/real-kafka.ts';
import { readTopic } from '../support/read-topic.ts';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';

const generatedId = /^[A-Za-z0-9_-]{22}$/;

let kafka: Awaited<ReturnType<typeof startRealKafka>>;
let sidecar: RunningSidecar;

beforeAll(async () => {
  kafka = await startRealKafka();
  sidecar = await startSidecar({ KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap });
}, 60_000);

afterAll(async () => {
  await sidecar?.stop();
  await kafka?.close();
}, 60_000);

async function newTopic(name: string): Promise<string> {
  const topic = randomName(name);
  await kafka.createTopic(topic);
  return topic;
}

const firstOffsets = (count: number) => Array.from({ length: count }, (_, offset) => ({ partition: 0, offset }));

async function stored(topic: string, count: number) {
  const records = await readTopic(kafka.bootstrap, topic, count);
  return records.map(({ key, value, headers }) => ({
    key: key?.toString(),
    value: value?.toString(),
    headers: Object.fromEntries(headers.map(([name, bytes]) => [name, bytes.toString()])),
  }));
}

describe('walkthrough A, records of a topic', () => {
  test('answers three consecutive offsets and OK', async () => {
    const topic = await newTopic('test1');
    const answer = await call(
      'POST',
      `${sidecar.url}/producers/${topic}`,
      '{"records":[{"key":"alice","value":{"count":2}},{"key":"john","value":{"count":1}},{"key":"alex","value":{"count":2}}]}',
    );
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ offsets: firstOffsets(3), requestStatus: 'OK' });
    expect((await stored(topic, 3)).map(({ key, value }) => [key, value])).toEqual([
      ['alice', '{"count":2}'],
      ['john', '{"count":1}'],
      ['alex', '{"count":2}'],
    ]);
  });
});

describe('walkthrough F without a registry', () => {
  test.each(['"valueSchemaVersion":1', '"valueSchemaId":13'])(
    'a json body may carry %s beside its records: no registry is asked',
    async (coordinate) => {
      const topic = await newTopic('test1');
      const answer = await call(
        'POST',
        `${sidecar.url}/producers/${topic}`,
        `{"records":[{"key":"alice","value":{"count":2},"traceabilityId":"alice-id"}],${coordinate}}`,
      );
      expect(answer.body).toEqual({ offsets: firstOffsets(1), requestStatus: 'OK' });
    },
  );

  test('without the request header a record has a correlation id only', async () => {
    const topic = await newTopic('test1');
    await call('POST', `${sidecar.url}/producers/${topic}`, '{"records":[{"key":"alex","value":{"count":2}}]}');
    const [record] = await stored(topic, 1);
    expect(record!.headers).toEqual({ 'X-Correlation-Id': expect.stringMatching(generatedId) });
  });
});

describe('walkthroughs G and H, binary data', () => {
  const bodyG =
    '{"records":[{"key":"alice","value":"YWJj"},{"key":"john","value":"ZGVm"},{"key":"alex","value":"eHl6"}]}';
  const bodyH =
    '{"records":[{"key":"YWxpY2U=","value":"abc"},{"key":"am9obg==","value":"def"},{"key":"YWxleA==","value":"xyz"}]}';
  const people = [
    ['alice', 'abc'],
    ['john', 'def'],
    ['alex', 'xyz'],
  ];

  async function produced(body: string, env: Readonly<Record<string, string>>) {
    const configured = await startSidecar({ KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap, ...env });
    try {
      const topic = await newTopic('test6');
      const answer = await call('POST', `${configured.url}/producers/${topic}`, body);
      expect(answer).toMatchObject({ status: 200, body: { offsets: firstOffsets(3), requestStatus: 'OK' } });
      return { topic, texts: (await stored(topic, 3)).map(({ key, value }) => [key, value]) };
    } finally {
      await configured.stop();
    }
  }

  test('G: base64 values are stored as their bytes, and a reader with the same formats sees the base64 again', async () => {
    const env = { KAFKA_PRODUCER_KEYFORMAT: 'string', KAFKA_PRODUCER_VALUEFORMAT: 'binary' };
    const { topic, texts } = await produced(bodyG, env);
    expect(texts).toEqual(people);
    const records = await readFirst(topic, 3, { keyFormat: 'string', valueFormat: 'binary' });
    expect(records.map(({ key, value }) => ({ key, value }))).toEqual(JSON.parse(bodyG).records);
  });

  test('H: base64 keys are stored as their bytes, and a reader with the same formats sees the base64 again', async () => {
    const env = { KAFKA_PRODUCER_KEYFORMAT: 'binary', KAFKA_PRODUCER_VALUEFORMAT: 'string' };
    const { topic, texts } = await produced(bodyH, env);
    expect(texts).toEqual(people);
    const records = await readFirst(topic, 3, { keyFormat: 'binary', valueFormat: 'string' });
    expect(records.map(({ key, value }) => ({ key, value }))).toEqual(JSON.parse(bodyH).records);
  });

  test('H under string formats: the same body passes as plain text', async () => {
    const env = { KAFKA_PRODUCER_KEYFORMAT: 'string', KAFKA_PRODUCER_VALUEFORMAT: 'string' };
    expect((await produced(bodyH, env)).texts).toEqual([
      ['YWxpY2U=', 'abc'],
      ['am9obg==', 'def'],
      ['YWxleA==', 'xyz'],
    ]);
  });

  async function readFirst(topic: string, count: number, options: unknown): Promise<ReadRecord[]> {
    const created = await call('POST', `${sidecar.url}/consumers/${randomName('testgroup')}`, options);
    const base = sidecar.url + (created.body as { base_uri: string }).base_uri;
    await call('POST', `${base}/subscriptions`, { topics: [topic] });
    return readFrom(`${base}/records?timeout=1000`, count);
  }
});

async function readFrom(url: string, count: number): Promise<ReadRecord[]> {
  const records: ReadRecord[] = [];
  await eventually(async () => {
    records.push(...((await call('GET', url)).body as ReadRecord[]));
    expect(records).toHaveLength(count);
  });
  return records;
}

describe('walkthrough I, an active consumer', () => {
  test('subscribes, reads, commits, and another reader goes on behind the commit', async () => {
    const options =
      '{"keyFormat":"string","valueFormat":"json","auto.offset.reset":"earliest","auto.commit.enable":"false"}';
    const topic = await newTopic('test1');
    const group = randomName('testgroup');
    const body = {
      keyFormat: 'string',
      valueFormat: 'json',
      records: [
        { key: 'alice', value: { count: 2 } },
        { key: 'john', value: { count: 1 } },
        { key: 'alex', value: { count: 2 } },
      ],
    };
    expect((await call('POST', `${sidecar.url}/producers/${topic}`, body)).status).toBe(200);

    const created = await call('POST', `${sidecar.url}/consumers/${group}`, options);
    expect(created.status).toBe(200);
    const { instance_id, base_uri } = created.body as { instance_id: string; base_uri: string };
    expect(created.body).toEqual({
      instance_id: expect.stringMatching(/^rest-consumer-id-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      base_uri: `/consumers/${group}/instances/${instance_id}`,
    });
    const base = sidecar.url + base_uri;

    const subscribed = await call('POST', `${base}/subscriptions`, `{"topics":["${topic}"]}`);
    expect([subscribed.status, subscribed.body]).toEqual([204, undefined]);

    const records = await readFrom(`${base}/records?format=json`, 3);
    expect(records).toEqual(
      ['alice', 'john', 'alex'].map((name, offset) => ({
        topic,
        key: name,
        value: { count: name === 'john' ? 1 : 2 },
        headers: { 'X-Correlation-Id': expect.stringMatching(generatedId) },
        partition: 0,
        offset,
        timestamp: expect.any(Number),
      })),
    );

    const committed = await call('POST', `${base}/offsets`, {
      offsets: [{ topic, partition: 0, offset: records[1]!.offset }],
    });
    expect([committed.status, committed.body]).toEqual([200, []]);

    expect((await call('DELETE', base)).status).toBe(204);
    const next = await call('POST', `${sidecar.url}/consumers/${group}`, options);
    const nextBase = sidecar.url + (next.body as { base_uri: string }).base_uri;
    await call('POST', `${nextBase}/subscriptions`, { topics: [topic] });
    expect((await readFrom(`${nextBase}/records`, 1))[0]).toMatchObject({ key: 'alex', offset: 2 });
  });
});
