import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { call, errorBody, type HttpAnswer } from '../support/http.ts';
import { randomName } from '../support/names.ts';
import { firstOffsets, SidecarBench } from '../support/sidecar-bench.ts';
import { StubRegistry } from '../support/stub-registry.ts';

const plain = { keyFormat: 'string', valueFormat: 'json' };
const one = { ...plain, records: [{ value: 1 }] };
const ok = (offset: number) => ({ offsets: [{ partition: 0, offset }], requestStatus: 'OK' });
const reused = (key: string) =>
  errorBody(
    422,
    'ERR12224',
    'IDEMPOTENCY_KEY_REUSED',
    `Idempotency-Key ${key} was used for another request to this topic`,
  );
const running = (key: string) =>
  errorBody(
    409,
    'ERR12225',
    'IDEMPOTENT_REQUEST_RUNNING',
    `the request with Idempotency-Key ${key} is still running; ask again`,
  );

let bench: SidecarBench;

beforeAll(async () => {
  bench = await SidecarBench.start();
}, 60_000);

afterAll(() => bench?.close(), 60_000);

const withKey = (key: string, headers: Readonly<Record<string, string>> = {}) => ({
  headers: { 'Idempotency-Key': key, ...headers },
});
const seen = ({ status, headers, body }: HttpAnswer) => [status, headers['idempotent-replayed'], body];

describe('a request with an Idempotency-Key', () => {
  test('sent 50 times at once is written once, and each answer is the first one’s or 409', async () => {
    const topic = await bench.newTopic('idempotent');
    const body = { ...plain, records: [{ value: 1 }, { value: 2 }] };
    const answers = await Promise.all(Array.from({ length: 50 }, () => bench.produce(topic, body, withKey('k'))));
    const first = { offsets: firstOffsets(2), requestStatus: 'OK' };
    const possible = [
      [200, undefined, first],
      [200, 'true', first],
      [409, undefined, running('k')],
    ];
    for (const answer of answers) expect(possible).toContainEqual(seen(answer));
    expect(answers.filter(({ status, headers }) => status === 200 && !headers['idempotent-replayed'])).toHaveLength(1);
    expect(seen(await bench.produce(topic, body, withKey('k')))).toEqual([200, 'true', first]);
    expect(await bench.size(topic)).toBe(2);
  });

  test('is replayed with its schema ids, and with its own correlation id', async () => {
    const { topic, valueId } = await bench.topicWith({ schema: '"int"' });
    const body = { records: [{ value: 1 }] };
    const first = { offsets: firstOffsets(1), value_schema_id: valueId, requestStatus: 'OK' };
    const send = (correlationId: string) =>
      bench.produce(topic, body, withKey('k', { 'X-Correlation-Id': correlationId }));
    const [original, replay] = [await send('a'), await send('b')];
    expect([seen(original), seen(replay)]).toEqual([
      [200, undefined, first],
      [200, 'true', first],
    ]);
    expect([original.headers['x-correlation-id'], replay.headers['x-correlation-id']]).toEqual(['a', 'b']);
    expect(await bench.size(topic)).toBe(1);
  });

  test('and another body is 422; with another key or to another topic it is written', async () => {
    const [topic, other] = [await bench.newTopic('idempotent'), await bench.newTopic('idempotent')];
    expect(seen(await bench.produce(topic, one, withKey('k')))).toEqual([200, undefined, ok(0)]);
    const two = { ...plain, records: [{ value: 2 }] };
    expect(seen(await bench.produce(topic, two, withKey('k')))).toEqual([422, undefined, reused('k')]);
    // The exact bytes count, and what else decides on the record or the answer.
    expect(seen(await bench.produce(topic, `${JSON.stringify(one)} `, withKey('k')))).toMatchObject([
      422,
      undefined,
      {},
    ]);
    expect((await bench.produce(topic, one, { query: '?acks=1', ...withKey('k') })).status).toBe(422);
    expect(seen(await bench.produce(other, two, withKey('k')))).toEqual([200, undefined, ok(0)]);
    expect(seen(await bench.produce(topic, two, withKey('K')))).toEqual([200, undefined, ok(1)]);
    expect([await bench.size(topic), await bench.size(other)]).toEqual([2, 1]);
  });

  test('stores a 207, which is replayed', async () => {
    const topic = await bench.newTopic('idempotent', { config: { 'max.message.bytes': '2000' } });
    const body = { ...plain, records: [{ value: 'a' }, { value: 'x'.repeat(3_000) }] };
    const first = await bench.produce(topic, body, withKey('k'));
    expect(seen(first)).toMatchObject([207, undefined, { requestStatus: 'PARTIAL' }]);
    expect(seen(await bench.produce(topic, body, withKey('k')))).toEqual([207, 'true', first.body]);
    expect(await bench.size(topic)).toBe(1);
  });

  test.each(['?acks=1', '?acks=0'])('is replayed for %s, too', async (query) => {
    const topic = await bench.newTopic('idempotent');
    const send = () => bench.produce(topic, one, { query, ...withKey('k') });
    const first = await send();
    expect(seen(first)).toMatchObject([200, undefined, { requestStatus: 'OK' }]);
    expect(seen(await send())).toEqual([200, 'true', first.body]);
    expect(await bench.stored(topic, 1)).toHaveLength(1);
    expect(await bench.size(topic)).toBe(1);
  });
});

describe('a key is free again', () => {
  test('after 400 and 404, for another body as well', async () => {
    const topic = randomName('idempotent');
    const bad = { ...plain, records: [{ key: 1 }] };
    expect((await bench.produce(topic, bad, withKey('k'))).status).toBe(400);
    expect((await bench.produce(topic, '{', withKey('k'))).status).toBe(400);
    expect((await bench.produce(topic, one, withKey('k'))).status).toBe(404);
    await bench.kafka.createTopic(topic);
    await eventually(async () =>
      expect(seen(await bench.produce(topic, one, withKey('k')))).toEqual([200, undefined, ok(0)]),
    );
    expect(await bench.size(topic)).toBe(1);
  });

  test('after 413 and 400 from the broker', async () => {
    const config = { 'max.message.bytes': '2000', 'message.timestamp.before.max.ms': '60000' };
    const topic = await bench.newTopic('idempotent', { config });
    const big = { ...plain, records: [{ value: 'x'.repeat(3_000) }] };
    const old = { ...plain, records: [{ value: 1, timestamp: 1 }] };
    expect((await bench.produce(topic, big, withKey('k'))).status).toBe(413);
    expect((await bench.produce(topic, old, withKey('k'))).status).toBe(400);
    expect(seen(await bench.produce(topic, one, withKey('k')))).toMatchObject([200, undefined, {}]);
    expect((await bench.stored(topic, 1)).map(({ value }) => value!.toString())).toEqual(['1']);
  });

  test('after a 503, and is running while the registry has not answered', async () => {
    const topic = await bench.newTopic('idempotent');
    const stub = await StubRegistry.start();
    const id = stub.register({ subject: `${topic}-value`, schema: '"int"' });
    const url = `${await bench.another({ SCHEMA_REGISTRY_URL: stub.url })}/producers/${topic}`;
    const body = { records: [{ value: 1 }] };
    const send = (sent: unknown = body) => call('POST', url, sent, withKey('k').headers);
    stub.behave(500);
    expect(seen(await send())).toMatchObject([503, undefined, { code: 'ERR12229' }]);
    stub.behave('hangs');
    const first = send();
    await eventually(() => expect(stub.count()).toBe(2));
    expect(seen(await send())).toEqual([409, undefined, running('k')]);
    expect(seen(await send({ records: [{ value: 2 }] }))).toEqual([422, undefined, reused('k')]);
    stub.behave('works');
    const answer = { offsets: firstOffsets(1), value_schema_id: id, requestStatus: 'OK' };
    expect(seen(await first)).toEqual([200, undefined, answer]);
    expect(seen(await send())).toEqual([200, 'true', answer]);
    expect(await bench.size(topic)).toBe(1);
    await stub.close();
  });

  test('after kafka-producer.idempotencyTtlMs, and when newer ones need its place', async () => {
    const topic = await bench.newTopic('idempotent');
    const short = await bench.another({ KAFKA_PRODUCER_IDEMPOTENCYTTLMS: '300' });
    const few = await bench.another({ KAFKA_PRODUCER_MAXIDEMPOTENCYKEYS: '2' });
    const send = (url: string, key: string) => call('POST', `${url}/producers/${topic}`, one, withKey(key).headers);
    const begunAt = performance.now();
    expect(seen(await send(short, 'k'))).toEqual([200, undefined, ok(0)]);
    await eventually(async () => expect(seen(await send(short, 'k'))).toEqual([200, undefined, ok(1)]), {
      timeoutMs: 3_000,
    });
    expect(performance.now() - begunAt).toBeGreaterThan(290);
    for (const [offset, key] of ['a', 'b', 'c'].entries()) {
      expect(seen(await send(few, key))).toEqual([200, undefined, ok(offset + 2)]);
    }
    expect(seen(await send(few, 'c'))).toEqual([200, 'true', ok(4)]);
    expect(seen(await send(few, 'a'))).toEqual([200, undefined, ok(5)]);
  });
});

describe('beside the body', () => {
  test('the X-Kafka- headers of a body of bytes count, other headers do not', async () => {
    const topic = await bench.newTopic('idempotent');
    const send = (headers: Readonly<Record<string, string>>) =>
      bench.produce(topic, 'v', withKey('k', { 'content-type': 'application/octet-stream', ...headers }));
    expect(seen(await send({ 'X-Kafka-Key': 'a' }))).toEqual([200, undefined, ok(0)]);
    for (const headers of [{}, { 'X-Kafka-Key': 'b' }, { 'X-Kafka-Key': 'a', 'X-Kafka-Header-h': 'x' }]) {
      expect(seen(await send(headers))).toEqual([422, undefined, reused('k')]);
    }
    expect(seen(await send({ 'x-kafka-key': 'a', 'X-Trace': 'other' }))).toEqual([200, 'true', ok(0)]);
    expect((await bench.produce(topic, 'v', withKey('k'))).status).toBe(422);
    expect(await bench.size(topic)).toBe(1);
  });

  test('JSON lines are replayed, and their formats count', async () => {
    const topic = await bench.newTopic('idempotent');
    const send = (query: string) =>
      bench.produce(topic, '{"value":"1"}', { query, ...withKey('k', { 'content-type': 'application/x-ndjson' }) });
    expect(seen(await send('?valueFormat=string'))).toEqual([200, undefined, ok(0)]);
    expect(seen(await send('?valueFormat=string'))).toEqual([200, 'true', ok(0)]);
    expect(seen(await send('?valueFormat=json'))).toEqual([422, undefined, reused('k')]);
    expect(await bench.size(topic)).toBe(1);
  });
});

describe('a key that is none', () => {
  test.each([
    ['with a blank', 'a b'],
    ['of 256 characters', 'k'.repeat(256)],
    ['that is not ASCII', 'é'],
  ])('is refused: %s', async (_, key) => {
    const topic = await bench.newTopic('idempotent');
    const answer = await bench.produce(topic, one, withKey(key));
    const description = 'header Idempotency-Key must have 1 to 255 printable ASCII characters';
    expect(seen(answer)).toEqual([400, undefined, errorBody(400, 'ERR11004', 'VALIDATOR_SCHEMA', description)]);
    expect(await bench.size(topic)).toBe(0);
  });

  test('of 255 characters is one', async () => {
    const topic = await bench.newTopic('idempotent');
    const key = '~'.repeat(255);
    expect(seen(await bench.produce(topic, one, withKey(key)))).toEqual([200, undefined, ok(0)]);
    expect(seen(await bench.produce(topic, one, withKey(key)))).toEqual([200, 'true', ok(0)]);
  });
});
