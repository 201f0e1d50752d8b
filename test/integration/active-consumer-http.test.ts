import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { produce } from '../support/active-consumer.ts';
import { call } from '../support/http.ts';
import { HttpInstance } from '../support/http-instance.ts';
import { randomName } from '../support/names.ts';
import { startRealKafka } from '../support/real-kafka.ts';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';
import { readAndVanish, readAndVanishInMidAnswer } from '../support/vanishing-reader.ts';

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

async function newTopic(partitions = 1): Promise<string> {
  const topic = randomName('read');
  await kafka.createTopic(topic, { partitions });
  return topic;
}

const reader = (topic: string, options?: unknown) =>
  HttpInstance.subscribed(sidecar.url, randomName('g'), [topic], options);

/** Comes back after the sidecar has noticed what happened to connections before. */
const roundTrip = () => call('GET', `${sidecar.url}/health/liveness`);

describe('readRecords over HTTP', () => {
  test('puts an undecodable record in its place between its neighbours, with its bytes', async () => {
    const topic = await newTopic();
    await produce(kafka.bootstrap, topic, [
      { key: 'a', value: '{"n":1}' },
      { key: 'poison', value: Buffer.from([0xff, 0x00, 0x7b]), headers: [{ h: 'kept' }], timestamp: 1_700_000_000_000 },
      { key: 'c', value: '{"n":3}' },
      { key: 'gone', value: null },
      { key: 'e', value: '"last"' },
    ]);
    const instance = await reader(topic);
    const records = await instance.readAll(5);
    expect(records.map(({ offset, key, value }) => [offset, key, value])).toEqual([
      [0, 'a', { n: 1 }],
      [1, undefined, undefined],
      [2, 'c', { n: 3 }],
      [3, 'gone', undefined],
      [4, 'e', 'last'],
    ]);
    expect(records[1]).toEqual({
      topic,
      partition: 0,
      offset: 1,
      timestamp: 1_700_000_000_000,
      headers: { h: 'kept', 'X-Correlation-Id': `${topic}-0-1` },
      error: { code: 'ERR12205', description: expect.any(String) },
      keyBase64: Buffer.from('poison').toString('base64'),
      valueBase64: '/wB7',
    });
    // Nobody has to skip it: a commit behind it stands.
    expect((await instance.commit()).status).toBe(200);
  });

  test('delivers a record larger than max_bytes alone, and its neighbours before and after it', async () => {
    const topic = await newTopic();
    const big = JSON.stringify('b'.repeat(900_000));
    await produce(kafka.bootstrap, topic, [{ value: '1' }, { value: big }, { value: '3' }, { value: '4' }]);
    const instance = await reader(topic);
    const reads: number[][] = [];
    while (reads.flat().length < 4) {
      const records = await instance.read({ timeout: 5_000, max_bytes: 100 });
      if (records.length > 0) reads.push(records.map(({ offset }) => offset));
    }
    expect(reads).toEqual([[0], [1], [2, 3]]);
  });
});

describe('readers that vanish', () => {
  test('while they wait lose nothing: of 400 records each comes once, in order', async () => {
    const partitions = 2;
    const topic = await newTopic(partitions);
    const instance = await reader(topic);
    const seen: { partition: number; offset: number; value: unknown }[] = [];
    const perRound = 8;
    const rounds = 50;
    const keep = async (query: Readonly<Record<string, number>>) => {
      for (const { partition, offset, value } of await instance.read(query)) seen.push({ partition, offset, value });
    };
    for (let round = 0; round < rounds; round++) {
      while (seen.length < round * perRound) await keep({ timeout: 2_000 });
      await readAndVanish(instance.readUrl({ timeout: 30_000 }), randomInt(1, 20));
      await roundTrip();
      const records = Array.from({ length: perRound }, (_, i) => ({
        value: round * perRound + i,
        partition: i % partitions,
      }));
      const written = call('POST', `${sidecar.url}/producers/${topic}`, { records });
      await keep({ timeout: 2_000, max_records: randomInt(1, perRound) });
      expect((await written).status).toBe(200);
    }
    while (seen.length < rounds * perRound) await keep({ timeout: 5_000 });
    for (const partition of [0, 1]) {
      const own = seen.filter((record) => record.partition === partition);
      expect(own.map(({ offset }) => offset)).toEqual(own.map((_, offset) => offset));
    }
    expect(seen.map(({ value }) => value as number).toSorted((a, b) => a - b)).toEqual(seen.map((_, value) => value));
  }, 60_000);

  test('in the middle of an answer get the same records again with the next read', async () => {
    const topic = await newTopic();
    const count = 15;
    await produce(
      kafka.bootstrap,
      topic,
      Array.from({ length: count }, (_, i) => ({ value: JSON.stringify(String(i).padEnd(990_000, 'x')) })),
    );
    // Ten of them at least: more than the kernel's buffers take.
    const instance = await reader(topic, { 'fetch.min.bytes': 9_900_000 });
    for (let i = 0; i < 3; i++) {
      await readAndVanishInMidAnswer(instance.readUrl({ timeout: 15_000, max_bytes: 16_777_216 }));
      await roundTrip();
    }
    const records = await instance.readAll(count, { timeout: 1_000, max_bytes: 16_777_216 });
    expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: count }, (_, offset) => offset));
    expect((await instance.commit()).status).toBe(200);
  }, 60_000);
});
