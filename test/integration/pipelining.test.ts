// Regression: an answer that was ready before that of an earlier request on its connection was dropped, and the connection
// stood still from then on: until an answer's turn comes, Node's response has no socket, which was taken for a client gone.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HttpInstance } from '../support/http-instance.ts';
import { randomName } from '../support/names.ts';
import { Pipeline } from '../support/pipeline.ts';
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

describe('requests on one connection that do not wait for answers', () => {
  test('are all answered in order, also those that fail before an earlier one is written', async () => {
    const topic = randomName('pipelined');
    await kafka.createTopic(topic);
    const pipeline = await Pipeline.open(sidecar.url);
    const good = JSON.stringify({ records: [{ value: 1 }] });
    const requests = Array.from({ length: 20 }, (_, i) => pipeline.post(`/producers/${topic}`, i % 2 ? '{' : good));
    const answers = await Promise.race([
      Promise.all(requests),
      new Promise((resolve) => setTimeout(resolve, 5_000, 'no answer within 5 s').unref()),
    ]);
    pipeline.close();
    expect(answers).toEqual(
      requests.map((_, i) =>
        i % 2
          ? { status: 400, body: expect.objectContaining({ code: 'ERR10015' }) }
          : { status: 200, body: { offsets: [{ partition: 0, offset: i / 2 }], requestStatus: 'OK' } },
      ),
    );
  });

  test('are answered when a read of records stands among them', async () => {
    const topic = randomName('pipelined');
    await kafka.createTopic(topic);
    const instance = await HttpInstance.subscribed(sidecar.url, randomName('g'), [topic]);
    const pipeline = await Pipeline.open(sidecar.url);
    const body = JSON.stringify({ records: [{ value: 'x' }] });
    const written = pipeline.post(`/producers/${topic}`, body);
    const read = pipeline.get(new URL(instance.readUrl({ timeout: 10_000 })));
    expect(await written).toMatchObject({ status: 200 });
    expect(await read).toMatchObject({ status: 200, body: [{ value: 'x' }] });
    pipeline.close();
  });
});
