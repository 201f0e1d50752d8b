import { describe, expect, it } from '@jest/globals';
import { RegistryClient } from '../../../src/clients/schema-registry/registry-client.ts';
import type { RegistryConfig } from '../../../src/foundation/config/registry-config.ts';
import { closeAfterTest, enumOf, settingsFor, startStub } from '../../support/registry-bench.ts';

function clientOf(urls: readonly string[], changed: Partial<RegistryConfig> = {}): RegistryClient {
  const client = new RegistryClient(settingsFor(urls, changed));
  closeAfterTest(() => client.close());
  return client;
}

async function start(changed: Partial<RegistryConfig> = {}) {
  const stub = await startStub();
  return { stub, client: clientOf([stub.url], changed) };
}

const text = JSON.stringify(enumOf('A'));
const definition = { type: 'AVRO', text, references: [] } as const;

describe('RegistryClient', () => {
  it('reads a schema of each type', async () => {
    const { stub, client } = await start();
    stub.register({ subject: 'a', schema: text });
    stub.register({ subject: 'j', schema: '{}', schemaType: 'JSON' });
    stub.register({ subject: 'p', schema: 'message M {}', schemaType: 'PROTOBUF' });
    expect([
      await client.schemaById(1),
      await client.schemaByVersion('j', 1),
      await client.schemaByVersion('p', 'latest'),
    ]).toEqual([
      { id: 1, definition: { type: 'AVRO', text, references: [] }, references: [] },
      { id: 2, definition: { type: 'JSONSCHEMA', text: '{}', references: [] }, references: [] },
      { id: 3, definition: { type: 'PROTOBUF', text: 'message M {}', references: [] }, references: [] },
    ]);
  });

  it('refuses a type that it does not know', async () => {
    const { stub, client } = await start();
    stub.behave({ status: 200, body: { schema: 'x', schemaType: 'XML' } });
    await expect(client.schemaById(1)).rejects.toMatchObject({
      code: 'ERR12208',
      description: 'schema type XML is not known; AVRO, JSON and PROTOBUF are',
    });
  });

  // Looked up in an object, the names of its prototype's members were found: a read of such a topic was a 500.
  it.each(['constructor', '__proto__', 'toString'])('knows no type %s', async (schemaType) => {
    const stub = await startStub();
    stub.behave({ status: 200, body: { schema: 'x', schemaType } });
    await expect(clientOf([stub.url]).schemaById(1)).rejects.toMatchObject({
      code: 'ERR12208',
      description: `schema type ${schemaType} is not known; AVRO, JSON and PROTOBUF are`,
    });
  });

  it('sends what the registry asks for', async () => {
    const { stub, client } = await start();
    await client.register('s', definition);
    await client.lookUp('s', { ...definition, type: 'JSONSCHEMA' }, [{ name: 'n', subject: 'a', version: 1 }]);
    expect(stub.requests).toEqual([
      {
        method: 'POST',
        path: '/subjects/s/versions',
        headers: expect.objectContaining({ 'content-type': 'application/vnd.schemaregistry.v1+json' }),
        body: { schema: text },
      },
      {
        method: 'POST',
        path: '/subjects/s',
        headers: expect.objectContaining({ 'content-type': 'application/vnd.schemaregistry.v1+json' }),
        body: { schema: text, schemaType: 'JSON', references: [{ name: 'n', subject: 'a', version: 1 }] },
      },
    ]);
  });

  it('tells whether a subject has a schema', async () => {
    const { stub, client } = await start();
    stub.register({ subject: 's', schema: text });
    expect([
      await client.lookUp('s', definition),
      await client.lookUp('other', definition),
      await client.lookUp('s', { ...definition, text: '"int"' }),
    ]).toEqual([1, undefined, undefined]);
  });

  it.each([
    'a/b',
    'a b',
    'é☃',
    '100%',
    'a?b=c#d',
    '{version}',
    'x{subject}y',
    '$&',
    'q\'"`',
    '%2F',
    '\\',
    ':.ctx:s',
    ';a,b@&+',
  ])('finds the subject %j by its own name', async (subject) => {
    const { stub, client } = await start();
    const id = stub.register({ subject, schema: text });
    expect([
      (await client.schemaByVersion(subject, 1)).id,
      (await client.schemaByVersion(subject, 'latest')).id,
      await client.lookUp(subject, definition),
      await client.register(subject, definition),
    ]).toEqual([id, id, id, id]);
  });

  it('keeps the path of its address', async () => {
    const stub = await startStub({ basePath: '/registry/v1' });
    stub.register({ subject: 's', schema: text });
    expect((await clientOf([stub.url]).schemaById(1)).id).toBe(1);
    expect(stub.requests.map(({ path }) => path)).toEqual(['/schemas/ids/1']);
  });

  // The library puts the credentials where only its own carrier of requests finds them.
  it('sends user and password with every request, whatever characters they have', async () => {
    for (const [username, password] of [
      ['alice', 's3cret'],
      ['a', 'x:y'],
      ['us', 'pässwörd☃'],
    ] as const) {
      const stub = await startStub({ credentials: { username, password } });
      stub.register({ subject: 's', schema: text });
      const client = clientOf([stub.url], { credentials: { username, password } });
      await client.schemaById(1).catch(() => undefined);
      await client.register('s', definition).catch(() => undefined);
      const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      expect(stub.requests.map(({ headers }) => headers.authorization)).toEqual([expected, expected]);
    }
  });
});

describe('several addresses', () => {
  it('are tried in turn until one answers, which is asked first from then on', async () => {
    const [first, second, third] = [await startStub(), await startStub(), await startStub()];
    second.register({ subject: 's', schema: text });
    await first.stop();
    const client = clientOf([first.url, second.url, third.url]);
    expect((await client.schemaById(1)).id).toBe(1);
    await first.start();
    expect((await client.schemaByVersion('s', 'latest')).id).toBe(1);
    expect([first.count(), second.count(), third.count()]).toEqual([0, 2, 0]);
    third.register({ subject: 's', schema: text });
    second.behave(502);
    expect((await client.schemaById(1)).id).toBe(1);
    expect([first.count(), second.count(), third.count()]).toEqual([0, 3, 1]);
  });

  it('are not tried after a refusal: the registry has said its word', async () => {
    const [first, second] = [await startStub(), await startStub()];
    second.register({ subject: 's', schema: text });
    await expect(clientOf([first.url, second.url]).schemaById(1)).rejects.toMatchObject({ code: 'ERR12208' });
    expect(second.count()).toBe(0);
  });

  it('fail with what the last of them said', async () => {
    const [first, second] = [await startStub(), await startStub()];
    await first.stop();
    second.behave('html');
    await expect(clientOf([first.url, second.url]).schemaById(1)).rejects.toMatchObject({
      code: 'ERR12229',
      status: 503,
      headers: { 'Retry-After': '1' },
      description:
        'the schema registry cannot be used: it answered 200 with something that no schema registry answers; is its URL right?',
    });
    await first.start();
  });
});

describe('references', () => {
  const schemas = (of: { definition: { references: readonly { name: string; text: string }[] } }) =>
    of.definition.references.map(({ name, text: schema }) => `${name}=${schema}`);
  const to = (subject: string, version = 1, name = subject) => ({ name, subject, version });

  it('are resolved in depth, each behind what it refers to', async () => {
    const { stub, client } = await start();
    stub.register({ subject: 'c', schema: 'C' });
    stub.register({ subject: 'b', schema: 'B', references: [to('c', 1, 'c.proto')] });
    stub.register({ subject: 'd', schema: 'D' });
    stub.register({ subject: 'a', schema: 'A', references: [to('b'), to('d')] });
    const found = await client.schemaByVersion('a', 'latest');
    expect([schemas(found), found.references]).toEqual([
      ['c.proto=C', 'b=B', 'd=D'],
      [to('b'), to('d')],
    ]);
    expect(await client.schemaById(4)).toEqual(found);
  });

  it('stand once, however many lead to them', async () => {
    const { stub, client } = await start();
    stub.register({ subject: 'base', schema: 'Base' });
    stub.register({ subject: 'l', schema: 'L', references: [to('base')] });
    stub.register({ subject: 'r', schema: 'R', references: [to('base'), to('l')] });
    stub.register({ subject: 'top', schema: 'Top', references: [to('l'), to('r'), to('base')] });
    stub.forget();
    expect(schemas(await client.schemaByVersion('top', 1))).toEqual(['base=Base', 'l=L', 'r=R']);
    expect(stub.count(/subjects\/base/)).toBe(1);
  });

  // Confluent's clients take the first one of a name: a file, type or URI can be there only once.
  it('of one name and different versions count once, the first', async () => {
    const { stub, client } = await start();
    stub.register({ subject: 'base', schema: 'Base1' });
    stub.register({ subject: 'base', schema: 'Base2' });
    stub.register({ subject: 'l', schema: 'L', references: [to('base', 2)] });
    stub.register({ subject: 'top', schema: 'Top', references: [to('base', 1), to('l')] });
    expect(schemas(await client.schemaByVersion('top', 1))).toEqual(['base=Base1', 'l=L']);
  });

  it('in a circle end', async () => {
    const { stub, client } = await start();
    const answer = (schema: string, ...references: object[]) => ({ status: 200, body: { id: 1, schema, references } });
    stub.behave(answer('X', to('a'), to('b')));
    expect(schemas(await client.schemaByVersion('a', 1))).toEqual(['b=X', 'a=X']);
  });

  it('are refused beyond a number, and none is asked for any more', async () => {
    const { stub, client } = await start();
    const references = Array.from({ length: 300 }, (_, index) => to(`s${index}`));
    stub.behave({ status: 200, body: { id: 1, schema: 'X', references } }, { only: /ids/ });
    for (let index = 0; index < 300; index++) stub.register({ subject: `s${index}`, schema: `S${index}` });
    await expect(client.schemaById(1)).rejects.toMatchObject({
      code: 'ERR12208',
      description: 'a schema refers to more than 200 others',
    });
    expect(stub.count()).toBe(201);
  });

  it('that the registry has not are refused', async () => {
    const { stub, client } = await start();
    stub.behave({ status: 200, body: { id: 1, schema: 'X', references: [to('gone', 3)] } }, { only: /ids/ });
    await expect(client.schemaById(1)).rejects.toMatchObject({
      code: 'ERR12208',
      description: 'subject gone has no version 3 in the schema registry (40401)',
    });
  });
});
