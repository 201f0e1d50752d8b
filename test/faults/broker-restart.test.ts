import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as elapsed } from 'node:timers/promises';
import { BackgroundReader } from '../support/background-reader.ts';
import { eventually } from '../support/eventually.ts';
import { call } from '../support/http.ts';
import { HttpInstance } from '../support/http-instance.ts';
import { noContradictions } from '../support/ledger.ts';
import { Load } from '../support/load.ts';
import { randomName } from '../support/names.ts';
import { readLog } from '../support/read-log.ts';
import { untilReadiness } from '../support/readiness.ts';
import { RealKafka } from '../support/real-kafka.ts';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';

const partitions = 4;
const outageMs = 10_000;
/** kafka-producer.requestTimeoutMs and what a busy machine adds. */
const deadlineMs = 10_000 + 3_000;
/** A request while no broker is there; 50 ms where nothing else runs. */
const promptMs = 500;

let kafka: RealKafka;
let sidecar: RunningSidecar;

beforeAll(async () => {
  // A broker that was killed may come back only when its session with the controller is over, 9 s by default.
  kafka = await RealKafka.start({
    config: { 'broker.session.timeout.ms': '2000', 'broker.heartbeat.interval.ms': '500' },
  });
  sidecar = await startSidecar({ KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap });
}, 90_000);

afterAll(async () => {
  await sidecar?.stop();
  await kafka?.close();
}, 60_000);

describe.each(['stop', 'kill'] as const)('a broker that is gone for 10 s under load (%s)', (end) => {
  const topic = randomName('restart');
  let load: Load;
  let reader: BackgroundReader;
  let idle: HttpInstance;

  beforeAll(async () => {
    await kafka.createTopic(topic, { partitions });
    const quiet = randomName('quiet');
    await kafka.createTopic(quiet);
    idle = await HttpInstance.subscribed(sidecar.url, randomName('quiet'), [quiet]);
    const instance = await HttpInstance.subscribed(sidecar.url, randomName('restart'), [topic]);
    reader = new BackgroundReader(instance, { isCommitting: true });
    load = await Load.start({ url: sidecar.url, topic, ratePerSecond: 200 });
    await eventually(() => expect(reader.records.length).toBeGreaterThan(500));
  }, 60_000);

  afterAll(async () => {
    await load.stop();
    await reader.stop();
  }, 60_000);

  test('turns readiness to 503 within 2 s, and produce and reads answer 503 at once from then on', async () => {
    await kafka[end]();
    expect(await untilReadiness(sidecar.url, 503)).toBeLessThan(2_000);
    const goneAt = performance.now();
    const begunAt = performance.now();
    const answer = await call('POST', `${sidecar.url}/producers/${topic}`, { records: [{ value: 'foreign' }] });
    expect(performance.now() - begunAt).toBeLessThan(promptMs);
    expect(answer).toMatchObject({ status: 503, body: { code: 'ERR12227' } });
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    expect(await idle.tryRead({ timeout: 0 })).toMatchObject({ status: 503, body: { code: 'ERR12227' } });
    expect((await call('GET', `${sidecar.url}/health/liveness`)).status).toBe(200);
    await elapsed(outageMs - (performance.now() - goneAt));
  });

  test('turns readiness back to 200 within 2 s of its return, and produce and the reader go on', async () => {
    await kafka.start();
    expect(await untilReadiness(sidecar.url, 200)).toBeLessThan(2_000);
    const before = load.ledger.acknowledged.length;
    await eventually(() => expect(load.ledger.acknowledged.length).toBeGreaterThan(before + 500));
    const [newest] = load.ledger.acknowledged.slice(-1);
    await eventually(() => expect(reader.ids).toContain(newest), { timeoutMs: 15_000 });
  }, 90_000);

  test('loses, doubles and reorders nothing that it acknowledged, and answers every request in its time', async () => {
    const ledger = await load.stop();
    const log = await readLog(kafka.bootstrap, topic, partitions);
    expect(ledger.compare(log)).toEqual(noContradictions);
    expect(Object.keys(ledger.statuses).filter((status) => !['200', '207', '503', '504'].includes(status))).toEqual([]);
    expect(ledger.laterThan(deadlineMs)).toEqual([]);
    await eventually(() => expect(missing(ledger.acknowledged, reader.ids)).toEqual([]), { timeoutMs: 15_000 });
  }, 60_000);
});

function missing(ids: readonly string[], found: ReadonlySet<string>): string[] {
  return ids.filter((id) => !found.has(id)).slice(0, 5);
}
