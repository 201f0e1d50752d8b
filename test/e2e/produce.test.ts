import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/http.ts';
import { randomName } from '../support/names.ts';
import { readTopic, type StoredRecord } from '../support/read-topic.ts';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';

let running: RunningSidecar;
beforeAll(async () => {
  running = await startSidecar();
});
afterAll(() => running.stop());

const produce = (topic: string, body: unknown, headers?: Record<string, string>, query = '') =>
  call('POST', `${running.url}/producers/${topic}${query}`, body, headers);

const read = (topic: string, count: number) =>
  readTopic(running.sidecar.bootstrapServers, topic, count, { partitions: 4 });

const texts = ({ key, value }: StoredRecord) => [key?.toString() ?? null, value?.toString() ?? null];

describe('produceRecords', () => {
  it('answers partition and offset of every record, in request order', async () => {
    const topic = randomName('offsets');
    const records = [0, 1, 2].map((count) => ({ key: 'k', value: { count }, partition: 2 }));
    const answer = await produce(topic, { records });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      offsets: [
        { partition: 2, offset: 0 },
        { partition: 2, offset: 1 },
        { partition: 2, offset: 2 },
      ],
      requestStatus: 'OK',
    });
    expect(answer.headers['x-kafka-embedded']).toBe('memory');
  });

  it('writes the exact bytes of json values, numbers beyond double precision included', async () => {
    const topic = randomName('exact');
    const values = ['9223372036854775807', '1.0', '{ "a" : 1e2 }', '0', 'false', '""', '{}', '[]', '"\\ud800"'];
    const body = `{"records":[${values.map((value) => `{"value": ${value} ,"partition":0}`).join(',')}]}`;
    expect((await produce(topic, body)).status).toBe(200);
    const stored = await read(topic, values.length);
    expect(stored.map(({ value }) => value?.toString())).toEqual(values);
  });

  it('writes null and absent keys and values as Kafka nulls', async () => {
    const topic = randomName('nulls');
    const records = [{ key: null, value: null, partition: 0 }, { partition: 0 }, { key: '', value: '', partition: 0 }];
    expect((await produce(topic, { valueFormat: 'string', records })).status).toBe(200);
    expect((await read(topic, 3)).map(texts)).toEqual([
      [null, null],
      [null, null],
      ['', ''],
    ]);
  });

  it('decodes string and binary formats, in any spelling', async () => {
    const topic = randomName('formats');
    const body = {
      key_format: 'Binary',
      valueFormat: 'STRING',
      records: [{ key: 'YWJj', value: 'x\n"é😀', partition: 0 }],
    };
    expect((await produce(topic, body)).status).toBe(200);
    const numeric = { format: 0, records: [{ key: 'YWJj', value: 'AP8=', partition: 0 }] };
    expect((await produce(topic, numeric)).status).toBe(200);
    const stored = await read(topic, 2);
    expect(stored.map(({ key, value }) => [key?.toString('hex'), value?.toString('hex')])).toEqual([
      ['616263', Buffer.from('x\n"é😀').toString('hex')],
      ['616263', '00ff'],
    ]);
  });

  it('keeps headers in both forms, with duplicates, order and bytes', async () => {
    const topic = randomName('headers');
    const list = [
      { name: 'a', value: '1' },
      { name: 'b', valueBase64: 'AP8=' },
      { name: 'a', value: '' },
      { name: '__proto__', value: 'x' },
    ];
    const records = [
      { value: 1, partition: 0, headers: list },
      { value: 2, partition: 0, headers: { z: 'é', y: '2' } },
    ];
    expect((await produce(topic, { records }, { 'X-Correlation-Id': 'c1' })).status).toBe(200);
    const stored = await read(topic, 2);
    expect(stored.map(({ headers }) => headers.map(([name, value]) => [name, value.toString('latin1')]))).toEqual([
      [
        ['X-Correlation-Id', 'c1'],
        ['a', '1'],
        ['b', '\u0000\u00ff'],
        ['a', ''],
        ['__proto__', 'x'],
      ],
      [
        ['X-Correlation-Id', 'c1'],
        ['z', '\u00c3\u00a9'],
        ['y', '2'],
      ],
    ]);
  });

  it('keeps a NUL in the text of a header', async () => {
    const topic = randomName('nul');
    const records = [{ value: 1, partition: 0, headers: { h: 'x\u0000y' } }];
    expect((await produce(topic, { records })).status).toBe(200);
    const [stored] = await read(topic, 1);
    expect(stored!.headers.find(([name]) => name === 'h')?.[1].toString()).toBe('x\u0000y');
  });

  it("gives a record its own ids, and the request's where it has none", async () => {
    const topic = randomName('ids');
    const records = [
      { value: 1, partition: 0, traceabilityId: 'alice-id', correlationId: 'alice-cid' },
      { value: 2, partition: 0 },
      { value: 3, partition: 0, headers: { 'x-correlation-id': 'own header', other: 'kept' } },
      { value: 4, partition: 0, correlationId: 'field wins', headers: { 'X-CORRELATION-ID': 'header' } },
    ];
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const answer = await produce(
      topic,
      { records },
      {
        'X-Traceability-Id': 'common-id',
        'X-Correlation-Id': 'common-cid',
        traceparent,
        tracestate: 'v=1',
        authorization: 'Bearer secret',
      },
    );
    expect([answer.status, answer.headers['x-correlation-id'], answer.headers['x-traceability-id']]).toEqual([
      200,
      'common-cid',
      'common-id',
    ]);
    const trace = { traceparent, tracestate: 'v=1' };
    const stored = await read(topic, 4);
    const headers = stored.map((record) =>
      Object.fromEntries(record.headers.map(([name, value]) => [name, value.toString()])),
    );
    expect(headers).toEqual([
      { 'X-Traceability-Id': 'alice-id', 'X-Correlation-Id': 'alice-cid', ...trace },
      { 'X-Traceability-Id': 'common-id', 'X-Correlation-Id': 'common-cid', ...trace },
      { 'X-Traceability-Id': 'common-id', 'x-correlation-id': 'own header', other: 'kept', ...trace },
      { 'X-Traceability-Id': 'common-id', 'X-Correlation-Id': 'field wins', ...trace },
    ]);
  });

  it('generates a correlation id of 22 characters, on the answer and on the records', async () => {
    const topic = randomName('generated');
    const answer = await produce(topic, { records: [{ value: 1, partition: 0 }] });
    const id = answer.headers['x-correlation-id'];
    expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
    const [record] = await read(topic, 1);
    expect(record?.headers.map(([name, value]) => [name, value.toString()])).toEqual([['X-Correlation-Id', id]]);
  });

  it('keeps given timestamps and takes now for 0 and absent ones', async () => {
    const topic = randomName('times');
    const before = Date.now();
    const records = [
      { value: 1, partition: 0, timestamp: 1_600_000_000_123 },
      { value: 2, partition: 0, timestamp: 0 },
      { value: 3, partition: 0 },
    ];
    expect((await produce(topic, { records })).status).toBe(200);
    const [given, zero, absent] = (await read(topic, 3)).map(({ timestamp }) => timestamp);
    expect(given).toBe(1_600_000_000_123);
    for (const now of [zero, absent]) expect(now).toBeGreaterThanOrEqual(before);
  });

  it('produces nothing when one record of many is bad', async () => {
    const topic = randomName('whole');
    const records = [
      { value: 'good', partition: 0 },
      { value: 5, partition: 0 },
    ];
    const answer = await produce(topic, { valueFormat: 'STRING', records });
    expect(answer.body).toEqual({
      statusCode: 400,
      code: 'ERR12206',
      message: 'SERIALIZE_SCHEMA_EXCEPTION',
      description:
        'Unexpected exception in serializing string format with message #: the string format takes a JSON string, ' +
        'index in batch : 1 (value). Nothing was produced',
      severity: 'ERROR',
    });
    expect((await produce(topic, { records: [{ value: 'after', partition: 0 }] })).body).toEqual({
      offsets: [{ partition: 0, offset: 0 }],
      requestStatus: 'OK',
    });
  });

  it('refuses a partition that is not there with 404, none sent', async () => {
    const topic = randomName('partition');
    const answer = await produce(topic, {
      records: [
        { value: 1, partition: 0 },
        { value: 2, partition: 9 },
      ],
    });
    expect([answer.status, answer.body]).toEqual([404, expect.objectContaining({ code: 'ERR12219' })]);
    expect((await produce(topic, { records: [{ value: 1, partition: 0 }] })).body).toEqual({
      offsets: [{ partition: 0, offset: 0 }],
      requestStatus: 'OK',
    });
  });

  it('refuses an oversize record among good ones with 413, none sent', async () => {
    const topic = randomName('oversize');
    const answer = await produce(topic, { records: [{ value: 1, partition: 0 }, { value: 'x'.repeat(1_100_000) }] });
    expect([answer.status, answer.body]).toEqual([413, expect.objectContaining({ code: 'ERR12231' })]);
    expect((await produce(topic, { records: [{ value: 1, partition: 0 }] })).body).toEqual({
      offsets: [{ partition: 0, offset: 0 }],
      requestStatus: 'OK',
    });
  });
});
