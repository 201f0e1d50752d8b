import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { produce } from '../support/active-consumer.ts';
import { eventually } from '../support/eventually.ts';
import { call } from '../support/http.ts';
import { HttpInstance } from '../support/http-instance.ts';
import { randomName } from '../support/names.ts';
import { frame, SidecarBench } from '../support/sidecar-bench.ts';
import { StubRegistry } from '../support/stub-registry.ts';

const timestamp = 1_700_000_000_000;
const unknownId = 2_000_000_000;
/** The client library takes empty bytes that begin nowhere for null. */
const noBytes = Buffer.alloc(1).subarray(0, 0);

let bench: SidecarBench;
let topic: string;
let ids: { readonly avro: number; readonly json: number; readonly protobuf: number };

beforeAll(async () => {
  bench = await SidecarBench.start();
  topic = await bench.newTopic('undecodable');
  const subject = () => randomName('undecodable');
  const { registry } = bench;
  const field = (name: string, type: unknown) => ({ name, type });
  const suit = { type: 'enum', name: 'Suit', symbols: ['HEARTS'] };
  const fields = [field('s', 'string'), field('u', ['null', 'int']), field('e', suit)];
  ids = {
    avro: await registry.register({ subject: subject(), schema: { type: 'record', name: 'Value', fields } }),
    json: await registry.register({
      subject: subject(),
      schemaType: 'JSON',
      schema: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' },
    }),
    protobuf: await registry.register({
      subject: subject(),
      schemaType: 'PROTOBUF',
      schema: 'syntax = "proto3"; package p; message Value { string s = 1; message Inner { int32 n = 1; } }',
    }),
  };
}, 60_000);

afterAll(() => bench?.close(), 60_000);

/** Bytes that cannot be read, and what the reader is told of them. */
function faults(): (readonly [title: string, bytes: Buffer, description: string | RegExp])[] {
  const { avro, json, protobuf } = ids;
  const short = (bytes: number) => `has ${bytes} bytes, too few for magic byte 0 and a schema id`;
  const misfit = (type: string, id: number, why: string) => `does not fit ${type} schema ${id}: ${why}`;
  return [
    ['no bytes', noBytes, short(0)],
    ['4 bytes', Buffer.from([0, 0, 0, 1]), short(4)],
    ['magic byte 1', Buffer.from([1, 0, 0, 0, 1, 2]), 'begins with byte 1, not with magic byte 0 and a schema id'],
    ['plain JSON', Buffer.from('{"a":1}'), 'begins with byte 123, not with magic byte 0 and a schema id'],
    [
      'an unknown id',
      frame(unknownId, 2),
      `cannot be read: schema id ${unknownId} is not known to the schema registry (40403)`,
    ],
    ['id 0', frame(0, 2), 'cannot be read: 0 is no schema id'],
    ['a negative id', frame(-1, 2), 'cannot be read: -1 is no schema id'],
    ['Avro cut off', frame(avro, 4, 0x61), misfit('AVRO', avro, 'the bytes end before the value does')],
    ['Avro without bytes', frame(avro), misfit('AVRO', avro, 'the bytes end before the value does')],
    [
      'Avro with bytes left over',
      frame(avro, 2, 0x61, 0, 0, 9, 9),
      misfit('AVRO', avro, '2 bytes are left over behind the value'),
    ],
    ['Avro with wrong UTF-8', frame(avro, 2, 0xff, 0, 0), misfit('AVRO', avro, 'a string is not UTF-8')],
    ['Avro with a branch that is none', frame(avro, 2, 0x61, 4, 0), misfit('AVRO', avro, 'a union has no branch 2')],
    ['Avro with a symbol that is none', frame(avro, 2, 0x61, 0, 2), misfit('AVRO', avro, 'an enum has no symbol 1')],
    ['JSON cut off', frame(json, 0x7b), misfit('JSONSCHEMA', json, 'no JSON')],
    ['JSON without bytes', frame(json), misfit('JSONSCHEMA', json, 'no JSON')],
    ['JSON with wrong UTF-8', frame(json, 0x22, 0xff, 0x22), misfit('JSONSCHEMA', json, 'no JSON')],
    [
      'Protobuf without an index',
      frame(protobuf),
      misfit('PROTOBUF', protobuf, 'the bytes end within the message index'),
    ],
    [
      'Protobuf with an index cut off',
      frame(protobuf, 4, 0),
      misfit('PROTOBUF', protobuf, 'the bytes end within the message index'),
    ],
    [
      'Protobuf with an index of no message',
      frame(protobuf, 2, 2),
      misfit('PROTOBUF', protobuf, 'the schema has no message of index [1]'),
    ],
    [
      'Protobuf with a negative index',
      frame(protobuf, 2, 1),
      misfit('PROTOBUF', protobuf, 'the schema has no message of index [-1]'),
    ],
    ['Protobuf cut off', frame(protobuf, 0, 10, 5, 0x61), misfit('PROTOBUF', protobuf, 'no p.Value: premature EOF')],
    ['Protobuf with wrong UTF-8', frame(protobuf, 0, 10, 1, 0xff), /no p\.Value: .*not valid/],
  ];
}

describe.each(['key', 'value'] as const)('a %s that cannot be read', (side) => {
  test('stands in its place with its bytes, and its neighbours are unharmed', async () => {
    const all = faults();
    const good = { bytes: frame(ids.avro, 2, 0x61, 2, 2, 0), json: { s: 'a', u: { int: 1 }, e: 'HEARTS' } };
    const sent = all.flatMap(([, bytes]) => [good.bytes, bytes]);
    await produce(
      bench.kafka.bootstrap,
      topic,
      sent.map((bytes) => ({ key: good.bytes, value: good.bytes, [side]: bytes, timestamp })),
    );
    const from = (await bench.size(topic)) - sent.length;
    const instance = await HttpInstance.create(bench.url, randomName('undecodable'));
    await instance.subscribe({ topics: [topic] });
    const records = (await instance.readAll(from + sent.length)).slice(from);
    const common = (offset: number) => ({
      topic,
      headers: { 'X-Correlation-Id': `${topic}-0-${offset}` },
      partition: 0,
      offset,
      timestamp,
    });
    const neighbours = records.filter((_, index) => index % 2 === 0);
    expect(neighbours).toEqual(
      neighbours.map((_, index) => ({ ...common(from + 2 * index), key: good.json, value: good.json })),
    );
    const broken = records.filter((_, index) => index % 2 === 1);
    const base64 = (bytes: Buffer) => bytes.toString('base64');
    expect(broken.map((record, index) => [all[index]![0], record])).toEqual(
      all.map(([title, bytes, description], index) => [
        title,
        {
          ...common(from + 2 * index + 1),
          error: {
            code: 'ERR12205',
            description:
              typeof description === 'string' ? `the ${side} ${description}` : expect.stringMatching(description),
          },
          keyBase64: base64(side === 'key' ? bytes : good.bytes),
          valueBase64: base64(side === 'value' ? bytes : good.bytes),
        },
      ]),
    );
  });
});

test('the description of a record that cannot be read has words for people, not the names of errors in JavaScript', async () => {
  const other = await bench.newTopic('words');
  await produce(
    bench.kafka.bootstrap,
    other,
    faults().map(([, value]) => ({ value })),
  );
  const instance = await HttpInstance.subscribed(bench.url, randomName('words'), [other]);
  const descriptions = (await instance.readAll(faults().length)).map(
    ({ error }) => (error as { description?: string } | undefined)?.description,
  );
  expect(descriptions.filter((description) => description?.includes('Error: '))).toEqual([]);
});

describe('a record whose schema is registered later', () => {
  test('is read by a later read, after a seek', async () => {
    const later = await bench.newTopic('later');
    const stub = await StubRegistry.start();
    const url = await bench.another({ SCHEMA_REGISTRY_URL: stub.url });
    await produce(bench.kafka.bootstrap, later, [{ value: frame(1, 14), timestamp }]);
    const instance = await HttpInstance.subscribed(url, randomName('later'), [later]);
    expect(await instance.readAll(1)).toMatchObject([{ offset: 0, error: { code: 'ERR12205' } }]);
    stub.register({ subject: `${later}-value`, schema: '"int"' });
    const partitions = [{ topic: later, partition: 0 }];
    await eventually(async () => {
      expect((await call('POST', `${instance.url}/positions/first`, { partitions })).status).toBe(204);
      expect(await instance.readAll(1)).toEqual([
        {
          topic: later,
          value: 7,
          headers: { 'X-Correlation-Id': `${later}-0-0` },
          partition: 0,
          offset: 0,
          timestamp,
        },
      ]);
    });
    await stub.close();
  });
});
