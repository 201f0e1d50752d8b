// Protobuf as the sidecar writes and reads it against Google's Protobuf for Java: the same JSON has to give the same bytes,
// and the bytes of either the same JSON.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { produce } from '../support/active-consumer.ts';
import { javaDecode, javaEncode, type JavaDecoded, type ProtobufText } from '../support/java-codec.ts';
import { randomName } from '../support/names.ts';
import type { SchemaReference } from '../support/registry-client.ts';
import { frame, SidecarBench } from '../support/sidecar-bench.ts';
import { readValueTexts } from '../support/value-texts.ts';

interface Case {
  readonly title: string;
  readonly schema: string;
  /** Files by the path that `import` names, each after those it imports itself. */
  readonly imports?: Readonly<Record<string, string>>;
  /** In proto3's JSON mapping, with the defaults of fields without presence. */
  readonly json: string;
  /** Other JSON that means the same. */
  readonly other?: string;
}

const proto3 = (text: string) => `syntax = "proto3"; ${text}`;

const cases: readonly Case[] = [
  {
    title: 'the extremes of numbers',
    schema: proto3(`package extremes; message Numbers {
      repeated int32 a = 1; repeated int64 b = 2; repeated uint32 c = 3; repeated uint64 d = 4; repeated sint32 e = 5;
      repeated sint64 f = 6; repeated fixed32 g = 7; repeated fixed64 h = 8; repeated sfixed32 i = 9;
      repeated sfixed64 j = 10; repeated float k = 11; repeated double l = 12; }`),
    json: `{"a":[-2147483648,2147483647],"b":["-9223372036854775808","9007199254740993","9223372036854775807"],
      "c":[4294967295],"d":["18446744073709551615"],"e":[-2147483648],"f":["-9223372036854775808"],"g":[4294967295],
      "h":["18446744073709551615"],"i":[-2147483648],"j":["-9223372036854775808"],"k":[1.5,"NaN","-Infinity"],
      "l":[0.1,"NaN","Infinity"]}`,
    other: `{"a":["-2147483648",2147483647.0],"b":[-9223372036854775808,9007199254740993,9223372036854775807],
      "c":[4294967295],"d":[18446744073709551615],"e":[-2147483648],"f":[-9223372036854775808],"g":[4294967295],
      "h":[18446744073709551615],"i":[-2147483648],"j":[-9223372036854775808],"k":[1.5,"NaN","-Infinity"],
      "l":["0.1","NaN","Infinity"]}`,
  },
  {
    title: 'one field of each kind, with its default',
    schema: proto3(`message Defaults { int32 a = 1; int64 b = 2; bool c = 3; string d = 4; bytes e = 5; Kind f = 6;
      optional int32 g = 7; Defaults h = 8; repeated int32 i = 9; map<string, int32> j = 10; } enum Kind { NONE = 0; }`),
    json: '{"a":0,"b":"0","c":false,"d":"","e":"","f":"NONE","i":[],"j":{}}',
    other: '{}',
  },
  {
    title: 'presence: a default that is set',
    schema: proto3(
      'message Present { optional int32 a = 1; optional string b = 2; oneof c { int64 d = 3; bool e = 4; } }',
    ),
    json: '{"a":0,"b":"","e":false}',
  },
  {
    title: 'text, bytes, enums and names in camel case',
    schema: proto3(`message Words { string first_word = 1; bytes raw_bytes = 2; repeated Suit suits = 3;
      string renamed = 4 [json_name = "another"]; enum Suit { UNKNOWN = 0; HEARTS = 1; SPADES = -1; } }`),
    json: '{"firstWord":"ä€😀\\u0001\\"","rawBytes":"AP8Q","suits":["HEARTS","SPADES","UNKNOWN"],"another":"x"}',
    other: '{"first_word":"ä€😀\\u0001\\"","raw_bytes":"AP8Q","suits":[1,-1,0],"renamed":"x"}',
  },
  {
    title: 'maps and messages within messages',
    schema: proto3(`package nest; message Outer { map<string, int64> counts = 1; map<int32, Inner> inners = 2;
      map<bool, string> flags = 3; Inner one = 4; repeated Inner many = 5; message Inner { Inner deeper = 1; string name = 2; } }`),
    json: `{"counts":{"é":"9223372036854775807"},"inners":{"-1":{"name":"a"}},"flags":{"true":"yes"},
      "one":{"deeper":{"deeper":{"name":"c"},"name":"b"},"name":""},"many":[{"name":""},{"name":"d"}]}`,
  },
  {
    title: 'the well-known types',
    schema: proto3(`import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto";
      import "google/protobuf/wrappers.proto"; import "google/protobuf/struct.proto"; import "google/protobuf/empty.proto";
      import "google/protobuf/field_mask.proto"; import "google/protobuf/any.proto";
      message Known { google.protobuf.Timestamp at = 1; google.protobuf.Duration took = 2;
        google.protobuf.Int64Value wide = 3; google.protobuf.StringValue text = 4; google.protobuf.Struct object = 5;
        google.protobuf.ListValue list = 6; google.protobuf.Empty nothing = 7; google.protobuf.FieldMask mask = 8;
        google.protobuf.Any any = 9; google.protobuf.Value value = 10; }
      message Item { int64 n = 1; }`),
    json: `{"at":"2024-02-29T12:00:00.000000001Z","took":"-1.500s","wide":"9223372036854775807","text":"",
      "object":{"a":[1,null,"x",{"b":true}]},"list":[1.5,[]],"nothing":{},"mask":"a,bC.d",
      "any":{"@type":"type.googleapis.com/Item","n":"9007199254740993"},"value":null}`,
  },
  {
    title: 'messages of other subjects, one of them made public by another',
    imports: {
      'parts/unit.proto': proto3('package parts; message Unit { string name = 1; } enum Size { SMALL = 0; BIG = 1; }'),
      'parts/price.proto': proto3(
        'package parts; import public "parts/unit.proto"; message Price { int64 amount = 1; Unit unit = 2; }',
      ),
    },
    schema: proto3(
      `package orders; import "parts/price.proto";
      message Order { parts.Price price = 1; repeated parts.Unit units = 2; parts.Size size = 3; }`,
    ),
    json: '{"price":{"amount":"5","unit":{"name":"EUR"}},"units":[{"name":"kg"}],"size":"BIG"}',
  },
  {
    title: 'proto2, with required fields, defaults and packed and other lists',
    schema: `syntax = "proto2"; package old; message Old { required int32 id = 1; optional string name = 2 [default = "x"];
      repeated int32 loose = 3; repeated int32 tight = 4 [packed = true]; optional Kind kind = 5; enum Kind { A = 1; B = 2; } }`,
    json: '{"id":0,"loose":[1,2],"tight":[1,2],"kind":"B"}',
  },
];

/** Messages that are not the first of their schema, where Java finds them. */
const manySchema = proto3(`package many; message First { string name = 1; }
  message Second { int64 n = 1; }
  message Third { message A { message X { string x = 1; } message Y { string y = 1; First first = 2; } } message B { string b = 1; } }
  enum Kind { NONE = 0; }
  message Fourth { map<string, Inner> m = 1; message Inner { string inner = 1; } }`);
const manyMessages = [
  { indexes: [0], json: { name: 'a' } },
  { indexes: [1], json: { n: '-9223372036854775808' } },
  { indexes: [2], json: {} },
  { indexes: [2, 0], json: {} },
  { indexes: [2, 0, 1], json: { y: 'b', first: { name: 'c' } } },
  { indexes: [2, 1], json: { b: 'd' } },
  { indexes: [3], json: { m: { k: { inner: 'e' } } } },
];

/** A value that was produced. */
interface Written extends Case {
  readonly subject: string;
  readonly id: number;
  readonly text: ProtobufText;
  readonly bytes: Buffer;
}

let bench: SidecarBench;
let written: readonly Written[];
let topic: string;
let many: { readonly topic: string; readonly valueId: number };
/** What Java makes of the cases, and of the messages that are not the first. */
let encoded: readonly Buffer[];
let encodedMany: readonly Buffer[];
let decoded: readonly JavaDecoded[];

beforeAll(async () => {
  bench = await SidecarBench.start();
  topic = await bench.newTopic('protobuf');
  const all: Omit<Written, 'bytes'>[] = [];
  for (const one of cases) {
    const { subject, id } = await register(one);
    const { schema, imports = {} } = one;
    expect(await write(topic, subject, one.json)).toEqual({
      status: 200,
      body: { offsets: [{ partition: 0, offset: all.length }], value_schema_id: id, requestStatus: 'OK' },
    });
    all.push({ ...one, subject, id, text: { type: 'protobuf', schema, imports } });
  }
  const records = await bench.stored(topic, all.length);
  written = all.map((one, index) => ({ ...one, bytes: records[index]!.value! }));
  many = await bench.topicWith({ schemaType: 'PROTOBUF', schema: manySchema });
  await askJava();
}, 60_000);

afterAll(() => bench?.close(), 60_000);

async function register({ schema, imports = {} }: Case): Promise<{ subject: string; id: number }> {
  const references: SchemaReference[] = [];
  for (const [name, imported] of Object.entries(imports)) {
    const subject = randomName('part');
    // Each refers to those before it.
    await bench.registry.register({ subject, schemaType: 'PROTOBUF', schema: imported, references: [...references] });
    references.push({ name, subject, version: 1 });
  }
  const subject = randomName('protobuf');
  return { subject, id: await bench.registry.register({ subject, schemaType: 'PROTOBUF', schema, references }) };
}

async function write(to: string, valueSchemaSubject: string, value: string) {
  const body = `{"valueFormat":"PROTOBUF","valueSchemaSubject":"${valueSchemaSubject}","records":[{"value":${value}}]}`;
  const answer = await bench.produce(to, body);
  return { status: answer.status, body: answer.body };
}

/** Once each way, since each call starts a JVM. */
async function askJava(): Promise<void> {
  const items = written.map(({ text, id, json }) => ({ ...text, id, json }));
  const manyText = { type: 'protobuf', schema: manySchema, id: many.valueId } as const;
  const manyItems = manyMessages.map(({ indexes, json }) => ({ ...manyText, indexes, json: JSON.stringify(json) }));
  const [bytes, values] = await Promise.all([
    javaEncode([...items, ...manyItems]),
    javaDecode(written.map((one) => ({ ...one.text, bytes: one.bytes }))),
  ]);
  encoded = bytes.slice(0, items.length);
  encodedMany = bytes.slice(items.length);
  decoded = values;
}

const byTitle = (all: readonly unknown[]) => cases.map(({ title }, index) => [title, all[index]]);
const parsed = (json: string): unknown => JSON.parse(json);

describe('Protobuf and Java', () => {
  test('the sidecar writes the bytes that Java writes', () => {
    expect(byTitle(written.map(({ bytes }) => bytes.toString('hex')))).toEqual(
      byTitle(encoded.map((bytes) => bytes.toString('hex'))),
    );
  });

  test('Java reads what the sidecar writes', () => {
    expect(decoded.map(({ id, indexes }) => [id, indexes])).toEqual(written.map(({ id }) => [id, [0]]));
    expect(byTitle(decoded.map(({ json }) => parsed(json)))).toEqual(byTitle(cases.map(({ json }) => parsed(json))));
  });

  test('the sidecar reads what it wrote', async () => {
    const texts = await readValueTexts(bench.url, topic, cases.length);
    expect(byTitle(texts.map(parsed))).toEqual(byTitle(cases.map(({ json }) => parsed(json))));
  });

  test('other spellings of the same give the same bytes', async () => {
    const otherTopic = await bench.newTopic('spelling');
    const others = written.filter(({ other }) => other !== undefined);
    for (const { subject, other } of others)
      expect(await write(otherTopic, subject, other!)).toMatchObject({ status: 200 });
    const records = await bench.stored(otherTopic, others.length);
    expect(records.map(({ value }, index) => [others[index]!.title, value!.toString('hex')])).toEqual(
      others.map(({ title, bytes }) => [title, bytes.toString('hex')]),
    );
  });
});

test('a negative zero keeps its sign', async () => {
  const schema = proto3('message Zero { double d = 1; float f = 2; repeated double l = 3; }');
  const { topic: zero } = await bench.topicWith({ schemaType: 'PROTOBUF', schema });
  expect(await bench.produce(zero, '{"records":[{"value":{"d":-0.0,"f":-0.0,"l":[-0.0]}}]}')).toMatchObject({
    status: 200,
  });
  expect((await readValueTexts(bench.url, zero, 1)).map(parsed)).toEqual([{ d: -0, f: -0, l: [-0] }]);
});

describe('messages that are not the first of their schema', () => {
  test('are read by the index that Java writes', async () => {
    const { topic: manyTopic, valueId: id } = many;
    // The first message may also be written as a path of one. Entries of maps have no index, so Inner is [3, 0].
    const others = [frame(id, 2, 0, 10, 1, 0x61), frame(id, 4, 6, 0, 10, 1, 0x66)];
    await produce(
      bench.kafka.bootstrap,
      manyTopic,
      [...encodedMany, ...others].map((value) => ({ value })),
    );
    const texts = await readValueTexts(bench.url, manyTopic, manyMessages.length + 2);
    expect(texts.map(parsed)).toEqual([...manyMessages.map(({ json }) => json), { name: 'a' }, { inner: 'f' }]);
  });

  test('are not written: the first one is', async () => {
    const { topic: first, valueId } = await bench.topicWith({ schemaType: 'PROTOBUF', schema: manySchema });
    expect(await bench.produce(first, { records: [{ value: { name: 'x' } }] })).toMatchObject({ status: 200 });
    expect(await bench.produce(first, { records: [{ value: { n: 1 } }] })).toMatchObject({
      status: 400,
      body: { code: 'ERR12206' },
    });
    const [record] = await bench.stored(first, 1);
    expect(record!.value).toEqual(frame(valueId, 0, 10, 1, 0x78));
  });
});
