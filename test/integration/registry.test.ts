// The registries that other tests rely on: the real one and the double have to answer alike.
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Agent, request } from 'undici';
import { eventually } from '../support/eventually.ts';
import { call } from '../support/http.ts';
import { randomName } from '../support/names.ts';
import { RealRegistry, startRealRegistry } from '../support/real-registry.ts';
import type { SchemaDefinition, SchemaReference, SchemaType } from '../support/registry-client.ts';
import { StubRegistry, type Behaviour } from '../support/stub-registry.ts';

const record = { type: 'record', name: 'value', fields: [{ name: 'count', type: 'int' }] };
const changed = { type: 'record', name: 'value', fields: [{ name: 'total', type: 'int' }] };
const $schema = 'http://json-schema.org/draft-07/schema#';

interface Importing {
  readonly schemaType: SchemaType;
  /** What the schema calls the other one. */
  readonly name: string;
  readonly part: unknown;
  readonly whole: unknown;
}

const importing: readonly Importing[] = [
  {
    schemaType: 'AVRO',
    name: 'Part',
    part: { ...record, name: 'Part' },
    whole: { type: 'record', name: 'Whole', fields: [{ name: 'part', type: 'Part' }] },
  },
  {
    schemaType: 'JSON',
    name: 'part.json',
    part: { $schema, type: 'object' },
    whole: { $schema, properties: { part: { $ref: 'part.json' } } },
  },
  {
    schemaType: 'PROTOBUF',
    name: 'part.proto',
    part: 'syntax = "proto3"; message Part {}',
    whole: 'syntax = "proto3"; import "part.proto"; message Whole { Part part = 1; }',
  },
];

interface Registry {
  readonly url: string;
  register(definition: SchemaDefinition): number | Promise<number>;
  deleteSubject(subject: string): void | Promise<void>;
  close(): Promise<void>;
}

const kinds: readonly (readonly [string, () => Promise<Registry>])[] = [
  ['the real registry', startRealRegistry],
  ['the double', () => StubRegistry.start()],
];

describe.each(kinds)('%s', (_, start) => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await start();
  }, 60_000);
  afterAll(() => registry?.close());

  const get = (path: string) => call('GET', `${registry.url}${path}`);
  const notFound = (code: number) => ({ status: 404, body: { error_code: code } });

  test.each(importing)('registers and finds $schemaType with references', async ({ schemaType, name, part, whole }) => {
    const [imported, subject] = [randomName('part'), randomName('whole')];
    const schema = typeof whole === 'string' ? whole : JSON.stringify(whole);
    const references: SchemaReference[] = [{ name, subject: imported, version: 1 }];
    await registry.register({ subject: imported, schemaType, schema: part });
    const id = await registry.register({ subject, schemaType, schema, references });
    expect(await registry.register({ subject, schemaType, schema, references })).toBe(id);

    expect(await get(`/schemas/ids/${id}`)).toMatchObject({ status: 200, body: { schema, references } });
    const found = { status: 200, body: { id, subject, version: 1, schema, references } };
    expect(await get(`/subjects/${subject}/versions/1`)).toMatchObject(found);
    expect(await get(`/subjects/${subject}/versions/latest`)).toMatchObject(found);
    const sought = { schema, schemaType, references };
    expect(await call('POST', `${registry.url}/subjects/${subject}`, sought)).toMatchObject(found);

    await registry.deleteSubject(subject);
    expect(await get(`/subjects/${subject}/versions/latest`)).toMatchObject(notFound(40401));
    expect(await get(`/schemas/ids/${id}`)).toMatchObject({ status: 200, body: { schema } });
  });

  test('counts versions and answers with Confluent’s codes where it finds nothing', async () => {
    const subject = randomName('subject');
    const longer = { ...record, fields: [...record.fields, { name: 'unit', type: 'string', default: '' }] };
    await registry.register({ subject, schema: record });
    const id = await registry.register({ subject, schema: longer });
    expect(await get(`/subjects/${subject}/versions`)).toMatchObject({ status: 200, body: [1, 2] });
    expect(await get(`/subjects/${subject}/versions/latest`)).toMatchObject({ body: { id, version: 2 } });
    expect(await get('/schemas/ids/99999')).toMatchObject(notFound(40403));
    expect(await get(`/subjects/${subject}-2/versions/latest`)).toMatchObject(notFound(40401));
    expect(await get(`/subjects/${subject}/versions/3`)).toMatchObject(notFound(40402));
    const other = { schema: JSON.stringify(changed) };
    expect(await call('POST', `${registry.url}/subjects/${subject}`, other)).toMatchObject(notFound(40403));
    expect(await call('POST', `${registry.url}/subjects/${subject}-2`, other)).toMatchObject(notFound(40401));
    await registry.deleteSubject(subject);
  });
});

describe('a real registry of the test’s own', () => {
  test('refuses what is not compatible, and starts again empty, on the same port and behind its proxy', async () => {
    const registry = await RealRegistry.start();
    try {
      const id = await registry.register({ subject: 'value', schema: record });
      await expect(registry.register({ subject: 'value', schema: changed })).rejects.toThrow('409');
      const find = () => call('GET', `${registry.proxied}/schemas/ids/${id}`);
      expect(await find()).toMatchObject({ status: 200 });
      await registry.stop();
      await expect(find()).rejects.toThrow();
      await registry.start();
      expect(await find()).toMatchObject({ status: 404 });
      await registry.register({ subject: 'value', schema: changed });
      registry.proxy.cut();
      await expect(find()).rejects.toThrow();
      registry.proxy.restore();
      expect(await find()).toMatchObject({ status: 200 });
    } finally {
      await registry.close();
    }
  }, 60_000);
});

describe('the double', () => {
  let stub: StubRegistry;
  let path: string;
  beforeEach(async () => {
    stub = await StubRegistry.start({ basePath: '/api' });
    path = `/schemas/ids/${stub.register({ subject: 'value', schema: '"string"' })}`;
  });
  afterEach(() => stub.close());

  const find = () => call('GET', `${stub.url}${path}`);
  const right = { status: 200, body: { schema: '"string"' } };

  const answers: [Behaviour, object][] = [
    ['works', right],
    ['drips', right],
    ['empty', { status: 200, body: undefined }],
    ['garbage', { status: 200, body: expect.stringContaining('{\ufffd') }],
    ['html', { status: 200, body: expect.stringContaining('<html>') }],
    ['other shape', { status: 200, body: { data: [{ id: '1' }] } }],
    [500, { status: 500, body: { error_code: 500, message: 'HTTP 500 Internal Server Error' } }],
    [
      { status: 502, body: '<html></html>' },
      { status: 502, body: '<html></html>' },
    ],
  ];
  test.each(answers)('answers where it is set to %j', async (behaviour, answer) => {
    stub.behave(behaviour);
    expect(await find()).toMatchObject(answer);
  });

  test.each(['breaks', 'breaks off'] as const)('%s', async (behaviour) => {
    stub.behave(behaviour);
    await expect(find()).rejects.toThrow();
    stub.behave('works');
    expect(await find()).toMatchObject(right);
  });

  test('hangs until it is told something else, and counts what came meanwhile', async () => {
    stub.behave('hangs');
    const answer = find();
    await eventually(() => expect(stub.count(/^GET \/schemas\/ids\//)).toBe(1));
    stub.behave(503, { only: /^POST/ });
    expect(await answer).toMatchObject(right);
    expect(stub.requests).toMatchObject([{ method: 'GET', path }]);
    stub.forget();
    expect(stub.count()).toBe(0);
  });

  test('fails so many times as it is told, where it is told', async () => {
    stub.behave(500, { only: /^GET \/schemas/, times: 1 });
    expect(await call('GET', `${stub.url}/subjects`)).toMatchObject({ status: 200, body: ['value'] });
    expect(await find()).toMatchObject({ status: 500 });
    expect(await find()).toMatchObject(right);
  });

  test('stops, and starts again with its schemas on the same port', async () => {
    await stub.stop();
    await expect(find()).rejects.toThrow();
    await stub.start();
    expect(await find()).toMatchObject(right);
  });

  test('asks for credentials and for certificates', async () => {
    const file = (name: string) => readFileSync(new URL(`../support/tls/${name}.pem`, import.meta.url));
    const guarded = await StubRegistry.start({ tls: 'mutual', credentials: { username: 'u', password: 'p:ä' } });
    const identity = { ca: file('ca'), cert: file('client'), key: file('client-key') };
    const [known, unknown] = [identity, { ca: file('ca') }].map((connect) => new Agent({ connect })) as [Agent, Agent];
    const status = async (dispatcher: Agent, headers: Record<string, string> = {}) => {
      const answer = await request(`${guarded.url}/subjects`, { dispatcher, headers });
      await answer.body.dump();
      return answer.statusCode;
    };
    try {
      const authorization = `Basic ${Buffer.from('u:p:ä').toString('base64')}`;
      expect(await status(known, { authorization })).toBe(200);
      expect(await status(known)).toBe(401);
      await expect(status(unknown)).rejects.toThrow();
      guarded.behave('breaks');
      await expect(status(known, { authorization })).rejects.toThrow();
    } finally {
      await Promise.all([known.close(), unknown.close(), guarded.close()]);
    }
  });
});
