// npm run soak: the faults of test/faults, many in a row, in random order and length.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomInt } from 'node:crypto';
import { setTimeout as elapsed } from 'node:timers/promises';
import { BackgroundReader } from '../support/background-reader.ts';
import { eventually } from '../support/eventually.ts';
import { HttpInstance } from '../support/http-instance.ts';
import { noContradictions } from '../support/ledger.ts';
import { Load } from '../support/load.ts';
import { randomName } from '../support/names.ts';
import { readLog } from '../support/read-log.ts';
import { untilReadiness } from '../support/readiness.ts';
import { RealKafka } from '../support/real-kafka.ts';
import { SidecarProcess } from '../support/sidecar-process.ts';

const partitions = 4;
/** kafka-producer.requestTimeoutMs and what a busy machine adds. */
const deadlineMs = 10_000 + 3_000;
const restarts = 10;
const mixedMs = 300_000;
const honest = ['200', '207', '503', '504'];

let kafka: RealKafka;

beforeAll(async () => {
  // A broker that was killed may come back only when its session with the controller is over, 9 s by default.
  kafka = await RealKafka.start({
    config: { 'broker.session.timeout.ms': '2000', 'broker.heartbeat.interval.ms': '500' },
  });
}, 90_000);

afterAll(async () => {
  await kafka?.close();
}, 60_000);

type Fault = () => Promise<unknown>;

/** Faults by name; each ends with the cluster as it was. */
const faults: Readonly<Record<string, Fault>> = {
  'orderly restart': async () => {
    await kafka.stop();
    await elapsed(randomInt(0, 15_000));
    await kafka.start();
  },
  'broker killed': async () => {
    await kafka.kill();
    await elapsed(randomInt(0, 15_000));
    await kafka.start();
  },
  'broker frozen': async () => {
    kafka.freeze();
    await elapsed(randomInt(500, 15_000));
    kafka.thaw();
  },
  'link cut': () => onLink(() => kafka.proxy.cut()),
  'link silent': () => onLink(() => kafka.proxy.hold()),
  'link delayed': () => onLink(() => kafka.proxy.delay(randomInt(10, 400))),
  'link throttled': () => onLink(() => kafka.proxy.throttle(randomInt(8_192, 262_144))),
};

async function onLink(begin: () => void): Promise<void> {
  begin();
  await elapsed(randomInt(100, 12_000));
  kafka.proxy.restore();
}

/** Runs faults one after the other on a sidecar under load and holds its answers against the log. */
async function survive(next: () => string | undefined): Promise<void> {
  const topic = randomName('soak');
  await kafka.createTopic(topic, { partitions });
  const sidecar = await SidecarProcess.start({ KAFKA_BOOTSTRAP_SERVERS: kafka.proxied, LOGGING_LEVEL: 'fatal' });
  const history: string[] = [];
  try {
    await untilReadiness(sidecar.url, 200);
    const group = randomName('soak');
    const readers = await Promise.all(
      [0, 1].map(async () => new BackgroundReader(await HttpInstance.subscribed(sidecar.url, group, [topic]))),
    );
    const load = await Load.start({ url: sidecar.url, topic, ratePerSecond: 150, padding: 100 });
    for (let name = next(); name !== undefined; name = next()) {
      history.push(name);
      await faults[name]!();
      await untilReadiness(sidecar.url, 200, { timeoutMs: 20_000 });
      const before = load.ledger.statuses['200'] ?? 0;
      await eventually(() => expect(load.ledger.statuses['200']).toBeGreaterThan(before + 100), { timeoutMs: 20_000 });
      await elapsed(randomInt(0, 2_000));
    }
    const ledger = await load.stop();
    expect(ledger.compare(await readLog(kafka.bootstrap, topic, partitions))).toEqual(noContradictions);
    expect(Object.keys(ledger.statuses).filter((status) => !honest.includes(status))).toEqual([]);
    expect(ledger.laterThan(deadlineMs)).toEqual([]);
    const unread = () => {
      const read = new Set(readers.flatMap(({ ids }) => [...ids]));
      return ledger.acknowledged.filter((id) => !read.has(id)).slice(0, 5);
    };
    await eventually(() => expect(unread()).toEqual([]), { timeoutMs: 60_000, intervalMs: 500 });
    await Promise.all(readers.map((reader) => reader.stop()));
    expect(await sidecar.terminate()).toEqual({ code: 0, signal: null });
  } catch (error) {
    throw new Error(`after ${history.join(', ')}`, { cause: error });
  } finally {
    kafka.proxy.restore();
    kafka.thaw();
    await sidecar.kill();
  }
}

describe('a sidecar under load', () => {
  test('survives ten restarts of its broker in a row', async () => {
    let done = 0;
    await survive(() => {
      if (done++ >= restarts) return undefined;
      return done % 2 === 0 ? 'broker killed' : 'orderly restart';
    });
  }, 900_000);

  test('survives five minutes of faults of every kind', async () => {
    const end = Date.now() + mixedMs;
    const names = Object.keys(faults);
    await survive(() => (Date.now() < end ? names[randomInt(names.length)] : undefined));
  }, 900_000);
});
