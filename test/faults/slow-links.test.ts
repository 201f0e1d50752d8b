import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as elapsed } from 'node:timers/promises';
import { eventually } from '../support/eventually.ts';
import { noContradictions } from '../support/ledger.ts';
import { Load } from '../support/load.ts';
import { randomName } from '../support/names.ts';
import { readLog } from '../support/read-log.ts';
import { untilReadiness } from '../support/readiness.ts';
import { RealKafka } from '../support/real-kafka.ts';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';
import type { TcpProxy } from '../support/tcp-proxy.ts';

const partitions = 4;
/** kafka-producer.requestTimeoutMs and what a busy machine adds. */
const deadlineMs = 10_000 + 3_000;

let kafka: RealKafka;
let sidecar: RunningSidecar;

beforeAll(async () => {
  kafka = await RealKafka.start();
  sidecar = await startSidecar({ KAFKA_BOOTSTRAP_SERVERS: kafka.proxied });
}, 90_000);

afterAll(async () => {
  await sidecar?.stop();
  await kafka?.close();
}, 60_000);

interface Fault {
  readonly name: string;
  readonly lastsMs: number;
  /** Bytes added to each value. */
  readonly padding?: number;
  /** The answers that are honest here. */
  readonly statuses: readonly string[];
  begin(proxy: TcpProxy): void;
}

const slowLinks: Fault[] = [
  { name: 'delayed by 200 ms', lastsMs: 4_000, statuses: ['200'], begin: (proxy) => proxy.delay(200) },
  // 200 requests a second bring about 180 KiB/s.
  {
    name: 'throttled to 64 KiB/s',
    lastsMs: 4_000,
    padding: 200,
    statuses: ['200'],
    begin: (proxy) => proxy.throttle(65_536),
  },
];
const brokenLinks: Fault[] = [
  { name: 'cut for 3 s', lastsMs: 3_000, statuses: ['200', '503'], begin: (proxy) => proxy.cut() },
  { name: 'silent for 5 s', lastsMs: 5_000, statuses: ['200', '503'], begin: (proxy) => proxy.hold() },
];

describe.each([...slowLinks, ...brokenLinks])('a link to the broker that is $name under load', (fault) => {
  test('loses, doubles and reorders nothing, says what is not written, and recovers by itself', async () => {
    const topic = randomName('link');
    await kafka.createTopic(topic, { partitions });
    const load = await Load.start({ url: sidecar.url, topic, padding: fault.padding ?? 0 });
    const { ledger } = load;
    await eventually(() => expect(ledger.statuses['200']).toBeGreaterThan(100));
    fault.begin(kafka.proxy);
    const isBroken = brokenLinks.includes(fault);
    if (isBroken) expect(await untilReadiness(sidecar.url, 503)).toBeLessThan(2_500);
    await elapsed(fault.lastsMs);
    kafka.proxy.restore();
    expect(await untilReadiness(sidecar.url, 200)).toBeLessThan(2_000);
    const before = ledger.acknowledged.length;
    await eventually(() => expect(ledger.acknowledged.length).toBeGreaterThan(before + 300));
    await load.stop();
    expect(ledger.compare(await readLog(kafka.bootstrap, topic, partitions))).toEqual(noContradictions);
    expect(Object.keys(ledger.statuses).toSorted()).toEqual(fault.statuses);
    expect(ledger.laterThan(deadlineMs)).toEqual([]);
  }, 60_000);
});
