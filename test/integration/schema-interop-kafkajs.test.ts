// The client that Node.js services use, @kafkajs/confluent-schema-registry, against the same registry and topics: it reads
// what the sidecar writes, and the sidecar reads what it writes. Not Protobuf, whose message index it writes wrongly.
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { produce } from '../support/active-consumer.ts';
import type { SchemaType } from '../support/registry-client.ts';
import { SidecarBench } from '../support/sidecar-bench.ts';
import { readValueTexts } from '../support/value-texts.ts';

interface Case {
  readonly schemaType: SchemaType;
  readonly schema: unknown;
  readonly values: readonly unknown[];
}

const cases: readonly Case[] = [
  {
    schemaType: 'AVRO',
    schema: {
      type: 'record',
      name: 'com.example.Order',
      fields: [
        { name: 'id', type: 'long' },
        { name: 'price', type: 'double' },
        { name: 'note', type: ['null', 'string'] },
        { name: 'suit', type: { type: 'enum', name: 'Suit', symbols: ['HEARTS', 'SPADES'] } },
        { name: 'lines', type: { type: 'array', items: { type: 'map', values: 'int' } } },
      ],
    },
    values: [
      { id: 9007199254740989, price: 0.1, note: 'ä€😀', suit: 'SPADES', lines: [{ a: 1 }, {}] },
      { id: -1, price: -1.5, note: null, suit: 'HEARTS', lines: [] },
    ],
  },
  {
    schemaType: 'JSON',
    schema: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'integer' }, note: { type: 'string' }, lines: { type: 'array' } },
    },
    values: [{ id: 1, note: 'ä€😀"\n', lines: [null, {}, [1.5]] }, { id: 0 }],
  },
];

let bench: SidecarBench;
let kafkajs: SchemaRegistry;

beforeAll(async () => {
  // Plain unions, as that client has them.
  bench = await SidecarBench.start({ KAFKA_CONSUMER_USENOWRAPPINGAVRO: 'true' });
  kafkajs = new SchemaRegistry({ host: bench.registry.url });
}, 60_000);

afterAll(() => bench?.close(), 60_000);

describe.each(cases)('$schemaType and @kafkajs/confluent-schema-registry', ({ schemaType, schema, values }) => {
  test('it reads what the sidecar writes, by the latest, the id and the version', async () => {
    const { topic, valueId } = await bench.topicWith({ schemaType, schema });
    for (const coordinate of [{}, { valueSchemaId: valueId }, { valueSchemaVersion: 1 }]) {
      const records = values.map((value) => ({ value }));
      expect(await bench.produce(topic, { records, ...coordinate })).toMatchObject({ status: 200 });
    }
    const stored = await bench.stored(topic, values.length * 3);
    const decoded = await Promise.all(stored.map(({ value }) => kafkajs.decode(value!) as Promise<unknown>));
    // Its records are objects of classes made for the schema.
    expect(JSON.parse(JSON.stringify(decoded))).toEqual([...values, ...values, ...values]);
  });

  test('the sidecar reads what it writes', async () => {
    const { topic, valueId } = await bench.topicWith({ schemaType, schema });
    const bytes = await Promise.all(values.map((value) => kafkajs.encode(valueId, value)));
    await produce(
      bench.kafka.bootstrap,
      topic,
      bytes.map((value) => ({ value })),
    );
    const texts = await readValueTexts(bench.url, topic, values.length);
    expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(values);
  });

  test('both write the same bytes', async () => {
    const { topic, valueId } = await bench.topicWith({ schemaType, schema });
    await bench.produce(topic, { records: values.map((value) => ({ value })) });
    const stored = await bench.stored(topic, values.length);
    const bytes = await Promise.all(values.map((value) => kafkajs.encode(valueId, value)));
    expect(stored.map(({ value }) => value!.toString('hex'))).toEqual(bytes.map((value) => value.toString('hex')));
  });
});
