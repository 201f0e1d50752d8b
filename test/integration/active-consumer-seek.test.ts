import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Answer } from '../../src/modules/module.ts';
import { ActiveConsumerBench, produce, type ReadRecord } from '../support/active-consumer.ts';
import { startRealKafka } from '../support/real-kafka.ts';

let kafka: Awaited<ReturnType<typeof startRealKafka>>;
let bench: ActiveConsumerBench;
/** Two partitions of 3000 records of 1 KiB; partition p's record i has the timestamp 1_700_000_000_000 + i. */
let topic: string;
const perPartition = 3_000;
const epoch = 1_700_000_000_000;

beforeAll(async () => {
  kafka = await startRealKafka();
  bench = await new ActiveConsumerBench({ bootstrapServers: kafka.bootstrap }).start();
  topic = `seek-${randomUUID()}`;
  await kafka.createTopic(topic, { partitions: 2 });
  const records = Array.from({ length: perPartition * 2 }, (_, i) => ({
    value: String(i).padEnd(1_000, '0'),
    partition: i % 2,
    timestamp: epoch + Math.floor(i / 2),
  }));
  await produce(kafka.bootstrap, topic, records);
}, 60_000);

afterAll(async () => {
  await bench.stop();
  await kafka.close();
}, 60_000);

/** The records of a read whose answer reaches the client. */
async function answered(answer: Promise<Answer>): Promise<ReadRecord[]> {
  const { body, onSettled } = await answer;
  onSettled?.(true);
  return JSON.parse(String(body)) as ReadRecord[];
}

const at = (partition: number) => ({ topic, partition });

describe('seek', () => {
  test('right after subscribing waits for the first assignment', async () => {
    const reader = await bench.subscribed(randomUUID(), [topic]);
    expect(
      await reader.call('seek', {
        offsets: [
          { ...at(0), offset: 2_990 },
          { ...at(1), offset: 2_995 },
        ],
      }),
    ).toEqual({ status: 204 });
    const records = await reader.readAll(15);
    expect(records.filter(({ partition }) => partition === 0)[0]?.offset).toBe(2_990);
    expect(records.filter(({ partition }) => partition === 1)[0]?.offset).toBe(2_995);
  });

  test('goes to offsets, timestamps, the first and the last record', async () => {
    const reader = await bench.create(randomUUID(), { 'auto.offset.reset': 'latest' });
    await reader.call('assign', { partitions: [at(0)] });
    const next = async () => (await reader.read({ timeout: 3_000, max_records: 1 }))[0]?.offset;
    await reader.call('seek', { offsets: [{ ...at(0), offset: 17 }] });
    expect(await next()).toBe(17);
    await reader.call('seek', { timestamps: [{ ...at(0), timestamp: epoch + 100 }] });
    expect(await next()).toBe(100);
    await reader.call('seekToFirst', { partitions: [at(0)] });
    expect(await next()).toBe(0);
    await reader.call('seekToLast', { partitions: [at(0)] });
    expect(await reader.read({ timeout: 300 })).toEqual([]);
    await reader.call('seek', { timestamps: [{ ...at(0), timestamp: epoch + 10_000_000 }] });
    expect(await reader.read({ timeout: 300 })).toEqual([]);
    await reader.call('seek', { offsets: [{ ...at(0), offset: 9_007_199_254_740_991 }] });
    expect(await reader.read({ timeout: 300 })).toEqual([]);
    await reader.call('seek', { timestamps: [{ ...at(0), timestamp: 0 }] });
    expect(await next()).toBe(0);
  });

  test('delivers no record from before it: 60 random seeks under a backlog', async () => {
    const reader = await bench.subscribed(randomUUID(), [topic]);
    await reader.readAll(10, 10_000, { max_records: 10 });
    for (let i = 0; i < 60; i++) {
      const partition = i % 2;
      const offset = Math.floor(Math.random() * (perPartition - 1));
      const waiting = i % 3 === 0 ? reader.open({ timeout: 5_000, max_bytes: 50_000 }) : undefined;
      const [sought, ...beside] = await Promise.all([
        reader.call('seek', { offsets: [{ ...at(partition), offset }] }),
        ...(waiting === undefined ? [] : [answered(waiting.answer)]),
      ]);
      expect(sought.status).toBe(204);
      // A read that ran beside the seek may have taken records from before it, or the first ones after it.
      const offsets = beside.flat().flatMap((record) => (record.partition === partition ? [record.offset] : []));
      if (offsets.includes(offset)) continue;
      let first: number | undefined;
      while (first === undefined) {
        const records = await reader.read({ timeout: 5_000, max_bytes: 50_000 });
        first = records.find((record) => record.partition === partition)?.offset;
        if (records.length === 0) break;
      }
      expect(first).toBe(offset);
    }
  }, 60_000);

  test('discards only what was buffered of the partitions sought', async () => {
    const reader = await bench.subscribed(randomUUID(), [topic]);
    const before = await reader.readAll(200, 10_000, { max_records: 200 });
    await reader.call('seek', { offsets: [{ ...at(0), offset: 1_000 }] });
    const left = perPartition - before.filter(({ partition }) => partition === 1).length;
    const after = await reader.readAll(perPartition - 1_000 + left, 10_000);
    const other = [...before, ...after].filter(({ partition }) => partition === 1).map(({ offset }) => offset);
    expect(other).toEqual(Array.from({ length: perPartition }, (_, i) => i));
    expect(after.find(({ partition }) => partition === 0)?.offset).toBe(1_000);
  });

  test('takes back the delivered position, so that a commit without body stores the new one', async () => {
    const group = randomUUID();
    const reader = await bench.subscribed(group, [topic]);
    await reader.readAll(100, 10_000, { max_records: 100 });
    await reader.call('seekToFirst', { partitions: [at(0), at(1)] });
    await reader.commit();
    const committed = await reader.call('getCommittedOffsets', { partitions: [at(0), at(1)] });
    expect(committed.body).toEqual({ offsets: [] });
  });

  test('moves nothing when one partition does not exist (404) or is not assigned (409)', async () => {
    const reader = await bench.create(randomUUID());
    await reader.call('assign', { partitions: [at(0)] });
    await reader.call('seek', { offsets: [{ ...at(0), offset: 500 }] });
    const offsets = [{ ...at(0), offset: 1 }];
    await expect(reader.call('seek', { offsets: [...offsets, { ...at(9), offset: 1 }] })).rejects.toMatchObject({
      code: 'ERR12219',
    });
    await expect(reader.call('seek', { offsets: [...offsets, { ...at(1), offset: 1 }] })).rejects.toMatchObject({
      code: 'ERR12220',
    });
    await expect(reader.call('seek', { offsets: [...offsets, ...offsets] })).rejects.toMatchObject({
      code: 'ERR11004',
    });
    expect((await reader.read({ timeout: 3_000, max_records: 1 }))[0]?.offset).toBe(500);
  });

  test('gives a partition without committed offset a position where auto.offset.reset is none', async () => {
    const reader = await bench.subscribed(randomUUID(), [topic], { 'auto.offset.reset': 'none' });
    await expect(reader.readAll(1, 5_000)).rejects.toMatchObject({ code: 'ERR12205', status: 400 });
    await reader.call('seek', {
      offsets: [
        { ...at(0), offset: 40 },
        { ...at(1), offset: 41 },
      ],
    });
    const records = await reader.readAll(4_000);
    expect(records.find(({ partition }) => partition === 0)?.offset).toBe(40);
    expect(records.find(({ partition }) => partition === 1)?.offset).toBe(41);
  });
});
