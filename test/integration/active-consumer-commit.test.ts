import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ActiveConsumerBench, produce, type TestInstance } from '../support/active-consumer.ts';
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

async function topicWith(count: number, partitions = 1): Promise<string> {
  const topic = `commit-${randomUUID()}`;
  await kafka.createTopic(topic, { partitions });
  const records = Array.from({ length: count }, (_, i) => ({ value: String(i), partition: i % partitions }));
  await produce(kafka.bootstrap, topic, records);
  return topic;
}

async function committed(instance: TestInstance, topic: string, partitions = [0]): Promise<unknown> {
  const asked = { partitions: partitions.map((partition) => ({ topic, partition })) };
  return ((await instance.call('getCommittedOffsets', asked)).body as { offsets: unknown }).offsets;
}

/** What the group holds, asked by another member of nothing: the broker's word, not our memory of it. */
async function stored(group: string, topic: string): Promise<unknown> {
  const other = await bench.create(group);
  const offsets = await committed(other, topic);
  await other.delete();
  return offsets;
}

describe('commitOffsets', () => {
  test('stores offset + 1 of the listed offsets, with their metadata', async () => {
    const topic = await topicWith(10);
    const group = randomUUID();
    const reader = await bench.subscribed(group, [topic]);
    await reader.readAll(10);
    expect(await reader.commit({ topic, partition: 0, offset: 6, metadata: 'batch "7" é' })).toEqual({
      status: 200,
      body: [],
    });
    expect(await stored(group, topic)).toEqual([{ topic, partition: 0, offset: 7, metadata: 'batch "7" é' }]);
    await reader.delete();
    const next = await bench.subscribed(group, [topic]);
    expect((await next.readAll(3)).map(({ offset }) => offset)).toEqual([7, 8, 9]);
  });

  test('without a body stores exactly what was delivered, not what was fetched', async () => {
    const topic = await topicWith(100);
    const group = randomUUID();
    const reader = await bench.subscribed(group, [topic]);
    expect(await reader.commit()).toEqual({ status: 200, body: [] });
    expect(await stored(group, topic)).toEqual([]);
    const delivered = await reader.readAll(30, 10_000, { max_records: 30 });
    await reader.commit();
    const next = delivered.at(-1)!.offset + 1;
    expect(await stored(group, topic)).toEqual([{ topic, partition: 0, offset: next, metadata: '' }]);
    await reader.delete();
    const second = await bench.subscribed(group, [topic]);
    expect((await second.readAll(1))[0]?.offset).toBe(next);
  });

  test('does not count an answer that never reached its reader', async () => {
    const topic = await topicWith(10);
    const group = randomUUID();
    const reader = await bench.subscribed(group, [topic]);
    await reader.readAll(4, 10_000, { max_records: 4 });
    const lost = await reader.open({ timeout: 5_000, max_records: 3 }).answer;
    lost.onSettled?.(false);
    await reader.commit();
    expect(await stored(group, topic)).toEqual([{ topic, partition: 0, offset: 4, metadata: '' }]);
  });

  test('waits for the fate of the answer before it', async () => {
    const topic = await topicWith(5);
    const group = randomUUID();
    const reader = await bench.subscribed(group, [topic]);
    const answer = await reader.open({ timeout: 5_000, max_records: 2 }).answer;
    const count = JSON.parse((answer.body as Buffer).toString()).length as number;
    const commit = reader.commit();
    setTimeout(() => answer.onSettled?.(true), 50);
    await commit;
    expect(await stored(group, topic)).toEqual([{ topic, partition: 0, offset: count, metadata: '' }]);
  });

  test('of a partition that another instance owns is 409 and stores nothing, the good ones included', async () => {
    const topic = await topicWith(8, 2);
    const group = randomUUID();
    const first = await bench.subscribed(group, [topic]);
    await first.readAll(8);
    const second = await bench.subscribed(group, [topic]);
    const owned = async (instance: TestInstance) =>
      ((await instance.call('getAssignment')).body as { partitions: { partition: number }[] }).partitions;
    while ((await owned(second)).length === 0) await second.read({ timeout: 100 });
    const [theirs] = await owned(second);
    const [ours] = await owned(first);
    await expect(
      first.commit(
        { topic, partition: ours!.partition, offset: 0 },
        { topic, partition: theirs!.partition, offset: 3 },
      ),
    ).rejects.toMatchObject({ code: 'ERR12220', status: 409 });
    expect(await committed(second, topic, [0, 1])).toEqual([]);
  });

  test('names what is unknown (404), twice given (400) and not subscribed (409)', async () => {
    const topic = await topicWith(1);
    const reader = await bench.subscribed(randomUUID(), [topic]);
    await reader.readAll(1);
    await expect(reader.commit({ topic, partition: 7, offset: 0 })).rejects.toMatchObject({
      code: 'ERR12219',
      description: `partition 7 of topic ${topic} does not exist`,
    });
    await expect(reader.commit({ topic: 'no-such-topic', partition: 0, offset: 0 })).rejects.toMatchObject({
      code: 'ERR12219',
    });
    const twice = { topic, partition: 0, offset: 0 };
    await expect(reader.commit(twice, twice)).rejects.toMatchObject({ code: 'ERR11004' });
    const idle = await bench.create(randomUUID());
    await expect(idle.commit({ topic, partition: 0, offset: 0 })).rejects.toMatchObject({ code: 'ERR12220' });
  });

  test('is acknowledged in milliseconds while the buffer is full and nobody reads', async () => {
    const topic = await topicWith(0);
    await produce(
      kafka.bootstrap,
      topic,
      Array.from({ length: 6_000 }, (_, i) => ({ value: String(i).padStart(1_000, '1') })),
    );
    const reader = await bench.subscribed(randomUUID(), [topic]);
    await reader.readAll(100, 10_000, { max_records: 100 });
    const waits: number[] = [];
    for (let offset = 0; offset < 10; offset++) {
      const start = performance.now();
      await reader.commit({ topic, partition: 0, offset });
      waits.push(performance.now() - start);
    }
    expect(waits.toSorted((a, b) => a - b)[5]).toBeLessThan(100);
  });
});

describe('auto.commit.enable', () => {
  test('stores at the next read what earlier reads delivered, and nothing more at the end', async () => {
    const topic = await topicWith(20);
    const group = randomUUID();
    const reader = await bench.subscribed(group, [topic], { 'auto.commit.enable': 'true' });
    const first = await reader.readAll(5, 10_000, { max_records: 5 });
    expect(first.at(-1)!.offset).toBe(4);
    expect(await stored(group, topic)).not.toContainEqual(expect.objectContaining({ offset: 5 }));
    await reader.read({ timeout: 5_000, max_records: 5 });
    await reader.delete();
    expect(await stored(group, topic)).toEqual([{ topic, partition: 0, offset: 5, metadata: '' }]);
  });

  test('stores nothing of a read whose answer was lost', async () => {
    const topic = await topicWith(5);
    const group = randomUUID();
    const reader = await bench.subscribed(group, [topic], { autoCommitEnable: true });
    (await reader.open({ timeout: 10_000 }).answer).onSettled?.(false);
    const again = await reader.open({ timeout: 5_000 }).answer;
    again.onSettled?.(false);
    await reader.delete();
    expect(await stored(group, topic)).toEqual([]);
  });
});
