import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { SchemaRegistry } from '../../../src/clients/schema-registry/schema-registry.ts';
import type { RegistryConfig } from '../../../src/foundation/config/registry-config.ts';
import type { Behaviour, StubRegistry } from '../../support/stub-registry.ts';
import { closeAfterTest, enumOf, outcomeOf, settingsFor, startStub } from '../../support/registry-bench.ts';

const schema = enumOf('A');
function registryOf(stub: StubRegistry, changed: Partial<RegistryConfig> = {}, url = stub.url): SchemaRegistry {
  const registry = new SchemaRegistry(settingsFor([url], changed), { isUnionPlain: false });
  closeAfterTest(() => registry.stop());
  return registry;
}

/** What each kind of question comes to. */
function outcomesOf(registry: SchemaRegistry): Promise<unknown[]> {
  return Promise.all([
    outcomeOf(() => registry.byId(1)),
    outcomeOf(() => registry.byVersion('s', 1)),
    outcomeOf(() => registry.latest('s')),
    outcomeOf(() => registry.byIdUnder('s', 1)),
    outcomeOf(() => registry.byText('s', 'AVRO', JSON.stringify(schema))),
  ]);
}

const body = (parts: object) => ({ status: 200, body: { id: 1, schema: '"int"', ...parts } });
const garbled = 'something that no schema registry answers; is its URL right?';

describe('a registry that misbehaves', () => {
  const behaviours: [string, Behaviour, string | RegExp][] = [
    ['hangs', 'hangs', /no whole answer within 100 ms|TimeoutError/],
    ['drips', 'drips', /no whole answer within 100 ms|TimeoutError/],
    ['resets the connection', 'breaks', /ECONNRESET|other side closed|socket hang up/],
    ['is cut off in its answer', 'breaks off', /other side closed|aborted|terminated|ECONNRESET/],
    ['answers nothing', 'empty', `it answered 200 with ${garbled}`],
    ['answers garbage', 'garbage', `it answered 200 with ${garbled}`],
    ['answers a page', 'html', `it answered 200 with ${garbled}`],
    ['answers null', { status: 200, body: null }, `it answered 200 with ${garbled}`],
    ['answers a list', { status: 200, body: [1] }, `it answered 200 with ${garbled}`],
    ['answers 204', { status: 204, body: Buffer.alloc(0) }, `it answered 204 with ${garbled}`],
    [
      'sends elsewhere',
      { status: 302, body: {}, headers: { location: 'http://127.0.0.1:1/' } },
      `it answered 302 with ${garbled}`,
    ],
    ['answers 401', 401, "it refuses the sidecar's credentials with 401"],
    ['answers 403', 403, "it refuses the sidecar's credentials with 403"],
    [
      'answers 404 without its own word',
      { status: 404, body: '<h1>Not Found</h1>' },
      `it answered 404 with ${garbled}`,
    ],
    ['answers 404 with null', { status: 404, body: null }, `it answered 404 with ${garbled}`],
    ['answers 429', 429, `it answered 429 with ${garbled}`],
    ['answers 500', 500, `it answered 500 with ${garbled}`],
    ['answers 500 with null', { status: 500, body: null }, `it answered 500 with ${garbled}`],
    ['answers 502', { status: 502, body: 'Bad Gateway' }, `it answered 502 with ${garbled}`],
    ['answers too much', { status: 200, body: Buffer.alloc(17_000_000, ' ') }, /size|exceeded/i],
  ];

  it.each(behaviours)(
    '%s: nobody waits beyond the deadline, and all are told of an outage',
    async (_, behaviour, reason) => {
      const stub = await startStub();
      stub.register({ subject: 's', schema });
      stub.behave(behaviour);
      const begun = Date.now();
      const isSlow = behaviour === 'hangs' || behaviour === 'drips';
      const outcomes = await outcomesOf(registryOf(stub, isSlow ? { requestTimeoutMs: 100 } : {}));
      expect(Date.now() - begun).toBeLessThan(2_000);
      const prefix = 'ERR12229 the schema registry cannot be used: ';
      const said = typeof reason === 'string' ? `${prefix}${reason}` : expect.stringMatching(reason);
      expect(outcomes).toEqual(outcomes.map(() => said));
      expect(outcomes.every((outcome) => String(outcome).startsWith(prefix))).toBe(true);
      stub.behave('works');
    },
  );

  it.each([
    ['no id', { id: undefined }],
    ['an id that is a text', { id: '1' }],
    ['an id that is a fraction', { id: 1.5 }],
    ['an id beyond 32 bits', { id: 5_000_000_000 }],
    ['an id below 1', { id: 0 }],
  ])('answers %s: that is an outage where the id is needed', async (_, parts) => {
    const stub = await startStub();
    stub.behave(body(parts));
    const registry = registryOf(stub);
    const outcomes = [
      await outcomeOf(() => registry.byVersion('s', 1)),
      await outcomeOf(() => registry.latest('s')),
      await outcomeOf(() => registry.byText('s', 'AVRO', '"int"')),
    ];
    expect(outcomes).toEqual(outcomes.map(() => 'ERR12229 the schema registry cannot be used: it answered without id'));
  });

  it.each([
    ['no schema', { schema: undefined }],
    ['a schema that is no text', { schema: { type: 'int' } }],
    ['a reference that is null', { references: [null] }],
    ['a reference that is a number', { references: [1] }],
    ['a reference without a version', { references: [{ name: 'a', subject: 'b' }] }],
  ])('answers %s: that is an outage', async (_, parts) => {
    const stub = await startStub();
    stub.behave(body(parts));
    const registry = registryOf(stub);
    const outcomes = [
      await outcomeOf(() => registry.byId(1)),
      await outcomeOf(() => registry.byVersion('s', 1)),
      await outcomeOf(() => registry.latest('s')),
    ];
    expect(outcomes).toEqual(
      outcomes.map(() => expect.stringMatching(/^ERR12229 the schema registry cannot be used: /)),
    );
  });

  it('is used again as soon as it behaves', async () => {
    const stub = await startStub();
    stub.register({ subject: 's', schema });
    const registry = registryOf(stub);
    for (const behaviour of ['breaks', 'breaks off', 'empty', 500] as const) {
      stub.behave(behaviour);
      await outcomesOf(registry);
    }
    stub.behave('works');
    const avro = { id: 1, type: 'AVRO' };
    expect(await outcomesOf(registry)).toEqual([avro, avro, avro, avro, avro]);
  });
});

describe('the connection', () => {
  const caFile = fileURLToPath(new URL('../../support/tls/ca.pem', import.meta.url));

  it('is refused where nobody listens', async () => {
    const stub = await startStub();
    await stub.stop();
    expect(await outcomeOf(() => registryOf(stub).byId(1))).toMatch(/^ERR12229 .*ECONNREFUSED/);
    await stub.start();
  });

  it('trusts the authorities of the configured file, and no others', async () => {
    const stub = await startStub({ tls: 'server' });
    stub.register({ subject: 's', schema });
    expect(await outcomeOf(() => registryOf(stub, { caFile }).byId(1))).toEqual({ id: 1, type: 'AVRO' });
    expect(await outcomeOf(() => registryOf(stub).byId(1))).toMatch(/^ERR12229 .*certificate/);
  });

  it('ends where one side speaks TLS alone', async () => {
    const [plain, secure] = [await startStub(), await startStub({ tls: 'server' })];
    expect(await outcomeOf(() => registryOf(plain, {}, plain.url.replace('http:', 'https:')).byId(1))).toMatch(
      /^ERR12229 /,
    );
    expect(await outcomeOf(() => registryOf(secure, {}, secure.url.replace('https:', 'http:')).byId(1))).toMatch(
      /^ERR12229 /,
    );
  });

  it('is refused without the client’s certificate where one is required', async () => {
    const stub = await startStub({ tls: 'mutual' });
    expect(await outcomeOf(() => registryOf(stub, { caFile }).byId(1))).toMatch(/^ERR12229 /);
  });

  it('ends with the registry: who still waits is told of an outage', async () => {
    const stub = await startStub();
    stub.behave('hangs');
    const registry = registryOf(stub, { requestTimeoutMs: 20_000 });
    const waiting = outcomeOf(() => registry.byId(1));
    await registry.stop();
    expect(await waiting).toMatch(/^ERR12229 /);
    stub.behave('works');
  });
});
