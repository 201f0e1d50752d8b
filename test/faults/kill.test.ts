import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BackgroundReader, idsOf } from '../support/background-reader.ts';
import { eventually } from '../support/eventually.ts';
import { HttpInstance } from '../support/http-instance.ts';
import { noContradictions } from '../support/ledger.ts';
import { Load } from '../support/load.ts';
import { randomName } from '../support/names.ts';
import { readLog } from '../support/read-log.ts';
import { RealKafka } from '../support/real-kafka.ts';
import { SidecarProcess } from '../support/sidecar-process.ts';

const partitions = 4;
/** session.timeout.ms of the members, and the rounds of a rebalance. */
const takeOverMs = 6_000 + 6_000;

let kafka: RealKafka;
let doomed: SidecarProcess;
let survivor: SidecarProcess;

beforeAll(async () => {
  kafka = await RealKafka.start();
  const env = { KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap, KAFKA_CONSUMER_SESSION_TIMEOUT_MS: '6000' };
  [doomed, survivor] = await Promise.all([SidecarProcess.start(env), SidecarProcess.start(env)]);
}, 90_000);

afterAll(async () => {
  await Promise.all([doomed?.kill(), survivor?.kill()]);
  await kafka?.close();
}, 60_000);

describe('kill -9 of a sidecar under load', () => {
  test('loses nothing it acknowledged, and the other sidecar reads on from what was committed', async () => {
    const topic = randomName('kill');
    const group = randomName('kill');
    await kafka.createTopic(topic, { partitions });
    const mine = await HttpInstance.subscribed(doomed.url, group, [topic]);
    const theirs = await HttpInstance.subscribed(survivor.url, group, [topic]);
    await eventually(
      async () => {
        expect(await mine.assignment()).toHaveLength(partitions / 2);
        expect(await theirs.assignment()).toHaveLength(partitions / 2);
      },
      { timeoutMs: 20_000 },
    );
    const myReader = new BackgroundReader(mine, { isCommitting: true });
    const theirReader = new BackgroundReader(theirs, { isCommitting: true });
    const load = await Load.start({ url: doomed.url, topic });
    await eventually(() => {
      expect(myReader.committed.length).toBeGreaterThan(200);
      expect(theirReader.committed.length).toBeGreaterThan(200);
    });
    expect(await doomed.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    const [ledger] = await Promise.all([load.stop(), myReader.stop()]);
    await eventually(async () => expect(await theirs.assignment()).toHaveLength(partitions), { timeoutMs: takeOverMs });

    const log = await readLog(kafka.bootstrap, topic, partitions);
    expect(ledger.compare(log)).toEqual(noContradictions);
    const written = log.map(({ value }) => (JSON.parse(value!.toString()) as { id: string }).id);
    const committed = idsOf([...myReader.committed, ...myReader.unsure]);
    await eventually(() => {
      const read = theirReader.ids;
      expect(written.filter((id) => !committed.has(id) && !read.has(id))).toEqual([]);
    });
    await theirReader.stop();
  }, 90_000);
});
