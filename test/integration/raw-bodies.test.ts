import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { postExactly } from '../support/exact-request.ts';
import { errorBody } from '../support/http.ts';
import { SidecarBench } from '../support/sidecar-bench.ts';

const bytes = { 'content-type': 'application/octet-stream' };
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const answered = (partition: number, offset: number) => ({
  offsets: [{ partition, offset }],
  requestStatus: 'OK',
});

let bench: SidecarBench;
let topic: string;
/** For what is refused. */
let untouched: string;

beforeAll(async () => {
  bench = await SidecarBench.start();
  untouched = await bench.newTopic('untouched');
  topic = await bench.newTopic('bytes', { config: { 'max.message.bytes': '20000000' } });
}, 60_000);

afterAll(() => bench?.close(), 60_000);

/** Sends a body of bytes to a fresh topic; answers the record as it lies there. */
async function written(headers: Readonly<Record<string, string>>, body: Buffer, partitions = 1) {
  const own = await bench.newTopic('bytes', { partitions });
  const { status, body: answer } = await bench.produce(own, body, { headers: { ...bytes, ...headers } });
  const [record] = await bench.stored(own, 1, partitions);
  expect([status, answer]).toEqual([200, answered(record!.partition, 0)]);
  return record!;
}

describe('application/octet-stream', () => {
  test('is written byte for byte, without a key, with the correlation id', async () => {
    const { key, value, headers } = await written({ 'X-Correlation-Id': 'c' }, everyByte);
    expect([key, value, headers]).toEqual([null, everyByte, [['X-Correlation-Id', Buffer.from('c')]]]);
  });

  test('takes key, partition and ids from headers', async () => {
    const headers = {
      'x-kafka-key': 'alice smith',
      'X-KAFKA-PARTITION': '2',
      'X-Correlation-Id': 'c',
      'X-Traceability-Id': 't',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    const { partition, key, value, headers: stored } = await written(headers, Buffer.from('v'), 3);
    expect([partition, key?.toString(), value?.toString()]).toEqual([2, 'alice smith', 'v']);
    expect(stored.map(([name, text]) => [name, text.toString()])).toEqual([
      ['X-Traceability-Id', 't'],
      ['X-Correlation-Id', 'c'],
      ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
    ]);
  });

  test('without a partition, the key decides as it does in JSON', async () => {
    const own = await bench.newTopic('bytes', { partitions: 7 });
    const keys = Array.from({ length: 12 }, (_, i) => `key-${i}`);
    const partitionOf = ({ body }: { body: unknown }) =>
      (body as { offsets: readonly { partition: number }[] }).offsets[0]!.partition;
    const ofBytes = await Promise.all(
      keys.map((key) => bench.produce(own, 'v', { headers: { ...bytes, 'X-Kafka-Key': key } })),
    );
    const ofJson = await Promise.all(
      keys.map((key) => bench.produce(own, { format: 'string', records: [{ key, value: 'v' }] })),
    );
    expect(ofBytes.map(partitionOf)).toEqual(ofJson.map(partitionOf));
  });

  test('takes X-Kafka-Header- lines as record headers: repeated, in order, in their case, with their bytes', async () => {
    const own = await bench.newTopic('bytes');
    // UTF-8 as clients put it on the wire, and bytes that are none.
    const utf8 = Buffer.from('ä€😀').toString('latin1');
    const lines = [
      ['Content-Type', 'application/octet-stream'],
      ['X-Correlation-Id', 'c'],
      ['X-Kafka-Header-Part', '1'],
      ['x-kafka-header-other', utf8],
      ['X-KAFKA-HEADER-Part', '2'],
      ['X-Kafka-Header-part', '\u00ff\u0080'],
      ['X-Kafka-Header-Empty', ''],
      ['X-Kafka-Header-X-Kafka-Key', 'no key'],
      ['X-Kafka-Key', utf8],
    ] as const;
    const answer = await postExactly(`${bench.url}/producers/${own}`, lines, everyByte);
    expect([answer.status, answer.body]).toEqual([200, answered(0, 0)]);
    const [record] = await bench.stored(own, 1);
    expect(record!.key?.toString()).toBe('ä€😀');
    expect(record!.headers).toEqual([
      ['X-Correlation-Id', Buffer.from('c')],
      ['Part', Buffer.from('1')],
      ['other', Buffer.from('ä€😀')],
      ['Part', Buffer.from('2')],
      ['part', Buffer.from([0xff, 0x80])],
      ['Empty', Buffer.alloc(0)],
      ['X-Kafka-Key', Buffer.from('no key')],
    ]);
  });

  test('gives a record header of the id’s name precedence over the request’s', async () => {
    const { headers } = await written(
      { 'X-Correlation-Id': 'request', 'X-Kafka-Header-X-Correlation-Id': 'record' },
      everyByte,
    );
    expect(headers.map(([name, text]) => [name, text.toString()])).toEqual([['X-Correlation-Id', 'record']]);
  });

  test('without a body is an empty value, no tombstone', async () => {
    expect((await written({ 'X-Kafka-Key': 'k' }, Buffer.alloc(0))).value).toEqual(Buffer.alloc(0));
    const own = await bench.newTopic('bytes');
    const { status, body } = await bench.produce(own, undefined, { headers: { ...bytes, 'content-length': '0' } });
    expect([status, body]).toEqual([200, answered(0, 0)]);
    expect((await bench.stored(own, 1))[0]!.value).toEqual(Buffer.alloc(0));
  });

  test('may have parameters and any charset, for its bytes are not read', async () => {
    const own = await bench.newTopic('bytes');
    const types = ['application/octet-stream; charset=latin1', 'Application/Octet-Stream ;x="y"'];
    for (const type of types) {
      expect(await bench.produce(own, everyByte, { headers: { 'content-type': type } })).toMatchObject({ status: 200 });
    }
    expect((await bench.stored(own, 2)).map(({ value }) => value)).toEqual([everyByte, everyByte]);
  });

  test('ignores the configured formats and never asks the registry', async () => {
    const url = await bench.another({ SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1', KAFKA_PRODUCER_KEYFORMAT: 'AVRO' });
    const own = await bench.newTopic('bytes');
    const lines = [
      ['Content-Type', 'application/octet-stream'],
      ['X-Kafka-Key', 'k'],
    ] as const;
    expect(await postExactly(`${url}/producers/${own}`, lines, Buffer.from('{'))).toMatchObject({ status: 200 });
    expect((await bench.stored(own, 1)).map(({ key, value }) => [key?.toString(), value?.toString()])).toEqual([
      ['k', '{'],
    ]);
  });

  test('of 15 MB is written whole where broker and producer take it', async () => {
    const url = await bench.another({ KAFKA_PRODUCER_MAX_REQUEST_SIZE: '20000000' });
    const body = Buffer.alloc(15_000_000, everyByte);
    const answer = await postExactly(`${url}/producers/${topic}`, [['Content-Type', 'application/octet-stream']], body);
    expect([answer.status, answer.body]).toEqual([200, answered(0, 0)]);
    const [record] = await bench.stored(topic, 1);
    expect(record!.value!.equals(body)).toBe(true);
  });
});

describe('application/octet-stream is refused, and nothing written,', () => {
  const partition = 'header X-Kafka-Partition must be a whole number from 0 to 2147483647';
  const notForBytes = (name: string) =>
    `query parameter ${name} belongs to application/x-ndjson; bytes are written as they are`;
  const validator = (description: string) => errorBody(400, 'ERR11004', 'VALIDATOR_SCHEMA', description);
  const cases: readonly [
    title: string,
    lines: readonly (readonly [string, string])[],
    query: string,
    status: number,
    body: unknown,
  ][] = [
    ['for a negative partition', [['X-Kafka-Partition', '-1']], '', 400, validator(partition)],
    ['for a fractional partition', [['X-Kafka-Partition', '1.0']], '', 400, validator(partition)],
    [
      'for a partition given twice',
      [
        ['X-Kafka-Partition', '0'],
        ['X-Kafka-Partition', '0'],
      ],
      '',
      400,
      validator('header X-Kafka-Partition is given twice'),
    ],
    [
      'for a header without a name',
      [['X-Kafka-Header-', 'x']],
      '',
      400,
      validator('header X-Kafka-Header- must name a record header behind its last hyphen'),
    ],
    ['for a format in the query', [], '?valueFormat=binary', 400, validator(notForBytes('valueFormat'))],
    ['for a schema id in the query', [], '?keySchemaId=1', 400, validator(notForBytes('keySchemaId'))],
    [
      'for a partition that is not there',
      [['X-Kafka-Partition', '9']],
      '',
      404,
      expect.objectContaining({ code: 'ERR12219' }),
    ],
    ['for a Content-Encoding', [['Content-Encoding', 'gzip']], '', 415, expect.objectContaining({ code: 'ERR12232' })],
    [
      'for a key given twice',
      [
        ['X-Kafka-Key', 'a'],
        ['X-Kafka-Key', 'b'],
      ],
      '',
      400,
      expect.objectContaining({ code: 'ERR11004' }),
    ],
  ];
  test.each(cases)('%s', async (_, lines, query, status, body) => {
    const before = await bench.size(untouched);
    const type = ['Content-Type', 'application/octet-stream'] as const;
    const answer = await postExactly(`${bench.url}/producers/${untouched}${query}`, [type, ...lines], everyByte);
    expect([answer.status, answer.body]).toEqual([status, body]);
    expect(await bench.size(untouched)).toBe(before);
  });

  test('for its size, above max.request.size', async () => {
    const before = await bench.size(untouched);
    const { status, body } = await bench.produce(untouched, Buffer.alloc(1_100_000), { headers: bytes });
    expect([status, body]).toMatchObject([413, { code: 'ERR12231' }]);
    expect(await bench.size(untouched)).toBe(before);
  });
});

test.each(['X-Kafka-Key', 'X-Kafka-Partition', 'X-Kafka-Header-a'])(
  '%s is refused beside a body that holds its records',
  async (name) => {
    const before = await bench.size(untouched);
    const description = `header ${name} belongs to application/octet-stream; give it in the record`;
    const refusal = [400, errorBody(400, 'ERR11004', 'VALIDATOR_SCHEMA', description)];
    for (const type of ['application/json', 'application/x-ndjson']) {
      const lines = [
        ['Content-Type', type],
        [name, '0'],
      ] as const;
      const answer = await postExactly(`${bench.url}/producers/${untouched}`, lines, Buffer.from('{"records":[{}]}'));
      expect([answer.status, answer.body]).toEqual(refusal);
    }
    expect(await bench.size(untouched)).toBe(before);
  },
);
