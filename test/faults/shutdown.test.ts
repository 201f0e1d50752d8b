import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ClosedLoop } from '../support/closed-loop.ts';
import { eventually } from '../support/eventually.ts';
import { call } from '../support/http.ts';
import { HttpInstance } from '../support/http-instance.ts';
import { noContradictions } from '../support/ledger.ts';
import { randomName } from '../support/names.ts';
import { readLog } from '../support/read-log.ts';
import { RealKafka } from '../support/real-kafka.ts';
import { SidecarProcess } from '../support/sidecar-process.ts';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';

const partitions = 4;
/** Far below server.shutdownGracefulPeriod (20 s): nothing here takes long. */
const promptExitMs = 5_000;
/** A member that left; one that died would hold its partitions for session.timeout.ms, 45 s. */
const handOverMs = 6_000;

let kafka: RealKafka;
let stopping: SidecarProcess;
let other: RunningSidecar;

beforeAll(async () => {
  kafka = await RealKafka.start();
  other = await startSidecar({ KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap });
}, 90_000);

beforeEach(async () => {
  stopping = await SidecarProcess.start({ KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap });
}, 30_000);

afterEach(async () => {
  await stopping?.kill();
}, 30_000);

afterAll(async () => {
  await other?.stop();
  await kafka?.close();
}, 60_000);

async function newTopic(): Promise<string> {
  const topic = randomName('shutdown');
  await kafka.createTopic(topic, { partitions });
  return topic;
}

describe('SIGTERM', () => {
  test('under load: answers every request it accepted, writes what it acknowledged and nothing it refused', async () => {
    const topic = await newTopic();
    const loop = new ClosedLoop({ url: stopping.url, topic, clients: 40 });
    await eventually(() => expect(loop.ledger.answers).toBeGreaterThan(1_000));
    const begunAt = performance.now();
    expect(await stopping.terminate()).toEqual({ code: 0, signal: null });
    expect(performance.now() - begunAt).toBeLessThan(promptExitMs);
    const ledger = await loop.stop();
    expect(loop.breaks).toEqual([]);
    expect(ledger.compare(await readLog(kafka.bootstrap, topic, partitions))).toEqual(noContradictions);
    expect(Object.keys(ledger.statuses).filter((status) => !['200', '503', 'refused'].includes(status))).toEqual([]);
  }, 60_000);

  test('ends waiting reads at once with the records there are', async () => {
    const topic = await newTopic();
    const empty = await newTopic();
    const waiting = await HttpInstance.subscribed(stopping.url, randomName('g'), [empty]);
    const gathering = await HttpInstance.subscribed(stopping.url, randomName('g'), [topic], {
      'fetch.min.bytes': 1_000_000,
    });
    const reads = [waiting, gathering].map((instance) => instance.read({ timeout: 60_000 }));
    await eventually(async () => expect(await gathering.assignment()).toHaveLength(partitions));
    const records = [1, 2, 3].map((value) => ({ value, partition: 0 }));
    expect((await call('POST', `${stopping.url}/producers/${topic}`, { records })).status).toBe(200);
    // Another group sees the records, so that they can be there for this one too.
    await (await HttpInstance.subscribed(other.url, randomName('g'), [topic])).readAll(3);
    const begunAt = performance.now();
    const exit = stopping.terminate();
    const [nothing, gathered] = await Promise.all(reads);
    expect(performance.now() - begunAt).toBeLessThan(2_000);
    expect(nothing).toEqual([]);
    expect(gathered!.map(({ value }) => value)).toEqual([1, 2, 3]);
    expect(await exit).toEqual({ code: 0, signal: null });
  }, 60_000);

  test('leaves its groups: the other member has all partitions soon after', async () => {
    const topic = await newTopic();
    const group = randomName('shared');
    const mine = await HttpInstance.subscribed(stopping.url, group, [topic]);
    const theirs = await HttpInstance.subscribed(other.url, group, [topic]);
    await eventually(
      async () => {
        expect(await mine.assignment()).toHaveLength(partitions / 2);
        expect(await theirs.assignment()).toHaveLength(partitions / 2);
      },
      { timeoutMs: 20_000 },
    );
    await stopping.terminate();
    await eventually(async () => expect(await theirs.assignment()).toHaveLength(partitions), {
      timeoutMs: handOverMs,
    });
  }, 60_000);

  test.each([
    [
      'answered at its own deadline',
      { KAFKA_PRODUCER_REQUESTTIMEOUTMS: '2000', SERVER_SHUTDOWNGRACEFULPERIOD: '8000' },
    ],
    // A group that does not answer takes librdkafka some 5 s to leave.
    ['answered when the grace period ends', { SERVER_SHUTDOWNGRACEFULPERIOD: '7000' }],
  ])(
    'while the broker is silent: a waiting request is %s, and the exit code is 0',
    async (_, env) => {
      const topic = await newTopic();
      const own = await SidecarProcess.start({ KAFKA_BOOTSTRAP_SERVERS: kafka.proxied, ...env });
      const instance = await HttpInstance.subscribed(own.url, randomName('g'), [topic]);
      await eventually(async () => expect(await instance.assignment()).toHaveLength(partitions));
      const produce = (value: number) => call('POST', `${own.url}/producers/${topic}`, { records: [{ value }] });
      expect((await produce(1)).status).toBe(200);
      kafka.proxy.hold();
      try {
        const waiting = produce(2).then(({ status, body }) => ({ status, code: (body as { code: string }).code }));
        // The next request is accepted after the one before it.
        await call('GET', `${own.url}/health/liveness`);
        const begunAt = performance.now();
        const exit = own.terminate();
        expect(await Promise.all([waiting, exit])).toEqual([
          { status: 504, code: 'ERR12228' },
          { code: 0, signal: null },
        ]);
        expect(performance.now() - begunAt).toBeLessThan(Number(env.SERVER_SHUTDOWNGRACEFULPERIOD) + 500);
      } finally {
        kafka.proxy.restore();
        await own.kill();
      }
    },
    60_000,
  );
});
