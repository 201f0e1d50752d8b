import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { SidecarError } from '../../src/foundation/errors/sidecar-error.ts';
import { ActiveConsumerBench, produce, TestProducer } from '../support/active-consumer.ts';
import { startRealKafka } from '../support/real-kafka.ts';

let kafka: Awaited<ReturnType<typeof startRealKafka>>;
let bench: ActiveConsumerBench;

beforeAll(async () => {
  kafka = await startRealKafka();
  bench = await new ActiveConsumerBench({ bootstrapServers: kafka.bootstrap }).start();
}, 60_000);

afterAll(async () => {
  await bench.stop();
  await kafka.close();
}, 60_000);

async function newTopic(partitions = 1): Promise<string> {
  const topic = `read-${randomUUID()}`;
  await kafka.createTopic(topic, { partitions });
  return topic;
}

const values = (count: number, text = 'x') =>
  Array.from({ length: count }, (_, i) => ({ value: JSON.stringify(text + i) }));
const offsetsOf = (records: readonly { offset: number }[]) => records.map(({ offset }) => offset);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('readRecords', () => {
  test('answers key, value, headers, partition, offset and timestamp of each record', async () => {
    const topic = await newTopic();
    const reader = await bench.subscribed(randomUUID(), [topic]);
    await produce(kafka.bootstrap, topic, [
      {
        key: 'k',
        value: '{"n":9223372036854775807,"d":1.0}',
        timestamp: 1_700_000_000_000,
        headers: [{ 'X-Correlation-Id': 'own' }, { h: 'é' }],
      },
      { value: 'null', timestamp: 1_700_000_000_001 },
      { key: 'gone', value: null, timestamp: 1_700_000_000_002 },
    ]);
    const { answer } = reader.open({ timeout: 10_000, max_records: 3 });
    const first = await answer;
    first.onSettled?.(true);
    let text = (first.body as Buffer).toString();
    while (JSON.parse(text).length < 3) {
      const next = await reader.open({ timeout: 5_000 }).answer;
      next.onSettled?.(true);
      text = `${text.slice(0, -1)},${(next.body as Buffer).toString().slice(1)}`;
    }
    expect(text).toBe(
      `[{"topic":"${topic}","key":"k","value":{"n":9223372036854775807,"d":1.0},"headers":{"X-Correlation-Id":"own","h":"é"},"partition":0,"offset":0,"timestamp":1700000000000},` +
        `{"topic":"${topic}","value":null,"headers":{"X-Correlation-Id":"${topic}-0-1"},"partition":0,"offset":1,"timestamp":1700000000001},` +
        `{"topic":"${topic}","key":"gone","headers":{"X-Correlation-Id":"${topic}-0-2"},"partition":0,"offset":2,"timestamp":1700000000002}]`,
    );
  });

  test('wakes within milliseconds of an append', async () => {
    const topic = await newTopic();
    const reader = await bench.subscribed(randomUUID(), [topic]);
    const producer = await TestProducer.connect(kafka.bootstrap);
    await producer.send(topic, values(1));
    await reader.readAll(1);
    const waits: number[] = [];
    for (let i = 0; i < 20; i++) {
      const { answer } = reader.open({ timeout: 10_000 });
      await new Promise((resolve) => setTimeout(resolve, 30));
      const start = performance.now();
      await producer.send(topic, values(1));
      (await answer).onSettled?.(true);
      waits.push(performance.now() - start);
    }
    await producer.close();
    waits.sort((a, b) => a - b);
    expect(waits[10]).toBeLessThan(50);
  });

  test('takes at least one record however big, and keeps the rest for the next reads', async () => {
    const topic = await newTopic();
    const big = JSON.stringify('b'.repeat(5_000));
    await produce(kafka.bootstrap, topic, [
      { value: '"a"' },
      { value: big },
      { value: '"c"' },
      { value: big },
      { value: big },
    ]);
    const reader = await bench.subscribed(randomUUID(), [topic]);
    const reads: number[][] = [];
    while (reads.flat().length < 5) {
      const records = await reader.read({ timeout: 5_000, max_bytes: 1_000 });
      if (records.length > 0) reads.push(offsetsOf(records));
    }
    expect(reads).toEqual([[0], [1], [2], [3], [4]]);
  });

  test('keeps to max_bytes and max_records and leaves no gap', async () => {
    const topic = await newTopic();
    await produce(kafka.bootstrap, topic, values(2_000, 'v'.repeat(990)));
    const reader = await bench.subscribed(randomUUID(), [topic]);
    const read: number[] = [];
    while (read.length < 1_000) {
      const records = await reader.read({ timeout: 5_000, max_bytes: 10_000 });
      expect(records.length).toBeLessThanOrEqual(10);
      read.push(...offsetsOf(records));
    }
    while (read.length < 2_000) {
      const records = await reader.read({ timeout: 5_000, max_records: 7 });
      expect(records.length).toBeLessThanOrEqual(7);
      read.push(...offsetsOf(records));
    }
    expect(read).toEqual(range(0, 2_000));
  });

  test('does not answer a backlog in tiny batches', async () => {
    const topic = await newTopic();
    await produce(kafka.bootstrap, topic, values(10_000, 'v'.repeat(990)));
    const reader = await bench.subscribed(randomUUID(), [topic]);
    let reads = 0;
    let count = 0;
    while (count < 10_000) {
      const records = await reader.read({ timeout: 5_000 });
      count += records.length;
      if (records.length > 0) reads++;
    }
    expect(count).toBe(10_000);
    expect(reads).toBeLessThan(40);
  });

  test('waits for fetch.min.bytes, and answers less when the time is over', async () => {
    const topic = await newTopic();
    const reader = await bench.subscribed(randomUUID(), [topic], { 'fetch.min.bytes': 2_000 });
    await produce(kafka.bootstrap, topic, values(1));
    expect(offsetsOf(await reader.read({ timeout: 1_500 }))).toEqual([0]);
    const { answer } = reader.open({ timeout: 20_000 });
    const producer = await TestProducer.connect(kafka.bootstrap);
    await producer.send(topic, values(1));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await producer.send(topic, values(1, 'z'.repeat(3_000)));
    const { body, onSettled } = await answer;
    onSettled?.(true);
    expect(offsetsOf(JSON.parse((body as Buffer).toString()))).toEqual([1, 2]);
    await producer.close();
  });

  test('a record that is no JSON stands in its place between its neighbours', async () => {
    const topic = await newTopic();
    await produce(kafka.bootstrap, topic, [
      { value: '1' },
      { key: 'k', value: '{"cut":', timestamp: 1_700_000_000_000 },
      { key: Buffer.from([0xff, 0xfe]), value: '2', timestamp: 1_700_000_000_000 },
      { value: '3' },
    ]);
    const reader = await bench.subscribed(randomUUID(), [topic]);
    const records = await reader.readAll(4);
    expect(offsetsOf(records)).toEqual([0, 1, 2, 3]);
    expect(records[1]).toEqual({
      topic,
      partition: 0,
      offset: 1,
      timestamp: 1_700_000_000_000,
      headers: { 'X-Correlation-Id': `${topic}-0-1` },
      error: { code: 'ERR12205', description: 'the value is not valid JSON' },
      keyBase64: 'aw==',
      valueBase64: Buffer.from('{"cut":').toString('base64'),
    });
    expect(records[2]).toMatchObject({ keyBase64: '//4=', error: { description: 'the key is not UTF-8 text' } });
    expect([records[0]?.value, records[3]?.value]).toEqual([1, 3]);
  });

  test('a reader that went away while waiting takes nothing', async () => {
    const topic = await newTopic();
    const reader = await bench.subscribed(randomUUID(), [topic]);
    const { request, answer } = reader.open({ timeout: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    request.abandon();
    expect((await answer).body).toBe('[]');
    await produce(kafka.bootstrap, topic, values(3));
    expect(offsetsOf(await reader.readAll(3))).toEqual([0, 1, 2]);
  });

  test('records whose answer was not handed over come again, in order, and are not committed', async () => {
    const topic = await newTopic();
    await produce(kafka.bootstrap, topic, values(10));
    const reader = await bench.subscribed(randomUUID(), [topic]);
    const lost = await reader.open({ timeout: 10_000, max_records: 4 }).answer;
    expect(JSON.parse((lost.body as Buffer).toString())).not.toHaveLength(0);
    lost.onSettled?.(false);
    await reader.commit();
    const committed = await reader.call('getCommittedOffsets', { partitions: [{ topic, partition: 0 }] });
    expect(committed.body).toEqual({ offsets: [] });
    expect(offsetsOf(await reader.readAll(10))).toEqual(range(0, 10));
  });

  test('a read after an answer that is still being sent waits for its fate', async () => {
    const topic = await newTopic();
    await produce(kafka.bootstrap, topic, values(4));
    const reader = await bench.subscribed(randomUUID(), [topic]);
    const first = await reader.open({ timeout: 10_000, max_records: 2 }).answer;
    const { answer } = reader.open({ timeout: 10_000 });
    setTimeout(() => first.onSettled?.(false), 100);
    const second = await answer;
    second.onSettled?.(true);
    expect(JSON.parse((second.body as Buffer).toString())[0].offset).toBe(0);
  });

  test('refuses a second read while one waits (409), and reading with nothing subscribed (409)', async () => {
    const topic = await newTopic();
    const reader = await bench.create(randomUUID());
    await expect(reader.read()).rejects.toMatchObject({
      code: 'ERR12222',
      status: 409,
    } satisfies Partial<SidecarError>);
    await reader.call('subscribe', { topics: [topic] });
    const { request, answer } = reader.open({ timeout: 60_000 });
    await expect(reader.read()).rejects.toMatchObject({ code: 'ERR12221', status: 409 });
    request.abandon();
    await answer;
  });

  test('timeout 0 answers at once what is there', async () => {
    const topic = await newTopic();
    const reader = await bench.subscribed(randomUUID(), [topic]);
    await produce(kafka.bootstrap, topic, values(1));
    await reader.readAll(1);
    const start = performance.now();
    expect(await reader.read({ timeout: 0 })).toEqual([]);
    expect(performance.now() - start).toBeLessThan(100);
  });

  test('a group that reads slowly and pauses loses and repeats nothing', async () => {
    const topic = await newTopic();
    await produce(kafka.bootstrap, topic, values(3_000, 'v'.repeat(990)));
    const reader = await bench.subscribed(randomUUID(), [topic]);
    const read: number[] = [];
    while (read.length < 3_000) {
      read.push(...offsetsOf(await reader.read({ timeout: 5_000, max_bytes: 300_000 })));
      // Longer than the instance waits before it pauses its partitions.
      await new Promise((resolve) => setTimeout(resolve, 350));
    }
    expect(read).toEqual(range(0, 3_000));
  });
});
