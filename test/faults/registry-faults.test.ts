import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { produce, type ReadRecord } from '../support/active-consumer.ts';
import { eventually } from '../support/eventually.ts';
import { call, errorBody, type HttpAnswer } from '../support/http.ts';
import { HttpInstance } from '../support/http-instance.ts';
import { randomName } from '../support/names.ts';
import { RealKafka } from '../support/real-kafka.ts';
import { RealRegistry } from '../support/real-registry.ts';
import { frame, SidecarBench } from '../support/sidecar-bench.ts';
import { SidecarProcess } from '../support/sidecar-process.ts';
import { StubRegistry, type Behaviour } from '../support/stub-registry.ts';

/** Deadline of one call to the registry where a test waits for it, milliseconds. */
const patienceMs = 300;
const json = { keyFormat: 'string', valueFormat: 'json', records: [{ value: 1 }] };
const two = { records: [{ value: 1 }, { value: 2 }] };

let bench: SidecarBench;
let registry: RealRegistry;
let stub: StubRegistry;
/** A sidecar on the double. */
let url: string;

beforeAll(async () => {
  stub = await StubRegistry.start();
  const [kafka, real] = await Promise.all([RealKafka.start(), RealRegistry.start()]);
  registry = real;
  bench = await SidecarBench.on(kafka, real, {
    SCHEMA_REGISTRY_URL: stub.url,
    SCHEMA_REGISTRY_REQUESTTIMEOUTMS: String(patienceMs),
  });
  ({ url } = bench);
}, 90_000);

afterAll(async () => {
  stub?.behave('works');
  await bench?.close();
  await stub?.close();
}, 60_000);

const sidecarOn = (address: string, env: Readonly<Record<string, string>> = {}) =>
  bench.another({ SCHEMA_REGISTRY_URL: address, ...env });

/** A topic whose values have the schema of an int, unknown to the sidecar as yet. */
async function coldTopic(known: Pick<StubRegistry | RealRegistry, 'register'> = stub) {
  const topic = await bench.newTopic('registry');
  // A schema of its own, so that its id is not known either.
  const schema = { type: 'int', doc: topic };
  return { topic, id: await known.register({ subject: `${topic}-value`, schema }) };
}

const send = (address: string, topic: string, body: unknown = two, query = '') =>
  call('POST', `${address}/producers/${topic}${query}`, body);
const seen = ({ status, headers, body }: HttpAnswer) => [status, headers['retry-after'], body];
const unusable = (description: unknown) => [
  503,
  '1',
  errorBody(503, 'ERR12229', 'SCHEMA_REGISTRY_UNREACHABLE', description),
];
const cannotBeUsed = unusable(expect.stringMatching(/^the schema registry cannot be used: /));
const ok = (offset: number, id: number) => [
  200,
  undefined,
  {
    offsets: [
      { partition: 0, offset },
      { partition: 0, offset: offset + 1 },
    ],
    value_schema_id: id,
    requestStatus: 'OK',
  },
];
const places = (records: readonly ReadRecord[]) => records.map(({ offset, value }) => [offset, value]);

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const begunAt = performance.now();
  const result = await work;
  return { result, ms: performance.now() - begunAt };
}

describe('a registry that', () => {
  const faults: readonly (readonly [title: string, behaviour: Behaviour])[] = [
    ['hangs', 'hangs'],
    ['is too slow', 'drips'],
    ['resets the connection', 'breaks'],
    ['is cut in mid-answer', 'breaks off'],
    ['answers nothing', 'empty'],
    ['answers garbage', 'garbage'],
    ['answers a page', 'html'],
    ['answers JSON of another kind', 'other shape'],
    ['answers null', { status: 200, body: null }],
    ['answers 500', 500],
    ['answers 500 and null', { status: 500, body: null }],
    ['answers 401', 401],
    ['answers 404 with a page', { status: 404, body: '<html></html>' }],
    ['answers 429', 429],
    ['sends elsewhere', { status: 302, body: {}, headers: { location: '/elsewhere' } }],
  ];
  test.each(faults)('%s: 503, nothing is written and nothing read is lost', async (_, behaviour) => {
    const { topic, id } = await coldTopic();
    await produce(bench.kafka.bootstrap, topic, [{ value: frame(id, 8) }, { value: frame(id, 10) }]);
    const reader = await HttpInstance.subscribed(url, randomName('registry'), [topic]);
    stub.behave(behaviour);
    expect(seen(await send(url, topic))).toEqual(cannotBeUsed);
    expect((await send(url, topic, json)).status).toBe(200);
    await eventually(async () => expect((await reader.tryRead({ timeout: 1_000 })).status).toBe(503));
    expect(seen(await reader.tryRead())).toEqual(cannotBeUsed);
    expect(await bench.size(topic)).toBe(3);
    stub.behave('works');
    expect(places(await reader.readAll(3))).toEqual([
      [0, 4],
      [1, 5],
      [2, undefined],
    ]);
    expect(seen(await send(url, topic))).toEqual(ok(3, id));
  });
});

describe('a registry that is absent when the sidecar starts', () => {
  test('keeps it from nothing that needs none, and is used once it is there', async () => {
    const absent = await StubRegistry.start();
    const { topic, id } = await coldTopic(absent);
    await absent.stop();
    const other = await sidecarOn(absent.url);
    await eventually(async () => expect((await call('GET', `${other}/health/readiness`)).status).toBe(200));
    expect(seen(await send(other, topic))).toEqual(cannotBeUsed);
    expect((await send(other, topic, json)).status).toBe(200);
    await absent.start();
    expect(seen(await send(other, topic))).toEqual(ok(1, id));
    await absent.stop();
  });
});

describe('a registry that takes 2 s and more', () => {
  test('is waited for no longer than timeoutMs, and what it answers later writes nothing', async () => {
    const other = await sidecarOn(stub.url);
    const { topic, id } = await coldTopic();
    stub.behave('drips');
    const { result, ms } = await timed(send(other, topic, two, '?timeoutMs=500'));
    expect(seen(result)).toEqual(unusable('the schema registry did not answer in time; nothing was produced'));
    expect(ms).toBeGreaterThan(490);
    expect(ms).toBeLessThan(1_000);
    // The same look-up goes on, for whoever has the time.
    const { result: patient, ms: waitedMs } = await timed(send(other, topic));
    expect(seen(patient)).toEqual(ok(0, id));
    expect(waitedMs).toBeGreaterThan(500);
    expect(stub.count(new RegExp(`GET /subjects/${topic}-value/versions/latest`))).toBe(1);
    expect(await bench.size(topic)).toBe(2);
    stub.behave('works');
  });
});

describe('the latest version of a subject', () => {
  test('is used on from memory while the registry is away', async () => {
    const away = await StubRegistry.start();
    const { topic, id } = await coldTopic(away);
    const other = await sidecarOn(away.url, { SCHEMA_REGISTRY_LATESTTTLMS: '50' });
    expect(seen(await send(other, topic))).toEqual(ok(0, id));
    await away.stop();
    let offset = 2;
    const begunAt = performance.now();
    for (; performance.now() - begunAt < 500; offset += 2) {
      expect(seen(await send(other, topic))).toEqual(ok(offset, id));
    }
  });

  test('is used on without delay while the registry hangs', async () => {
    const { topic, id } = await coldTopic();
    const other = await sidecarOn(stub.url, { SCHEMA_REGISTRY_LATESTTTLMS: '50' });
    expect(seen(await send(other, topic))).toEqual(ok(0, id));
    stub.behave('hangs');
    const answers: unknown[] = [];
    const begunAt = performance.now();
    while (performance.now() - begunAt < 1_000) answers.push((await send(other, topic, two, '?timeoutMs=900')).status);
    stub.behave('works');
    expect(answers).toEqual(answers.map(() => 200));
  });
});

describe('SIGTERM while requests wait for a registry that hangs', () => {
  test('they are answered before the grace period ends, and nothing is written', async () => {
    const { topic, id } = await coldTopic();
    await produce(bench.kafka.bootstrap, topic, [{ value: frame(id, 2) }]);
    const other = await SidecarProcess.start({
      KAFKA_BOOTSTRAP_SERVERS: bench.kafka.bootstrap,
      SCHEMA_REGISTRY_URL: stub.url,
      SCHEMA_REGISTRY_REQUESTTIMEOUTMS: '30000',
      KAFKA_PRODUCER_REQUESTTIMEOUTMS: '30000',
      SERVER_SHUTDOWNGRACEFULPERIOD: '3000',
    });
    stub.behave('hangs');
    stub.forget();
    const reader = await HttpInstance.subscribed(other.url, randomName('registry'), [topic]);
    const answers = Promise.allSettled([send(other.url, topic), reader.tryRead({ timeout: 20_000 })]);
    await eventually(() => expect(stub.count()).toBe(2));
    const { result: exit, ms } = await timed(other.terminate());
    expect(exit).toEqual({ code: 0, signal: null });
    expect(ms).toBeLessThan(3_500);
    const answered = { status: 'fulfilled', value: { status: 503, body: { code: 'ERR12229' } } };
    expect(await answers).toMatchObject([answered, answered]);
    expect(await bench.size(topic)).toBe(1);
    stub.behave('works');
  }, 30_000);
});

describe('a real registry', () => {
  test('that loses its memory is not missed for what is remembered; what is not is told', async () => {
    const { topic, id } = await coldTopic(registry);
    const { topic: later } = await coldTopic(registry);
    const other = await sidecarOn(registry.proxied, { SCHEMA_REGISTRY_LATESTTTLMS: '50' });
    const byId = { ...two, valueSchemaId: id };
    const byVersion = { ...two, valueSchemaVersion: 1 };
    for (const [index, body] of [two, byId, byVersion].entries()) {
      expect(seen(await send(other, topic, body))).toEqual(ok(2 * index, id));
    }
    const reader = await HttpInstance.subscribed(other, randomName('registry'), [topic]);
    expect(places(await reader.readAll(6))).toHaveLength(6);

    registry.proxy.cut();
    for (const [index, body] of [byId, byVersion, two].entries()) {
      expect(seen(await send(other, topic, body))).toEqual(ok(6 + 2 * index, id));
    }
    expect(seen(await send(other, later))).toEqual(cannotBeUsed);
    expect(places(await reader.readAll(6))).toHaveLength(6);

    await registry.kill();
    await registry.start();
    registry.proxy.restore();
    for (const [index, body] of [byId, byVersion].entries()) {
      expect(seen(await send(other, topic, body))).toEqual(ok(12 + 2 * index, id));
    }
    expect(places(await reader.readAll(4))).toHaveLength(4);
    const gone = (name: string) => `subject ${name}-value has no schema in the schema registry (40401)`;
    const refused = (name: string) => [
      400,
      undefined,
      errorBody(400, 'ERR12208', 'SCHEMA_MANAGER_EXCEPTION', gone(name)),
    ];
    expect(seen(await send(other, later))).toEqual(refused(later));
    await eventually(async () => expect(seen(await send(other, topic))).toEqual(refused(topic)));
  }, 60_000);
});
