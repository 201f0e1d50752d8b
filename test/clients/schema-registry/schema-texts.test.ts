import { describe, expect, it } from '@jest/globals';
import { enumOf, outcomeOf, startBench } from '../../support/registry-bench.ts';

const text = JSON.stringify(enumOf('A'));

describe('a schema given as its text', () => {
  it('is registered once, and known by its id from then on', async () => {
    const { stub, registry } = await startBench();
    const all = await Promise.all(Array.from({ length: 50 }, async () => registry.byText('s', 'AVRO', text)));
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set([1]));
    expect(stub.requests.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
      { method: 'POST', path: '/subjects/s/versions', body: { schema: text } },
    ]);
    expect([registry.byId(1), registry.byText('s', 'AVRO', text)]).toEqual([all[0], all[0]]);
  });

  it('is registered under each subject, and as each type', async () => {
    const { stub, registry } = await startBench();
    const json = '{"type":"string"}';
    const found = [
      await registry.byText('a', 'AVRO', json),
      await registry.byText('b', 'AVRO', json),
      await registry.byText('a', 'JSONSCHEMA', json),
      await registry.byText('p', 'PROTOBUF', 'syntax = "proto3"; message M {}'),
    ];
    expect(found.map(({ id, type }) => `${type} ${id}`)).toEqual(['AVRO 1', 'AVRO 1', 'JSONSCHEMA 2', 'PROTOBUF 3']);
    expect(stub.requests.map(({ path, body }) => [path, (body as { schemaType?: string }).schemaType])).toEqual([
      ['/subjects/a/versions', undefined],
      ['/subjects/b/versions', undefined],
      ['/subjects/a/versions', 'JSON'],
      ['/subjects/p/versions', 'PROTOBUF'],
    ]);
  });

  it('is only looked up where registering is off', async () => {
    const { stub, registry } = await startBench({ autoRegister: false });
    stub.register({ subject: 's', schema: text });
    expect([
      await outcomeOf(() => registry.byText('s', 'AVRO', text)),
      await outcomeOf(() => registry.byText('other', 'AVRO', text)),
    ]).toEqual([
      { id: 1, type: 'AVRO' },
      'ERR12208 the schema is not registered under subject other, and schema.registry.auto.register.schemas is false',
    ]);
    expect(stub.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /subjects/s',
      'POST /subjects/other',
    ]);
  });

  it('is refused where it is none, and never sent', async () => {
    const { stub, registry } = await startBench();
    expect([
      await outcomeOf(() => registry.byText('s', 'AVRO', '{"type":')),
      await outcomeOf(() => registry.byText('s', 'JSONSCHEMA', '{"type":5}')),
      await outcomeOf(() => registry.byText('s', 'PROTOBUF', '')),
    ]).toEqual([
      expect.stringMatching(/^ERR12208 the given schema is no valid Avro schema: /),
      expect.stringMatching(/^ERR12208 the given schema is no valid JSON Schema: /),
      'ERR12208 the given schema is no valid Protobuf schema: it has no message',
    ]);
    expect(stub.requests).toEqual([]);
  });

  it.each([
    [409, { error_code: 409, message: 'Schema being registered is incompatible' }],
    [422, { error_code: 42201, message: 'Invalid schema' }],
  ])('is refused with the registry’s word on %d', async (status, body) => {
    const { stub, registry } = await startBench();
    stub.behave({ status, body });
    expect(await outcomeOf(() => registry.byText('s', 'AVRO', text))).toBe(
      `ERR12208 the schema registry refuses the schema for subject s (${status}): ${body.message}`,
    );
  });

  it('is refused in few words, however many the registry has', async () => {
    const { stub, registry } = await startBench();
    stub.behave({ status: 409, body: { error_code: 409, message: 'x'.repeat(100_000) } });
    expect(String(await outcomeOf(() => registry.byText('s', 'AVRO', text))).length).toBeLessThan(700);
  });
});
