import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { produce } from '../support/active-consumer.ts';
import { eventually } from '../support/eventually.ts';
import { call, errorBody, type HttpAnswer } from '../support/http.ts';
import { HttpInstance } from '../support/http-instance.ts';
import { randomName } from '../support/names.ts';
import { frame, SidecarBench } from '../support/sidecar-bench.ts';
import { StubRegistry, type StubOptions } from '../support/stub-registry.ts';

const plain = { keyFormat: 'string', valueFormat: 'json', records: [{ value: 1 }] };
const one = { records: [{ value: 1 }] };

let bench: SidecarBench;
let stub: StubRegistry;

beforeAll(async () => {
  stub = await StubRegistry.start();
  bench = await SidecarBench.start({
    SCHEMA_REGISTRY_URL: stub.url,
    // Longer than any of the tests takes.
    SCHEMA_REGISTRY_REQUESTTIMEOUTMS: '30000',
    KAFKA_PRODUCER_REQUESTTIMEOUTMS: '30000',
  });
}, 60_000);

afterAll(async () => {
  stub?.behave('works');
  await bench?.close();
  await stub?.close();
}, 60_000);

beforeEach(() => {
  stub.behave('works');
  stub.forget();
});

/** A schema that nobody has looked up, of a subject of its own. */
function coldSchema() {
  const subject = randomName('cold');
  const text = JSON.stringify({ type: 'int', doc: subject });
  return { subject, text, id: stub.register({ subject, schema: text }) };
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const statuses = (answers: readonly HttpAnswer[]) => [...new Set(answers.map(({ status }) => status))];

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const begunAt = performance.now();
  const result = await work;
  return { result, ms: performance.now() - begunAt };
}

describe('while 50 requests and 20 reads wait for a registry that hangs', () => {
  test('other formats, known schemas and other groups are answered in less than a second', async () => {
    const topic = await bench.newTopic('hangs');
    const known = coldSchema();
    const warm = { ...one, valueSchemaSubject: known.subject };
    expect(await bench.produce(topic, warm)).toMatchObject({ status: 200 });
    const waitingTopic = await bench.newTopic('hangs');
    await produce(bench.kafka.bootstrap, waitingTopic, [{ value: frame(coldSchema().id, 2) }]);
    const reader = await HttpInstance.subscribed(bench.url, randomName('hangs'), [topic]);
    expect(await reader.readAll(1)).toMatchObject([{ value: 1 }]);
    const texts = { keyFormat: 'string', valueFormat: 'string' };
    const textReader = await HttpInstance.subscribed(bench.url, randomName('hangs'), [topic], texts);
    await textReader.readAll(1);

    stub.behave('hangs');
    stub.forget();
    const cold = times(50, () => coldSchema().subject);
    const waiting = Promise.all(
      cold.map((valueSchemaSubject) => bench.produce(waitingTopic, { ...one, valueSchemaSubject })),
    );
    const instances = await Promise.all(
      times(20, () => HttpInstance.subscribed(bench.url, randomName('hangs'), [waitingTopic])),
    );
    const reads = Promise.all(instances.map((instance) => instance.tryRead({ timeout: 20_000 })));
    await eventually(() => expect(stub.count()).toBeGreaterThanOrEqual(16));

    const others = times(20, (i) => timed(bench.produce(topic, i % 2 === 0 ? plain : warm)));
    const produced = await Promise.all(others);
    expect(produced.map(({ result }) => result.status)).toEqual(produced.map(() => 200));
    expect(Math.max(...produced.map(({ ms }) => ms))).toBeLessThan(1_000);
    const { result, ms } = await timed(Promise.all([reader.readAll(20), textReader.readAll(20)]));
    expect(result.map((records) => records.length >= 20)).toEqual([true, true]);
    expect(ms).toBeLessThan(1_000);

    stub.behave('works');
    expect(statuses(await waiting)).toEqual([200]);
    expect(statuses(await reads)).toEqual([200]);
  });
});

describe('200 requests at the same time on a schema that is not known yet', () => {
  const burst = async (fields: object) => {
    const topic = await bench.newTopic('burst');
    stub.behave('hangs');
    const sent = Promise.all(times(200, () => bench.produce(topic, { ...one, ...fields })));
    await eventually(() => expect(stub.count()).toBe(1));
    // All of them are there when this one is answered.
    await bench.produce(topic, plain);
    stub.behave('works');
    const answers = await sent;
    expect(await bench.size(topic)).toBe(201);
    return { statuses: statuses(answers), asked: stub.requests.map(({ method, path }) => `${method} ${path}`) };
  };

  test('by the latest of a subject, make one call in all', async () => {
    const { subject } = coldSchema();
    expect(await burst({ valueSchemaSubject: subject })).toEqual({
      statuses: [200],
      asked: [`GET /subjects/${subject}/versions/latest`],
    });
  });

  test('by version, make one call in all', async () => {
    const { subject } = coldSchema();
    expect(await burst({ valueSchemaSubject: subject, valueSchemaVersion: 1 })).toEqual({
      statuses: [200],
      asked: [`GET /subjects/${subject}/versions/1`],
    });
  });

  test('by id, make one call for the schema and one for its subject', async () => {
    const { subject, id } = coldSchema();
    expect(await burst({ valueSchemaSubject: subject, valueSchemaId: id })).toEqual({
      statuses: [200],
      asked: [`GET /schemas/ids/${id}`, `POST /subjects/${subject}`],
    });
  });

  test('given as text, register it once', async () => {
    const { subject, text } = coldSchema();
    expect(await burst({ valueSchemaSubject: subject, valueFormat: 'AVRO', valueSchema: text })).toEqual({
      statuses: [200],
      asked: [`POST /subjects/${subject}/versions`],
    });
  });

  test('for keys and values apart, make one call each, and reads of many groups one for the id', async () => {
    const topic = await bench.newTopic('burst');
    const [key, value] = [coldSchema(), coldSchema()];
    const body = {
      records: [{ key: 1, value: 1 }],
      keySchemaSubject: key.subject,
      valueSchemaSubject: value.subject,
    };
    const answers = await Promise.all(times(200, () => bench.produce(topic, body)));
    expect(statuses(answers)).toEqual([200]);
    expect(stub.count()).toBe(2);
    const other = await bench.another({ SCHEMA_REGISTRY_URL: stub.url });
    stub.forget();
    const groups = await Promise.all(times(20, () => HttpInstance.subscribed(other, randomName('burst'), [topic])));
    const read = await Promise.all(groups.map((instance) => instance.readAll(200)));
    expect(read.map((records) => records.length)).toEqual(groups.map(() => 200));
    expect(stub.requests.map(({ path }) => path).toSorted()).toEqual(
      [`/schemas/ids/${key.id}`, `/schemas/ids/${value.id}`].toSorted(),
    );
  });
});

describe('a registry with credentials and TLS', () => {
  const file = (name: string) => fileURLToPath(new URL(`../support/tls/${name}.pem`, import.meta.url));
  const credentials = { username: 'user', password: 'p:ä' };
  let guarded: StubRegistry;
  let topic: string;
  let folder: string;

  beforeAll(async () => {
    topic = await bench.newTopic('guarded');
    folder = mkdtempSync(join(tmpdir(), 'kafka-sidecar-tls-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  /** What a request is answered whose schema is in a registry with these options, by a sidecar with this environment. */
  async function answered(options: StubOptions, env: (address: string) => Readonly<Record<string, string>>) {
    guarded = await StubRegistry.start(options);
    const id = guarded.register({ subject: `${topic}-value`, schema: '"int"' });
    const url = await bench.another(env(guarded.url));
    const { status, body } = await call('POST', `${url}/producers/${topic}`, one);
    await guarded.close();
    return { status, body, id };
  }
  const unusable = (reason: RegExp) => ({
    status: 503,
    body: errorBody(503, 'ERR12229', 'SCHEMA_REGISTRY_UNREACHABLE', expect.stringMatching(reason)),
    id: 1,
  });
  const used = { status: 200, body: { offsets: [expect.anything()], value_schema_id: 1, requestStatus: 'OK' }, id: 1 };

  test('is used with a user and a password, from the settings, the URL and the producer’s properties', async () => {
    const settings = (address: string) => ({
      SCHEMA_REGISTRY_URL: address,
      SCHEMA_REGISTRY_USERNAME: credentials.username,
      SCHEMA_REGISTRY_PASSWORD: credentials.password,
    });
    expect(await answered({ credentials }, settings)).toEqual(used);
    const inUrl = (address: string) => ({
      SCHEMA_REGISTRY_URL: address.replace('//', `//user:${encodeURIComponent(credentials.password)}@`),
    });
    expect(await answered({ credentials }, inUrl)).toEqual(used);
  });

  test('is told to refuse wrong credentials, which stay secret', async () => {
    const wrong = (address: string) => ({
      SCHEMA_REGISTRY_URL: address.replace('//', '//user:secret@'),
    });
    const { body, ...rest } = await answered({ credentials }, wrong);
    expect({ body, ...rest }).toEqual(
      unusable(/^the schema registry cannot be used: it refuses the sidecar's credentials with 401$/),
    );
    expect(JSON.stringify(body)).not.toMatch(/secret|user/);
  });

  test('is used over TLS with its authority, and not without', async () => {
    const trusting = (address: string) => ({
      SCHEMA_REGISTRY_URL: address,
      SCHEMA_REGISTRY_SSL_TRUSTSTORE_LOCATION: file('ca'),
    });
    expect(await answered({ tls: 'server' }, trusting)).toEqual(used);
    const distrusting = (address: string) => ({ SCHEMA_REGISTRY_URL: address });
    expect(await answered({ tls: 'server' }, distrusting)).toEqual(
      unusable(/^the schema registry cannot be used: .*certificate/),
    );
  });

  test('is shown the client certificate of a PKCS#12 file, with credentials beside it', async () => {
    const store = join(folder, 'client.p12');
    const pkcs12 = ['pkcs12', '-export', '-in', file('client'), '-inkey', file('client-key'), '-out', store];
    execFileSync('openssl', [...pkcs12, '-passout', 'pass:store']);
    const mutual = (address: string) => ({
      SCHEMA_REGISTRY_URL: address,
      SCHEMA_REGISTRY_USERNAME: credentials.username,
      SCHEMA_REGISTRY_PASSWORD: credentials.password,
      SCHEMA_REGISTRY_SSL_TRUSTSTORE_LOCATION: file('ca'),
      SCHEMA_REGISTRY_SSL_KEYSTORE_LOCATION: store,
      SCHEMA_REGISTRY_SSL_KEYSTORE_PASSWORD: 'store',
    });
    expect(await answered({ tls: 'mutual', credentials }, mutual)).toEqual(used);
  });
});
