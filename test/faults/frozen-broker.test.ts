import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as elapsed } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { noContradictions } from '../support/ledger.ts';
import { Load } from '../support/load.ts';
import { call } from '../support/http.ts';
import { randomName } from '../support/names.ts';
import { readLog } from '../support/read-log.ts';
import { untilReadiness } from '../support/readiness.ts';
import { RealKafka } from '../support/real-kafka.ts';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';

const partitions = 4;
/** Longer than kafka-producer.requestTimeoutMs, so that what is in flight meets its deadline. */
const frozenMs = 12_000;
/** kafka-producer.requestTimeoutMs and what a busy machine adds. */
const deadlineMs = 10_000 + 3_000;

let kafka: RealKafka;
let sidecar: RunningSidecar;

beforeAll(async () => {
  kafka = await RealKafka.start();
  sidecar = await startSidecar({ KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap });
}, 90_000);

afterAll(async () => {
  kafka?.thaw();
  await sidecar?.stop();
  await kafka?.close();
}, 60_000);

describe('a broker that stands still with its connections open', () => {
  test('is noticed within 2 s; what was on its way is unknown (504), what came later is not written (503)', async () => {
    const topic = randomName('frozen');
    await kafka.createTopic(topic, { partitions });
    const load = await Load.start({ url: sidecar.url, topic });
    const { ledger } = load;
    await eventually(() => expect(ledger.statuses['200']).toBeGreaterThan(200));
    kafka.freeze();
    const frozenAt = performance.now();
    const short = await call('POST', `${sidecar.url}/producers/${topic}?timeoutMs=300`, {
      records: [{ value: 'short' }],
    });
    expect(short).toMatchObject({ status: 504, body: { code: 'ERR12228', offsets: [{ errorCode: 50401 }] } });
    expect(performance.now() - frozenAt).toBeLessThan(1_000);
    expect(await untilReadiness(sidecar.url, 503)).toBeLessThan(2_500);
    const askedAt = performance.now();
    const answer = await call('POST', `${sidecar.url}/producers/${topic}`, { records: [{ value: 'foreign' }] });
    expect(answer).toMatchObject({ status: 503, body: { code: 'ERR12227' } });
    expect(performance.now() - askedAt).toBeLessThan(500);
    await elapsed(frozenMs - (performance.now() - frozenAt));
    expect(ledger.statuses['504']).toBeGreaterThan(0);
    kafka.thaw();
    expect(await untilReadiness(sidecar.url, 200)).toBeLessThan(2_500);
    const before = ledger.acknowledged.length;
    await eventually(() => expect(ledger.acknowledged.length).toBeGreaterThan(before + 300));
    await load.stop();
    const { foreign, ...contradictions } = ledger.compare(await readLog(kafka.bootstrap, topic, partitions));
    expect(contradictions).toEqual({ ...noContradictions, foreign: undefined });
    expect(foreign.filter((id) => id !== 'short')).toEqual([]);
    const expected = ['200', '207', '503', '504'];
    expect(Object.keys(ledger.statuses).filter((status) => !expected.includes(status))).toEqual([]);
    expect(ledger.laterThan(deadlineMs)).toEqual([]);
  }, 60_000);

  test('loses and doubles nothing when it goes on before the deadline', async () => {
    const topic = randomName('pause');
    await kafka.createTopic(topic, { partitions });
    const load = await Load.start({ url: sidecar.url, topic });
    const { ledger } = load;
    await eventually(() => expect(ledger.statuses['200']).toBeGreaterThan(200));
    kafka.freeze();
    await elapsed(4_000);
    kafka.thaw();
    expect(await untilReadiness(sidecar.url, 200)).toBeLessThan(2_500);
    const before = ledger.acknowledged.length;
    await eventually(() => expect(ledger.acknowledged.length).toBeGreaterThan(before + 300));
    await load.stop();
    expect(ledger.compare(await readLog(kafka.bootstrap, topic, partitions))).toEqual(noContradictions);
    expect(Object.keys(ledger.statuses).toSorted()).toEqual(['200', '503']);
  }, 60_000);
});
