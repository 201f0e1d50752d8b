import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { call, type HttpAnswer } from '../support/http.ts';
import { Ledger, noContradictions } from '../support/ledger.ts';
import { addPartitions } from '../support/topic-admin.ts';
import { randomName } from '../support/names.ts';
import { Pipeline } from '../support/pipeline.ts';
import { readLog } from '../support/read-log.ts';
import { startRealKafka, type TopicOptions } from '../support/real-kafka.ts';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';

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

async function newTopic(options?: TopicOptions): Promise<string> {
  const topic = randomName('produce');
  await kafka.createTopic(topic, options);
  return topic;
}

const produce = (topic: string, records: readonly object[], query = ''): Promise<HttpAnswer> =>
  call('POST', `${sidecar.url}/producers/${topic}${query}`, { records });

async function timed(answering: Promise<HttpAnswer>): Promise<{ answer: HttpAnswer; ms: number }> {
  const begunAt = performance.now();
  const answer = await answering;
  return { answer, ms: performance.now() - begunAt };
}

const valuesOf = async (topic: string, partitions = 1) =>
  (await readLog(kafka.bootstrap, topic, partitions)).map(({ value }) => JSON.parse(value!.toString()) as unknown);

const sortedValuesOf = async (topic: string) => (await valuesOf(topic)).map(String).toSorted();

describe('a topic that does not exist', () => {
  test('is 404 within 1 s, and never a delay for the records of another', async () => {
    const good = await newTopic({ partitions: 4 });
    await produce(good, [{ value: 0 }]);
    const bad = Array.from({ length: 5 }, (_, i) => timed(produce(randomName(`missing-${i}`), [{ value: 1 }])));
    const fast = await Promise.all(Array.from({ length: 20 }, (_, value) => timed(produce(good, [{ value }]))));
    expect(fast.map(({ answer }) => answer.status)).toEqual(fast.map(() => 200));
    expect(Math.max(...fast.map(({ ms }) => ms))).toBeLessThan(300);
    for (const { answer, ms } of await Promise.all(bad)) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'ERR12219', severity: 'ERROR' } });
      expect(ms).toBeLessThan(1_000);
    }
  });

  test('is usable within about a second of its creation', async () => {
    const topic = randomName('later');
    expect((await produce(topic, [{ value: 'too early' }])).status).toBe(404);
    await kafka.createTopic(topic);
    await eventually(async () => expect((await produce(topic, [{ value: 'in time' }])).status).toBe(200), {
      timeoutMs: 1_500,
    });
    expect(await valuesOf(topic)).toEqual(['in time']);
  });
});

describe('a topic with a small max.message.bytes', () => {
  const small = { config: { 'max.message.bytes': '2000' } };

  test('takes the neighbours of a record that is too large: 207, in request order', async () => {
    const topic = await newTopic(small);
    const big = 'x'.repeat(3_000);
    const answer = await produce(topic, [{ value: 'a' }, { value: big }, { value: 'c' }, { value: 'd' }]);
    expect(answer.status).toBe(207);
    expect(answer.body).toEqual({
      offsets: [
        { partition: 0, offset: expect.any(Number) },
        { errorCode: 41301, error: expect.any(String) },
        { partition: 0, offset: expect.any(Number) },
        { partition: 0, offset: expect.any(Number) },
      ],
      requestStatus: 'PARTIAL',
    });
    expect(await sortedValuesOf(topic)).toEqual(['a', 'c', 'd']);
  });

  test('answers 413 for a single record that is too large, and writes nothing', async () => {
    const topic = await newTopic(small);
    const answer = await produce(topic, [{ value: 'x'.repeat(3_000) }]);
    expect(answer).toMatchObject({
      status: 413,
      body: { code: 'ERR12231', offsets: [{ errorCode: 41301 }], requestStatus: 'FAILED' },
    });
    expect(await valuesOf(topic)).toEqual([]);
  });

  test('takes all records of a request that is too large only as a whole: 200', async () => {
    const topic = await newTopic(small);
    const records = Array.from({ length: 30 }, (_, i) => ({ value: { id: String(i), pad: 'x'.repeat(900) } }));
    const ledger = new Ledger();
    const entry = ledger.begin(records.map(({ value }) => value.id));
    const { status, body } = await produce(topic, records);
    ledger.answered(entry, status, body);
    expect(ledger.statuses).toEqual({ '200': 1 });
    const { overtaking: _, ...rest } = noContradictions;
    expect(ledger.compare(await readLog(kafka.bootstrap, topic, 1))).toMatchObject(rest);
  });

  test('takes the records of concurrent requests, whatever batches they fall into', async () => {
    const topic = await newTopic(small);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => produce(topic, [{ value: String(i).padEnd(700, 'x') }])),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(await valuesOf(topic)).size).toBe(40);
  });
});

describe('a record that the broker refuses', () => {
  test.each([
    ['message.timestamp.before.max.ms', () => Date.now() - 3_600_000],
    ['message.timestamp.after.max.ms', () => Date.now() + 3_600_000],
  ])('for its timestamp (%s) is 400, and the next is written', async (name, timestamp) => {
    const topic = await newTopic({ config: { [name]: '60000' } });
    const answer = await produce(topic, [{ value: 1, timestamp: timestamp() }]);
    expect(answer).toMatchObject({ status: 400, body: { code: 'ERR12237', requestStatus: 'FAILED' } });
    expect((await produce(topic, [{ value: 2 }])).status).toBe(200);
    expect(await valuesOf(topic)).toEqual([2]);
  });

  test('for its timestamp does not take its neighbours along', async () => {
    const topic = await newTopic({ config: { 'message.timestamp.before.max.ms': '60000' } });
    const answer = await produce(topic, [{ value: 1 }, { value: 2, timestamp: 1 }, { value: 3 }]);
    expect(answer.status).toBe(207);
    expect(answer.body).toMatchObject({
      offsets: [{ partition: 0 }, { errorCode: 40001 }, { partition: 0 }],
      requestStatus: 'PARTIAL',
    });
    expect(await sortedValuesOf(topic)).toEqual(['1', '3']);
  });

  test('for its missing key in a compacted topic is 400; one with a key is written', async () => {
    const topic = await newTopic({ config: { 'cleanup.policy': 'compact' } });
    const answer = await produce(topic, [{ value: 1 }]);
    expect(answer).toMatchObject({ status: 400, body: { code: 'ERR12237', requestStatus: 'FAILED' } });
    expect((await produce(topic, [{ key: 'k', value: 2 }])).status).toBe(200);
    expect(await valuesOf(topic)).toEqual([2]);
  });

  test('for its missing key does not take its neighbours along', async () => {
    const topic = await newTopic({ config: { 'cleanup.policy': 'compact' } });
    const answer = await produce(topic, [{ key: 'a', value: 1 }, { value: 2 }, { key: 'c', value: 3 }]);
    expect(answer.status).toBe(207);
    expect(await sortedValuesOf(topic)).toEqual(['1', '3']);
  });
});

describe('requests at the same time as one with a record that the broker refuses', () => {
  test.each([
    ['timestamp', { 'message.timestamp.before.max.ms': '60000' }, { key: 'k', value: 'bad', timestamp: 1 }],
    ['missing key', { 'cleanup.policy': 'compact' }, { value: 'bad' }],
  ])('are written (its %s)', async (_, config, bad) => {
    const topic = await newTopic({ config });
    await produce(topic, [{ key: 'k', value: 'first' }]);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_ignored, i) => produce(topic, [i === 15 ? bad : { key: 'k', value: i }])),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map((_ignored, i) => (i === 15 ? 400 : 200)));
    expect(await valuesOf(topic)).toHaveLength(30);
  });
});

describe('timeoutMs', () => {
  test('does not disturb an answer that comes in time', async () => {
    const topic = await newTopic();
    expect((await produce(topic, [{ value: 1 }], '?timeoutMs=5000')).status).toBe(200);
  });

  test('of 1 ms is 504, unknown, or the answer; what was answered 200 is written', async () => {
    const topic = await newTopic();
    await produce(topic, [{ value: 'warm' }]);
    const ledger = new Ledger();
    for (let i = 0; i < 20; i++) {
      const entry = ledger.begin([`r${i}`]);
      const { status, body } = await produce(topic, [{ value: `r${i}` }], '?timeoutMs=1');
      ledger.answered(entry, status, body);
    }
    const expected = ['200', '504'];
    expect(Object.keys(ledger.statuses).filter((status) => !expected.includes(status))).toEqual([]);
    await produce(topic, [{ value: 'last' }]);
    expect(ledger.compare(await readLog(kafka.bootstrap, topic, 1))).toEqual({
      ...noContradictions,
      foreign: ['warm', 'last'],
    });
  });
});

describe('partitions', () => {
  test('added later are usable by number within about a second', async () => {
    const topic = await newTopic({ partitions: 2 });
    expect((await produce(topic, [{ value: 1, partition: 2 }])).status).toBe(404);
    await addPartitions(kafka.bootstrap, topic, 3);
    await eventually(
      async () =>
        expect(await produce(topic, [{ value: 1, partition: 2 }])).toMatchObject({
          status: 200,
          body: { offsets: [{ partition: 2, offset: 0 }] },
        }),
      { timeoutMs: 1_500 },
    );
  });
});

describe('order within a partition', () => {
  const slices = 4;

  test('is that of requests sent one after the other', async () => {
    const topic = await newTopic({ partitions: slices });
    const ledger = new Ledger();
    for (let i = 0; i < 400; i++) {
      const entry = ledger.begin([`${i}`], 'one');
      const { status, body } = await produce(topic, [{ key: `k${i % 9}`, value: `${i}` }]);
      ledger.answered(entry, status, body);
    }
    expect(ledger.compare(await readLog(kafka.bootstrap, topic, slices))).toEqual(noContradictions);
    expect(ledger.statuses).toEqual({ '200': 400 });
  });

  test('is that of requests pipelined on one connection, the first ones to a topic not looked up yet', async () => {
    const topic = await newTopic({ partitions: slices });
    const pipeline = await Pipeline.open(sidecar.url);
    const ledger = new Ledger();
    const answers = Array.from({ length: 1_000 }, async (_, i) => {
      const ids = Array.from({ length: (i % 3) + 1 }, (_ignored, k) => `${i}.${k}`);
      const entry = ledger.begin(ids, 'one');
      const records = ids.map((id, k) => ({ key: `k${(i + k) % 9}`, value: id }));
      const { status, body } = await pipeline.post(`/producers/${topic}`, JSON.stringify({ records }));
      ledger.answered(entry, status, body);
    });
    await Promise.all(answers);
    pipeline.close();
    expect(ledger.compare(await readLog(kafka.bootstrap, topic, slices))).toEqual(noContradictions);
    expect(ledger.statuses).toEqual({ '200': 1_000 });
  });
});
