// Avro as the sidecar writes and reads it against Apache Avro for Java: the same JSON has to give the same bytes, and the
// bytes of either the same JSON.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { produce } from '../support/active-consumer.ts';
import { javaDecode, javaEncode, type AvroText, type JavaDecoded } from '../support/java-codec.ts';
import { randomName } from '../support/names.ts';
import type { SchemaReference } from '../support/registry-client.ts';
import { frame, SidecarBench } from '../support/sidecar-bench.ts';
import { readValueTexts } from '../support/value-texts.ts';

interface Case {
  readonly title: string;
  readonly schema: unknown;
  /** Schemas that it refers to, by type name, each after those it refers to itself. */
  readonly imports?: Readonly<Record<string, unknown>>;
  /** In Avro's JSON encoding, as Java writes it and the sidecar answers it. */
  readonly json: string;
  /** Other JSON that means the same. */
  readonly plain?: string;
}

const record = (name: string, fields: Readonly<Record<string, unknown>>) => ({
  type: 'record',
  name,
  namespace: 'com.example',
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
});
const address = record('Address', { street: 'string' });
const branches = [
  'null',
  'boolean',
  'long',
  'double',
  'bytes',
  address,
  { type: 'enum', name: 'com.example.Suit', symbols: ['HEARTS', 'SPADES'] },
  { type: 'fixed', name: 'com.example.Pair', size: 2 },
  { type: 'array', items: 'int' },
  { type: 'map', values: 'string' },
];
const inUnion = (title: string, wrapped: string, plain?: string): Case => ({
  title: `a union's ${title}`,
  // Within an array, since a null of its own is no Avro but a tombstone.
  schema: { type: 'array', items: branches },
  json: `[${wrapped}]`,
  ...(plain === undefined ? {} : { plain: `[${plain}]` }),
});

const cases: readonly Case[] = [
  { title: 'a top-level string', schema: '"string"', json: '"ä€😀\\u0001\\"\\\\"' },
  { title: 'a top-level long', schema: '"long"', json: '9007199254740993' },
  {
    title: 'the extremes of numbers',
    schema: record('Extremes', {
      ints: { type: 'array', items: 'int' },
      longs: { type: 'array', items: 'long' },
      floats: { type: 'array', items: 'float' },
      doubles: { type: 'array', items: 'double' },
    }),
    json: '{"ints":[-2147483648,-65,-64,-1,0,1,63,64,2147483647],"longs":[-9223372036854775808,-9007199254740993,-2147483649,0,2147483648,9007199254740993,9223372036854775807],"floats":[1.5,-0.0,3.4028235E38,0.1],"doubles":[0.1,-0.0,1.7976931348623157E308,4.9E-324,1.0]}',
    plain:
      '{"doubles":[0.1,-0.0,1.7976931348623157e308,5e-324,1],"floats":[1.5,-0,3.4028235e38,0.1],"longs":[-9223372036854775808,-9007199254740993,-2147483649,0,2147483648,9007199254740993,9223372036854775807],"ints":[-2147483648,-65,-64,-1,0,1,63,64,2147483647]}',
  },
  {
    title: 'numbers that are none',
    schema: record('Odd', { f: { type: 'array', items: 'float' }, d: { type: 'array', items: 'double' } }),
    json: '{"f":["NaN","Infinity","-Infinity"],"d":["NaN","Infinity","-Infinity"]}',
  },
  {
    title: 'bytes, fixed, enum, boolean and null',
    schema: record('Kinds', {
      bytes: 'bytes',
      none: 'bytes',
      fixed: { type: 'fixed', name: 'Four', size: 4 },
      suit: { type: 'enum', name: 'Suit', symbols: ['HEARTS', 'SPADES'] },
      yes: 'boolean',
      no: 'boolean',
      nothing: 'null',
    }),
    json: '{"bytes":"\\u0000\\u007F\\u0080ÿ","none":"","fixed":"\\u0001\\u0002þÿ","suit":"SPADES","yes":true,"no":false,"nothing":null}',
  },
  {
    title: 'nested arrays, maps and records',
    schema: record('Nest', {
      matrix: { type: 'array', items: { type: 'array', items: 'int' } },
      byName: { type: 'map', values: { type: 'array', items: address } },
      empty: { type: 'map', values: 'int' },
      nothing: record('Nothing', {}),
      home: 'Address',
    }),
    json: '{"matrix":[[],[1],[2,3]],"byName":{"é":[{"street":"a"},{"street":""}]},"empty":{},"nothing":{},"home":{"street":"b"}}',
  },
  {
    title: 'logical types, as what lies under them',
    schema: record('Logical', {
      at: { type: 'long', logicalType: 'timestamp-micros' },
      day: { type: 'int', logicalType: 'date' },
      price: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 },
      id: { type: 'string', logicalType: 'uuid' },
    }),
    json: '{"at":1700000000000001,"day":19000,"price":"\\u0001\\u0086\\u009F","id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"}',
  },
  {
    title: 'a type that contains itself',
    schema: record('Node', { value: 'long', next: ['null', 'Node'] }),
    json: '{"value":1,"next":{"com.example.Node":{"value":2,"next":{"com.example.Node":{"value":3,"next":null}}}}}',
    plain: '{"value":1,"next":{"value":2,"next":{"value":3,"next":null}}}',
  },
  {
    title: 'defaults of fields that are missing',
    schema: {
      type: 'record',
      name: 'Defaults',
      fields: [
        { name: 'int', type: 'int', default: 7 },
        { name: 'nothing', type: ['null', 'string'], default: null },
        { name: 'text', type: ['string', 'null'], default: 'x' },
        { name: 'list', type: { type: 'array', items: 'int' }, default: [1, 2] },
        { name: 'bytes', type: 'bytes', default: '\u00ff' },
        { name: 'home', type: record('Home', { street: 'string' }), default: { street: 'y' } },
      ],
    },
    json: '{"int":7,"nothing":null,"text":{"string":"x"},"list":[1,2],"bytes":"ÿ","home":{"street":"y"}}',
    plain: '{}',
  },
  inUnion('null', 'null'),
  inUnion('boolean', '{"boolean":true}', 'true'),
  inUnion('long', '{"long":-9223372036854775808}', '-9223372036854775808'),
  inUnion('double', '{"double":1.5}', '1.5'),
  inUnion('bytes', '{"bytes":"ÿ"}'),
  inUnion('record', '{"com.example.Address":{"street":"x"}}'),
  inUnion('enum', '{"com.example.Suit":"SPADES"}', '"SPADES"'),
  inUnion('fixed', '{"com.example.Pair":"ÿ\\u0000"}'),
  inUnion('array', '{"array":[1,2]}', '[1,2]'),
  inUnion('map', '{"map":{"a":"b"}}', '{"a":"b"}'),
  {
    title: 'types of other subjects',
    imports: {
      'com.example.Street': record('Street', { name: 'string', number: ['null', 'int'] }),
      'com.example.Home': record('Home', { street: 'com.example.Street', city: 'string' }),
    },
    schema: record('Person', { home: 'com.example.Home', streets: { type: 'array', items: 'Street' } }),
    json: '{"home":{"street":{"name":"a","number":{"int":1}},"city":"c"},"streets":[{"name":"b","number":null}]}',
  },
];

/** A value that was produced. */
interface Written extends Case {
  readonly id: number;
  readonly text: AvroText;
  readonly bytes: Buffer;
}

let bench: SidecarBench;
let written: readonly Written[];
let topic: string;
/** What Java makes of the cases. */
let encoded: readonly Buffer[];
let decoded: readonly JavaDecoded[];

beforeAll(async () => {
  bench = await SidecarBench.start();
  topic = await bench.newTopic('avro');
  const all: Omit<Written, 'bytes'>[] = [];
  for (const one of cases) {
    const { subject, id } = await register(one);
    const text: AvroText = {
      type: 'avro',
      schema: textOf(one.schema),
      imports: Object.values(one.imports ?? {}).map(textOf),
    };
    expect(await write(topic, subject, one.json)).toEqual({
      status: 200,
      body: { offsets: [{ partition: 0, offset: all.length }], value_schema_id: id, requestStatus: 'OK' },
    });
    all.push({ ...one, id, text });
  }
  const records = await bench.stored(topic, all.length);
  written = all.map((one, index) => ({ ...one, bytes: records[index]!.value! }));
  [encoded, decoded] = await Promise.all([
    javaEncode(written.map(({ text, id, json }) => ({ ...text, id, json }))),
    javaDecode(written.map(({ text, bytes }) => ({ ...text, bytes }))),
  ]);
}, 60_000);

afterAll(() => bench?.close(), 60_000);

const textOf = (schema: unknown) => (typeof schema === 'string' ? schema : JSON.stringify(schema));

async function register({ schema, imports = {} }: Case): Promise<{ subject: string; id: number }> {
  const references: SchemaReference[] = [];
  for (const [name, imported] of Object.entries(imports)) {
    const subject = randomName('part');
    // Each refers to those before it.
    await bench.registry.register({ subject, schema: imported, references: [...references] });
    references.push({ name, subject, version: 1 });
  }
  const subject = randomName('avro');
  return { subject, id: await bench.registry.register({ subject, schema, references }) };
}

async function write(to: string, valueSchemaSubject: string, value: string) {
  const body = `{"valueFormat":"AVRO","valueSchemaSubject":"${valueSchemaSubject}","records":[{"value":${value}}]}`;
  const answer = await bench.produce(to, body);
  return { status: answer.status, body: answer.body };
}

const byTitle = (all: readonly unknown[]) => cases.map(({ title }, index) => [title, all[index]]);
/** Whatever its spelling, with the digits of integers that a double could round. */
const exactly = (json: string): unknown => JSON.parse(json.replaceAll(/(?<![\d.eE-])-?\d{16,}(?![\d.])/g, '"$&"'));

describe('Avro and Java', () => {
  test('the sidecar writes the bytes that Java writes', () => {
    expect(byTitle(written.map(({ bytes }) => bytes.toString('hex')))).toEqual(
      byTitle(encoded.map((bytes) => bytes.toString('hex'))),
    );
  });

  test('Java reads what the sidecar writes', () => {
    expect(decoded.map(({ id }) => id)).toEqual(written.map(({ id }) => id));
    expect(byTitle(decoded.map(({ json }) => exactly(json)))).toEqual(byTitle(cases.map(({ json }) => exactly(json))));
  });

  test('the sidecar reads what it wrote, digit for digit', async () => {
    const texts = await readValueTexts(bench.url, topic, cases.length);
    expect(byTitle(texts.map(exactly))).toEqual(byTitle(cases.map(({ json }) => exactly(json))));
  });

  test('JSON without wrappers, with other spellings and in another order gives the same bytes', async () => {
    const plainTopic = await bench.newTopic('plain');
    const plain = written.filter((one) => one.plain !== undefined);
    for (const { id, schema, plain: value } of plain) {
      const subject = randomName('plain');
      expect(await bench.registry.register({ subject, schema })).toBe(id);
      expect(await write(plainTopic, subject, value!)).toMatchObject({ status: 200 });
    }
    const records = await bench.stored(plainTopic, plain.length);
    expect(records.map(({ value }, index) => [plain[index]!.title, value!.toString('hex')])).toEqual(
      plain.map(({ title, bytes }) => [title, bytes.toString('hex')]),
    );
  });
});

describe('the default of a long', () => {
  // A schema's text was parsed as plain JSON, which rounded its numbers to doubles.
  test.each(['9007199254740993', '9223372036854775807', '-9223372036854775808'])(
    'that is missing, %s, is written to the digit',
    async (digits) => {
      const schema = `{"type":"record","name":"Wide","fields":[{"name":"n","type":"long","default":${digits}}]}`;
      const { topic: wide } = await bench.topicWith({ schema });
      expect(await bench.produce(wide, '{"records":[{"value":{}}]}')).toMatchObject({ status: 200 });
      expect(await readValueTexts(bench.url, wide, 1)).toEqual([`{"n":${digits}}`]);
    },
  );
});

describe('Avro bytes as other writers have them', () => {
  test('blocks with their sizes and several blocks are read', async () => {
    const { topic: blocks, valueId } = await bench.topicWith({
      schema: { type: 'map', values: { type: 'array', items: 'int' } },
    });
    // A map of a block with its size, -1 5, and one without, 1; arrays of two blocks each.
    const bytes = frame(valueId, 1, 14, 2, 0x61, 2, 2, 2, 4, 0, 2, 2, 0x62, 3, 4, 6, 8, 0, 0);
    await produce(bench.kafka.bootstrap, blocks, [{ value: bytes }]);
    expect(await readValueTexts(bench.url, blocks, 1)).toEqual(['{"a":[1,2],"b":[3,4]}']);
  });
});
