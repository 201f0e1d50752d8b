import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { postExactly } from '../support/exact-request.ts';
import { call, errorBody } from '../support/http.ts';
import { randomName } from '../support/names.ts';
import { Pipeline } from '../support/pipeline.ts';
import { firstOffsets, headerTexts, SidecarBench } from '../support/sidecar-bench.ts';

const plain = { keyFormat: 'string', valueFormat: 'json' };

let bench: SidecarBench;

beforeAll(async () => {
  bench = await SidecarBench.start();
}, 60_000);

afterAll(() => bench?.close(), 60_000);

const values = async (topic: string, count: number) =>
  (await bench.stored(topic, count)).map(({ value }) => value!.toString());

describe('acks', () => {
  test.each([
    ['', firstOffsets(2)],
    ['?acks=all', firstOffsets(2)],
    ['?acks=1', firstOffsets(2)],
    ['?acks=0', [{ partition: 0 }, { partition: 0 }]],
  ])('%s answers who has the records, and they arrive', async (query, offsets) => {
    const topic = await bench.newTopic('acks');
    const body = { ...plain, records: [{ key: 'k', value: 1 }, { value: 2 }] };
    const answer = await bench.produce(topic, body, { query });
    expect([answer.status, answer.body]).toEqual([200, { offsets, requestStatus: 'OK' }]);
    expect(await values(topic, 2)).toEqual(['1', '2']);
  });

  test('of every level answer schema ids, and levels keep their own order', async () => {
    const { topic, valueId } = await bench.topicWith({ schema: '"int"' });
    const levels = ['all', '1', '0'];
    for (let i = 0; i < 30; i++) {
      const query = `?acks=${levels[i % 3]}`;
      const answer = await bench.produce(topic, { records: [{ value: i }] }, { query });
      expect([answer.status, answer.body]).toMatchObject([200, { value_schema_id: valueId, requestStatus: 'OK' }]);
    }
    const numbers = (await bench.stored(topic, 30)).map(({ value }) => value![5]! / 2);
    expect(numbers).toHaveLength(30);
    for (const level of [0, 1, 2]) {
      const own = numbers.filter((number) => number % 3 === level);
      expect(own).toEqual(own.toSorted((a, b) => a - b));
    }
  });

  test.each(['1', '0'])('=%s refuses before it sends what acks=all refuses', async (level) => {
    const topic = await bench.newTopic('acks');
    const query = `?acks=${level}`;
    const produce = (to: string, record: object) => bench.produce(to, { ...plain, records: [record] }, { query });
    expect(await produce(randomName('absent'), { value: 1 })).toMatchObject({
      status: 404,
      body: { code: 'ERR12219' },
    });
    expect(await produce(topic, { value: 1, partition: 5 })).toMatchObject({ status: 404, body: { code: 'ERR12219' } });
    expect(await produce(topic, { key: 1 })).toMatchObject({ status: 400, body: { code: 'ERR12206' } });
    expect(await bench.size(topic)).toBe(0);
  });

  test('=1 takes the neighbours of a record that is too large for the topic', async () => {
    const topic = await bench.newTopic('acks', { config: { 'max.message.bytes': '2000' } });
    const records = [{ value: 'a' }, { value: 'x'.repeat(3_000) }, { value: 'c' }];
    const answer = await bench.produce(topic, { ...plain, records }, { query: '?acks=1' });
    expect([answer.status, answer.body]).toEqual([
      207,
      {
        offsets: [
          { partition: 0, offset: expect.any(Number) },
          { errorCode: 41301, error: expect.any(String) },
          { partition: 0, offset: expect.any(Number) },
        ],
        requestStatus: 'PARTIAL',
      },
    ]);
    expect((await values(topic, 2)).toSorted()).toEqual(['"a"', '"c"']);
  });

  test.each([
    '?acks=2',
    '?acks=-1',
    '?acks=ALL',
    '?acks=',
    '?acks=1&acks=1',
    '?async=yes',
    '?timeoutMs=0',
    '?timeoutMs=x',
    '?ack=1',
  ])('and other options: %s is refused, and nothing written', async (query) => {
    const topic = await bench.newTopic('acks');
    const answer = await bench.produce(topic, { ...plain, records: [{ value: 1 }] }, { query });
    const description = expect.stringMatching(/^query parameter/);
    expect([answer.status, answer.body]).toEqual([400, errorBody(400, 'ERR11004', 'VALIDATOR_SCHEMA', description)]);
    expect(await bench.size(topic)).toBe(0);
  });
});

describe('async=true', () => {
  test('answers 202 with the number of records and the schema ids, and they arrive', async () => {
    const { topic, valueId } = await bench.topicWith({ schema: '"int"' });
    const body = { records: [{ value: 1 }, { value: 2 }, { value: 3 }] };
    const answer = await bench.produce(topic, body, { query: '?async=true' });
    expect([answer.status, answer.body]).toEqual([
      202,
      { records: 3, value_schema_id: valueId, requestStatus: 'ACCEPTED' },
    ]);
    expect(await bench.stored(topic, 3)).toHaveLength(3);
  });

  test('keeps the order with requests that wait, sent one behind the other on one connection', async () => {
    const topic = await bench.newTopic('async');
    const pipeline = await Pipeline.open(bench.url);
    const all = Array.from({ length: 300 }, (_, i) => i);
    const answers = await Promise.all(
      all.map((value) =>
        pipeline.post(
          `/producers/${topic}${value % 2 === 0 ? '?async=true' : ''}`,
          JSON.stringify({ ...plain, records: [{ value }] }),
        ),
      ),
    );
    pipeline.close();
    expect(answers.map(({ status }) => status)).toEqual(all.map((value) => (value % 2 === 0 ? 202 : 200)));
    expect(await values(topic, all.length)).toEqual(all.map(String));
  });

  test('refuses at once what cannot be sent', async () => {
    const topic = await bench.newTopic('async');
    const query = '?async=true';
    const absent = await bench.produce(randomName('absent'), { ...plain, records: [{ value: 1 }] }, { query });
    expect(absent).toMatchObject({ status: 404, body: { code: 'ERR12219' } });
    const bad = await bench.produce(topic, { ...plain, records: [{ value: 1 }, { key: 1 }] }, { query });
    expect(bad).toMatchObject({ status: 400, body: { code: 'ERR12206' } });
    expect(await bench.size(topic)).toBe(0);
  });

  test('excludes an Idempotency-Key', async () => {
    const topic = await bench.newTopic('async');
    const options = { query: '?async=true', headers: { 'Idempotency-Key': 'k' } };
    const answer = await bench.produce(topic, { ...plain, records: [{ value: 1 }] }, options);
    const description = 'Idempotency-Key and async=true exclude each other: one waits for the outcome';
    expect([answer.status, answer.body]).toEqual([400, errorBody(400, 'ERR11004', 'VALIDATOR_SCHEMA', description)]);
    expect(await bench.size(topic)).toBe(0);
  });

  test('with acks=0 or 1 goes through the producer of that level', async () => {
    const topic = await bench.newTopic('async');
    for (const level of ['0', '1']) {
      const body = { ...plain, records: [{ value: Number(level) }] };
      expect(await bench.produce(topic, body, { query: `?async=true&acks=${level}` })).toMatchObject({ status: 202 });
    }
    expect((await values(topic, 2)).toSorted()).toEqual(['0', '1']);
  });
});

describe('headers of the request', () => {
  const authorization = ['Authorization', 'Bearer secret'] as const;
  const common = [
    ['Content-Type', 'application/json'],
    ['X-Correlation-Id', 'c'],
  ] as const;
  const body = (record: object) => Buffer.from(JSON.stringify({ ...plain, records: [{ value: 1, ...record }] }));

  async function headersOf(url: string, lines: readonly (readonly [string, string])[], record: object = {}) {
    const topic = await bench.newTopic('headers');
    const answer = await postExactly(`${url}/producers/${topic}`, [...common, ...lines], body(record));
    expect([answer.status, answer.body]).toEqual([200, { offsets: firstOffsets(1), requestStatus: 'OK' }]);
    return (await bench.stored(topic, 1))[0]!;
  }

  test('never enter a record by themselves, Authorization neither', async () => {
    const record = await headersOf(bench.url, [authorization, ['X-Tenant', 't'], ['caller_id', 'me']]);
    expect(headerTexts(record)).toEqual([['X-Correlation-Id', 'c']]);
  });

  test('that kafka-producer.forwardHeaders lists become record headers, in its spelling and order, with their bytes', async () => {
    const url = await bench.another({ KAFKA_PRODUCER_FORWARDHEADERS: 'X-Tenant, x-user,Authorization' });
    const utf8 = Buffer.from('ä€😀').toString('latin1');
    const record = await headersOf(url, [authorization, ['X-USER', utf8], ['x-tenant', '\u00ff'], ['X-Other', 'o']]);
    expect(record.headers).toEqual([
      ['X-Tenant', Buffer.from([0xff])],
      ['x-user', Buffer.from('ä€😀')],
      ['Authorization', Buffer.from('Bearer secret')],
      ['X-Correlation-Id', Buffer.from('c')],
    ]);
    expect(headerTexts(await headersOf(url, [['X-Tenant', 'a']]))).toEqual([
      ['X-Tenant', 'a'],
      ['X-Correlation-Id', 'c'],
    ]);
    const own = { headers: [{ name: 'x-TENANT', value: 'own' }] };
    expect(headerTexts(await headersOf(url, [['X-Tenant', 'a'], authorization], own))).toEqual([
      ['Authorization', 'Bearer secret'],
      ['X-Correlation-Id', 'c'],
      ['x-TENANT', 'own'],
    ]);
  });

  test('injectCallerId gives every record the service’s id, bodies of bytes too', async () => {
    const url = await bench.another({ KAFKA_PRODUCER_INJECTCALLERID: 'true', SERVER_SERVICEID: 'com.example.orders' });
    const caller = ['caller_id', 'com.example.orders'];
    expect(headerTexts(await headersOf(url, [['caller_id', 'me']]))).toEqual([caller, ['X-Correlation-Id', 'c']]);
    const topic = await bench.newTopic('headers');
    const headers = { 'content-type': 'application/octet-stream', 'X-Correlation-Id': 'c' };
    expect(await call('POST', `${url}/producers/${topic}`, 'v', headers)).toMatchObject({ status: 200 });
    expect(headerTexts((await bench.stored(topic, 1))[0]!)).toEqual([caller, ['X-Correlation-Id', 'c']]);
  });
});

describe('requests with schemas, sent one behind the other on one connection', () => {
  test('keep their order while their schema is looked up, again and again', async () => {
    const url = await bench.another({ SCHEMA_REGISTRY_LATESTTTLMS: '3' });
    const { topic } = await bench.topicWith({ schema: '"int"' });
    const pipeline = await Pipeline.open(url);
    const all = Array.from({ length: 1_000 }, (_, value) => value);
    const answers = await Promise.all(
      all.map((value) => pipeline.post(`/producers/${topic}`, JSON.stringify({ records: [{ value }] }))),
    );
    pipeline.close();
    expect(answers.map(({ body }) => body)).toMatchObject(
      all.map((offset) => ({ offsets: [{ partition: 0, offset }] })),
    );
  });
});

describe('timeoutMs', () => {
  test('changes nothing in an answer that comes in time', async () => {
    const topic = await bench.newTopic('timeout');
    const body = { ...plain, records: [{ value: 1 }] };
    const answer = await bench.produce(topic, body, { query: '?timeoutMs=2147483647&acks=1' });
    expect([answer.status, answer.body]).toEqual([200, { offsets: firstOffsets(1), requestStatus: 'OK' }]);
  });
});
