import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BackgroundReader, idsOf } from '../support/background-reader.ts';
import { eventually } from '../support/eventually.ts';
import { call } from '../support/http.ts';
import { HttpInstance } from '../support/http-instance.ts';
import { Load } from '../support/load.ts';
import { randomName } from '../support/names.ts';
import { startRealKafka } from '../support/real-kafka.ts';
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

async function newTopic(partitions: number): Promise<string> {
  const topic = randomName('group');
  await kafka.createTopic(topic, { partitions });
  return topic;
}

/** Waits until the instances share the partitions, each with as many. */
const untilShared = (instances: readonly HttpInstance[], topic: string, partitions: number) =>
  eventually(
    async () => {
      const owned = await Promise.all(instances.map((instance) => instance.assignment()));
      expect(owned.map(({ length }) => length)).toEqual(instances.map(() => partitions / instances.length));
      const all = Array.from({ length: partitions }, (_, partition) => `${topic}-${partition}`);
      expect(owned.flat().toSorted()).toEqual(all);
    },
    { timeoutMs: 20_000 },
  );

describe('instances of one group', () => {
  test('share the partitions, and each record goes to one of them', async () => {
    const topic = await newTopic(4);
    const group = randomName('g');
    const instances = [
      await HttpInstance.subscribed(sidecar.url, group, [topic]),
      await HttpInstance.subscribed(sidecar.url, group, [topic]),
    ];
    await untilShared(instances, topic, 4);
    const records = Array.from({ length: 200 }, (_, i) => ({ value: `r${i}`, partition: i % 4 }));
    expect((await call('POST', `${sidecar.url}/producers/${topic}`, { records })).status).toBe(200);
    const [first, second] = await Promise.all(instances.map((instance) => instance.readAll(100)));
    expect([first!.length, second!.length]).toEqual([100, 100]);
    expect(idsOf([...first!, ...second!]).size).toBe(200);
  }, 40_000);

  test('take over at once what a deleted one had, from what it had committed', async () => {
    const topic = await newTopic(4);
    const group = randomName('g');
    const leaving = await HttpInstance.subscribed(sidecar.url, group, [topic]);
    const staying = await HttpInstance.subscribed(sidecar.url, group, [topic]);
    await untilShared([leaving, staying], topic, 4);
    const records = Array.from({ length: 80 }, (_, i) => ({ value: `r${i}`, partition: i % 4 }));
    await call('POST', `${sidecar.url}/producers/${topic}`, { records });
    const committed = await leaving.readAll(20, { max_records: 20 });
    expect((await leaving.commit()).status).toBe(200);
    const uncommitted = await leaving.readAll(20, { max_records: 20 });
    const own = await staying.readAll(40);
    const begunAt = performance.now();
    expect((await leaving.delete()).status).toBe(204);
    const inherited = await staying.readAll(20);
    // A member that did not leave would hold its partitions for session.timeout.ms, 45 s; a heartbeat takes 1 s.
    expect(performance.now() - begunAt).toBeLessThan(5_000);
    expect(idsOf(inherited)).toEqual(idsOf(uncommitted));
    expect(idsOf([...committed, ...own, ...inherited]).size).toBe(80);
    expect(await leaving.tryRead()).toMatchObject({ status: 404, body: { code: 'ERR12200' } });
  }, 40_000);
});

describe('a group that rebalances all the time', () => {
  test('does not disturb the steady reads of another group, nor produce', async () => {
    const topic = await newTopic(4);
    const steady = new BackgroundReader(await HttpInstance.subscribed(sidecar.url, randomName('steady'), [topic]), {
      timeout: 5_000,
      isCommitting: true,
    });
    const restless = randomName('restless');
    const anchor = new BackgroundReader(await HttpInstance.subscribed(sidecar.url, restless, [topic]));
    const load = await Load.start({ url: sidecar.url, topic, ratePerSecond: 100 });
    await eventually(() => expect(steady.records.length).toBeGreaterThan(0));
    const joins = 8;
    for (let i = 0; i < joins; i++) {
      const member = await HttpInstance.subscribed(sidecar.url, restless, [topic]);
      await member.read({ timeout: 250 });
      expect((await member.delete()).status).toBe(204);
    }
    const ledger = await load.stop();
    expect(ledger.statuses).toEqual({ '200': ledger.answers });
    await eventually(() => expect(steady.records.length).toBe(ledger.acknowledged.length));
    await Promise.all([steady.stop(), anchor.stop()]);
    // Each record once: this group itself saw no rebalance.
    expect(steady.ids).toEqual(new Set(ledger.acknowledged));
    expect(steady.failures).toEqual([]);
    // A hundred requests a second: a read waits for the next record, never for the other group.
    const slow = steady.readMs.slice(0, -1).filter((ms) => ms > 700);
    expect(slow).toEqual([]);
    expect(ledger.laterThan(1_000)).toEqual([]);
  }, 60_000);
});

describe('topic_pattern', () => {
  test('reads the topics that match, and those created later', async () => {
    const prefix = randomName('pattern');
    await kafka.createTopic(`${prefix}.a`);
    await kafka.createTopic(`other.${prefix}.a`);
    const instance = await HttpInstance.create(sidecar.url, randomName('g'));
    await instance.subscribe({ topic_pattern: `${prefix}\\..*` });
    const write = (topic: string) =>
      call('POST', `${sidecar.url}/producers/${topic}`, { records: [{ value: `in ${topic}` }] });
    await write(`${prefix}.a`);
    await write(`other.${prefix}.a`);
    expect(idsOf(await instance.readAll(1))).toEqual(new Set([`in ${prefix}.a`]));
    await kafka.createTopic(`${prefix}.b`);
    await eventually(async () => expect((await write(`${prefix}.b`)).status).toBe(200));
    expect(idsOf(await instance.readAll(1, { timeoutMs: 30_000 }))).toEqual(new Set([`in ${prefix}.b`]));
    expect((await call('GET', `${instance.url}/subscriptions`)).body).toEqual({
      topics: [`${prefix}.a`, `${prefix}.b`],
    });
  }, 60_000);
});
