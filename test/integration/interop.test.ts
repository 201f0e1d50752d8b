import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { call } from '../support/http.ts';
import { javaPartitions } from '../support/java-client.ts';
import { hasKcat, kcatRead, type KcatRecord } from '../support/kcat.ts';
import { randomName } from '../support/names.ts';
import { startRealKafka } from '../support/real-kafka.ts';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';

let kafka: Awaited<ReturnType<typeof startRealKafka>>;
let sidecar: RunningSidecar;

beforeAll(async () => {
  kafka = await startRealKafka();
  sidecar = await startSidecar({ KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap });
}, 60_000);

afterAll(async () => {
  await sidecar?.stop();
  await kafka?.close();
}, 60_000);

async function written(body: unknown): Promise<KcatRecord[]> {
  const topic = randomName('interop');
  await kafka.createTopic(topic);
  const answer = await call('POST', `${sidecar.url}/producers/${topic}`, body, { 'X-Correlation-Id': 'c' });
  expect(answer).toMatchObject({ status: 200, body: { requestStatus: 'OK' } });
  return kcatRead(kafka.bootstrap, topic);
}

(hasKcat ? describe : describe.skip)('what was produced, read by kcat', () => {
  test('has the bytes of keys and values in every format', async () => {
    const text = 'ä€😀\n"\\\u0000\u001f';
    const string = await written({ keyFormat: 'string', valueFormat: 'string', records: [{ key: text, value: text }] });
    const bytes = Buffer.from([0, 255, 128, 10, 13, 34]);
    const base64 = bytes.toString('base64');
    const binary = await written({
      keyFormat: 'binary',
      valueFormat: 'binary',
      records: [{ key: base64, value: base64 }],
    });
    const json = await written(
      '{"keyFormat":"json","valueFormat":"json","records":[{"key": {"a" :1.0} ,"value":[9223372036854775807, 1e400,"\\u00e4"]}]}',
    );
    expect([...string, ...binary, ...json].map(({ key, value }) => [key, value])).toEqual([
      [Buffer.from(text), Buffer.from(text)],
      [bytes, bytes],
      [Buffer.from('{"a" :1.0}'), Buffer.from('[9223372036854775807, 1e400,"\\u00e4"]')],
    ]);
  });

  test('tells null from empty, in keys and in values', async () => {
    const records = [
      { key: null, value: null },
      {},
      { key: '', value: '' },
      { key: '', value: null },
      { key: null, value: '' },
    ];
    const string = await written({ keyFormat: 'string', valueFormat: 'string', records });
    const binary = await written({ keyFormat: 'binary', valueFormat: 'binary', records });
    const lengths = [
      [-1, -1],
      [-1, -1],
      [0, 0],
      [0, -1],
      [-1, 0],
    ];
    expect(string.map(({ keyLength, valueLength }) => [keyLength, valueLength])).toEqual(lengths);
    expect(binary.map(({ keyLength, valueLength }) => [keyLength, valueLength])).toEqual(lengths);
  });

  test('has the text null for a JSON null only where it is part of a value', async () => {
    const [record] = await written({ keyFormat: 'json', records: [{ key: [null], value: { a: null } }] });
    expect([record!.key.toString(), record!.value.toString()]).toEqual(['[null]', '{"a":null}']);
  });

  test('has headers with duplicates, in order, with their bytes', async () => {
    // No NUL: kcat ends a header's value there.
    const bytes = Buffer.from([1, 255, 128, 44]);
    const [record] = await written({
      records: [
        {
          value: 1,
          headers: [
            { name: 'h', value: 'first' },
            { name: 'bytes', valueBase64: bytes.toString('base64') },
            { name: 'h', value: 'second' },
            { name: 'empty', value: '' },
            { name: 'no-bytes', valueBase64: '' },
            { name: 'ümlaut', value: '€' },
          ],
        },
      ],
    });
    expect(record!.headers).toEqual(
      Buffer.concat([
        Buffer.from('X-Correlation-Id=c,h=first,bytes='),
        bytes,
        Buffer.from(',h=second,empty=,no-bytes=,ümlaut=€'),
      ]),
    );
  });

  test('has the given timestamps, and the time of writing where none was given', async () => {
    const before = Date.now();
    const records = [{ value: 1, timestamp: 1 }, { value: 2, timestamp: before - 86_400_000 }, { value: 3 }];
    const [first, second, now] = await written({ records });
    expect([first!.timestamp, second!.timestamp]).toEqual([1, before - 86_400_000]);
    expect(now!.timestamp).toBeGreaterThanOrEqual(before);
    expect(now!.timestamp).toBeLessThanOrEqual(Date.now());
  });

  test('has the offsets that were answered', async () => {
    const records = Array.from({ length: 200 }, (_, value) => ({ key: `k${value}`, value }));
    const stored = await written({ records });
    expect(stored.map(({ offset, value }) => [offset, value.toString()])).toEqual(
      records.map(({ value }) => [value, String(value)]),
    );
  });
});

describe("the partition of a key is that of Kafka's Java client", () => {
  const keys = [
    '',
    'a',
    'alice',
    'ä',
    '€',
    '😀',
    '日本語',
    'Ω≈ç√∫',
    '\u0000',
    ' ',
    'x'.repeat(1_000),
    '{"id":1}',
    ...Array.from({ length: 100 }, (_, i) => `key-${i}`),
    ...Array.from({ length: 40 }, (_, i) => 'abcd'.slice(0, i % 5) + String.fromCodePoint(0x4e00 + i * 97)),
  ];

  async function expectSamePartitions(keyFormat: 'string' | 'binary', bytes: readonly Buffer[], partitions: number) {
    const topic = randomName('partitions');
    await kafka.createTopic(topic, { partitions });
    const java = await javaPartitions(kafka.bootstrap, topic, bytes);
    const text = (key: Buffer) => key.toString(keyFormat === 'string' ? 'utf8' : 'base64');
    const records = bytes.map((key) => ({ key: text(key), value: 1 }));
    const answer = await call('POST', `${sidecar.url}/producers/${topic}`, { keyFormat, records });
    const { offsets } = answer.body as { offsets: readonly { partition: number }[] };
    const places = (chosen: readonly number[]) => bytes.map((key, i) => [text(key), chosen[i]]);
    expect(places(offsets.map(({ partition }) => partition))).toEqual(places(java));
    expect(new Set(java).size).toBe(partitions);
  }

  test('for text, on a topic of 7 partitions', async () => {
    await expectSamePartitions(
      'string',
      keys.map((key) => Buffer.from(key)),
      7,
    );
  }, 60_000);

  test('for bytes, on a topic of 12 partitions', async () => {
    const bytes = Array.from({ length: 100 }, (_, i) =>
      Buffer.from([255 - i, 0, i, 128, i * 3, 7].slice(0, (i % 6) + 1)),
    );
    await expectSamePartitions('binary', bytes, 12);
  }, 60_000);
});
