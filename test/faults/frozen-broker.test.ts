import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as elapsed } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { noContradictions } from '../support/ledger.ts';
import { Load } from '../support/load.ts';
import { call, type HttpAnswer } from '../support/http.ts';
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

describe('requests that meet a broker that stands still', () => {
  const body = { records: [{ value: 'once' }] };
  const send = (topic: string, sent: unknown, query: string, key?: string) =>
    call(
      'POST',
      `${sidecar.url}/producers/${topic}${query}`,
      sent,
      key === undefined ? {} : { 'Idempotency-Key': key },
    );
  const seen = ({ status, headers, body: answer }: HttpAnswer) => [status, headers['idempotent-replayed'], answer];
  const valuesOf = async (topic: string) =>
    (await readLog(kafka.bootstrap, topic, 1)).map(({ value }) => JSON.parse(value!.toString()) as unknown);

  test('with an Idempotency-Key: 504, then 409 until the reports are in, then the answer again; written once', async () => {
    const topic = randomName('frozen');
    await kafka.createTopic(topic);
    expect((await send(topic, { records: [{ value: 'before' }] }, '')).status).toBe(200);
    kafka.freeze();
    expect(await send(topic, body, '?timeoutMs=300', 'k')).toMatchObject({ status: 504, body: { code: 'ERR12228' } });
    const running = { status: 409, body: { code: 'ERR12225' } };
    expect(await send(topic, body, '?timeoutMs=300', 'k')).toMatchObject(running);
    expect(await untilReadiness(sidecar.url, 503)).toBeLessThan(2_500);
    expect(await send(topic, body, '?timeoutMs=300', 'k')).toMatchObject(running);
    const other = { records: [{ value: 'other' }] };
    expect(await send(topic, other, '?timeoutMs=300', 'k')).toMatchObject({ status: 422, body: { code: 'ERR12224' } });
    // Not sent at all, so its key is free.
    expect(await send(topic, other, '', 'l')).toMatchObject({ status: 503, body: { code: 'ERR12227' } });
    kafka.thaw();
    const answer = { offsets: [{ partition: 0, offset: 1 }], requestStatus: 'OK' };
    await eventually(async () => {
      expect(seen(await send(topic, body, '?timeoutMs=300', 'k'))).toEqual([200, 'true', answer]);
    });
    expect(await untilReadiness(sidecar.url, 200)).toBeLessThan(2_500);
    expect(seen(await send(topic, other, '', 'l'))).toMatchObject([200, undefined, { requestStatus: 'OK' }]);
    expect(await valuesOf(topic)).toEqual(['before', 'once', 'other']);
  }, 60_000);

  test('as the first with their level of acks: not written or unknown, and the level is usable afterwards', async () => {
    const topic = randomName('frozen');
    await kafka.createTopic(topic);
    expect((await send(topic, { records: [{ value: 'before' }] }, '')).status).toBe(200);
    kafka.freeze();
    const answers = await Promise.all(
      ['1', '0'].map((level) => send(topic, { records: [{ value: level }] }, `?acks=${level}&timeoutMs=1000`)),
    );
    for (const { status } of answers) expect([503, 504]).toContain(status);
    kafka.thaw();
    expect(await untilReadiness(sidecar.url, 200)).toBeLessThan(5_000);
    for (const level of ['1', '0']) {
      await eventually(async () => expect((await send(topic, body, `?acks=${level}`)).status).toBe(200));
    }
  }, 60_000);
});
