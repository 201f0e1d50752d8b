import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/http.ts';
import { randomName } from '../support/names.ts';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';

let running: RunningSidecar;
beforeAll(async () => {
  running = await startSidecar();
});
afterAll(() => running.stop());

const produce = (topic: string, records: readonly object[]) =>
  call('POST', `${running.url}/producers/${topic}`, { records });

/** Creates an instance of a group and gives the URL of its operations. */
async function createInstance(group: string, body: object = {}): Promise<string> {
  const { body: created } = await call('POST', `${running.url}/consumers/${group}`, body);
  return running.url + (created as { base_uri: string }).base_uri;
}

interface Offset {
  readonly partition: number;
  readonly offset: number;
}

/** Reads until `count` records came. */
async function readAll(instance: string, count: number): Promise<Offset[]> {
  const records: Offset[] = [];
  for (let tries = 0; tries < 8 && records.length < count; tries++) {
    const { body } = await call('GET', `${instance}/records?timeout=1000&max_bytes=16777216`);
    records.push(...(body as Offset[]));
  }
  return records;
}

describe('a consumer instance over HTTP', () => {
  it('subscribes, reads, commits, and leaves its place to the next of its group', async () => {
    const [topic, group] = [randomName('consume'), randomName('group')];
    const records = [0, 1, 2].map((count) => ({ key: `k${count}`, value: { count }, partition: 0 }));
    expect((await produce(topic, records)).status).toBe(200);
    const instance = await createInstance(group);
    expect((await call('POST', `${instance}/subscriptions`, { topics: [topic] })).status).toBe(204);
    expect((await call('GET', `${instance}/subscriptions`)).body).toEqual({ topics: [topic] });
    const read = await readAll(instance, 3);
    expect(read).toEqual(
      records.map(({ key, value }, offset) => ({
        topic,
        key,
        value,
        headers: { 'X-Correlation-Id': expect.any(String) },
        partition: 0,
        offset,
        timestamp: expect.any(Number),
      })),
    );
    const committed = await call('POST', `${instance}/offsets`, { offsets: [{ topic, partition: 0, offset: 1 }] });
    expect([committed.status, committed.body]).toEqual([200, []]);
    expect((await call('DELETE', instance)).status).toBe(204);
    expect((await call('GET', `${instance}/records`)).body).toMatchObject({ statusCode: 404, code: 'ERR12200' });
    const next = await createInstance(group);
    const place = { topic, partition: 0 };
    expect((await call('PUT', `${next}/offsets`, { partitions: [place] })).body).toEqual({
      offsets: [{ ...place, offset: 2, metadata: '' }],
    });
    await call('POST', `${next}/assignments`, { partitions: [place] });
    expect((await readAll(next, 1)).map(({ offset }) => offset)).toEqual([2]);
  });

  it('seeks by offset, but answers 501 to a time, which the embedded broker cannot look up', async () => {
    const topic = randomName('seek');
    await produce(
      topic,
      [1, 2, 3].map((value) => ({ value, partition: 0 })),
    );
    const instance = await createInstance(randomName('group'));
    const place = { topic, partition: 0 };
    await call('POST', `${instance}/assignments`, { partitions: [place] });
    expect((await call('POST', `${instance}/positions`, { offsets: [{ ...place, offset: 2 }] })).status).toBe(204);
    expect((await readAll(instance, 1)).map(({ offset }) => offset)).toEqual([2]);
    const byTime = await call('POST', `${instance}/positions`, { timestamps: [{ ...place, timestamp: 1 }] });
    expect(byTime.body).toMatchObject({ statusCode: 501, code: 'ERR12230' });
  });

  // Node's HTTP server says `finish` also of an answer whose connection broke in the middle. The records of such a
  // read were taken for delivered, and never came again.
  it('gets the records of a topic that is created by a produce after the subscription', async () => {
    const topic = randomName('later');
    const instance = await createInstance(randomName('group'));
    expect((await call('POST', `${instance}/subscriptions`, { topics: [topic] })).status).toBe(204);
    expect((await produce(topic, [{ value: 1, partition: 3 }])).status).toBe(200);
    expect(await readAll(instance, 1)).toEqual([expect.objectContaining({ topic, partition: 3, offset: 0, value: 1 })]);
  });

  it('answers 501 to a commit that the embedded broker does not take: by hand, in a group that had members', async () => {
    const [topic, group] = [randomName('by-hand'), randomName('group')];
    await produce(topic, [{ value: 1, partition: 0 }]);
    const instance = await createInstance(group);
    await call('POST', `${instance}/subscriptions`, { topics: [topic] });
    expect(await readAll(instance, 1)).toHaveLength(1);
    await call('DELETE', `${instance}/subscriptions`);
    expect((await call('POST', `${instance}/assignments`, { partitions: [{ topic, partition: 0 }] })).status).toBe(204);
    const answer = await call('POST', `${instance}/offsets`, { offsets: [{ topic, partition: 0, offset: 0 }] });
    expect(answer.body).toMatchObject({ statusCode: 501, code: 'ERR12230' });
  });

  it('looks up committed offsets by entries as a commit has them', async () => {
    const [topic, group] = [randomName('look-up'), randomName('group')];
    await produce(topic, [{ value: 1, partition: 0 }]);
    const instance = await createInstance(group);
    await call('POST', `${instance}/subscriptions`, { topics: [topic] });
    expect(await readAll(instance, 1)).toHaveLength(1);
    const offsets = [{ topic, partition: 0, offset: 0, metadata: 'm' }];
    expect((await call('POST', `${instance}/offsets`, { offsets })).status).toBe(200);
    expect((await call('PUT', `${instance}/offsets`, { offsets })).body).toEqual({
      offsets: [{ topic, partition: 0, offset: 1, metadata: 'm' }],
    });
  });

  it('loses nothing when its reader goes in the middle of a large answer', async () => {
    const topic = randomName('vanish');
    const value = 'x'.repeat(900_000);
    const partitions = [0, 1, 2, 3];
    for (let round = 0; round < 4; round++) {
      await produce(
        topic,
        partitions.map((partition) => ({ value, partition })),
      );
    }
    const instance = await createInstance(randomName('group'), { 'fetch.min.bytes': 10_000_000 });
    await call('POST', `${instance}/assignments`, {
      partitions: partitions.map((partition) => ({ topic, partition })),
    });
    const { hostname, port, pathname } = new URL(instance);
    const seen = await new Promise<number>((resolve) => {
      let bytes = 0;
      // An answer larger than what the kernel takes of it, so that it cannot have been handed over whole.
      const query = 'timeout=10000&max_bytes=16777216&max_records=16';
      const reader = connect(Number(port), hostname, () => {
        reader.write(`GET ${pathname}/records?${query} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      });
      reader.on('data', (chunk) => {
        bytes += chunk.length;
        reader.destroy();
      });
      reader.on('close', () => resolve(bytes));
    });
    expect(seen).toBeGreaterThan(0);
    const again = await readAll(instance, 16);
    expect(again.map(({ partition, offset }) => `${partition}/${offset}`).toSorted()).toEqual(
      partitions.flatMap((partition) => [0, 1, 2, 3].map((offset) => `${partition}/${offset}`)),
    );
  }, 60_000);
});

describe('the listeners', () => {
  it('answer health on both, and the API on the main one alone', async () => {
    const paths = [
      '/health/liveness',
      '/health/readiness',
      '/health/any',
      '/spec.yaml',
      '/consumers/g/instances/i/records',
    ];
    const statuses = (url: string) => Promise.all(paths.map(async (path) => (await call('GET', url + path)).status));
    expect([await statuses(running.url), await statuses(running.managementUrl)]).toEqual([
      [200, 200, 200, 200, 404],
      [200, 200, 200, 404, 404],
    ]);
  });

  it('tell that the broker is the embedded one', async () => {
    const { body, headers } = await call('GET', `${running.url}/health/readiness`);
    expect([body, headers['x-kafka-embedded']]).toEqual([
      {
        status: 'OK',
        state: 'running',
        broker: 'embedded: memory',
        checks: {
          kafka: { status: 'OK', reachable: true },
          consumers: { status: 'OK', instances: expect.any(Number) },
        },
      },
      'memory',
    ]);
  });
});

describe('a capability that is switched off', () => {
  it('answers 400 and names the key that switches it on', async () => {
    const bare = await startSidecar({ KAFKA_PRODUCER_ENABLED: 'false', KAFKA_CONSUMER_ACTIVEENABLED: 'false' });
    try {
      const answers = [
        await call('POST', `${bare.url}/producers/t`, { records: [{ value: 1 }] }),
        await call('POST', `${bare.url}/consumers/g`),
      ].map(({ body }) => body);
      expect(answers).toEqual([
        expect.objectContaining({
          statusCode: 400,
          code: 'ERR12216',
          description: expect.stringContaining('kafka-producer.enabled: true'),
        }),
        expect.objectContaining({
          statusCode: 400,
          code: 'ERR12216',
          description: expect.stringContaining('kafka-consumer.activeEnabled: true'),
        }),
      ]);
    } finally {
      await bare.stop();
    }
  });
});
