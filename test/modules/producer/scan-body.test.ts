import { describe, expect, it } from '@jest/globals';
import type { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import { scanBody } from '../../../src/modules/producer/scan-body.ts';
import { FakeRequest, type RequestParts } from '../../support/request.ts';

/** A scanned request, its bytes as text. */
function scan(parts: RequestParts) {
  const { records, ...rest } = scanBody(new FakeRequest('produceRecords', parts), 100_000);
  return {
    ...rest,
    records: records.map((record) => ({ ...record, key: record.key?.toString(), value: record.value?.toString() })),
  };
}

const lines = (body: string | Buffer, query: RequestParts['query'] = {}) =>
  scan({ contentType: 'application/x-ndjson', body: Buffer.from(body), query });

const bytes = (body: string, ...rawHeaders: string[]) =>
  scan({ contentType: 'application/octet-stream', body: Buffer.from(body), rawHeaders });

function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    const { code, description } = error as SidecarError;
    return `${code} ${description}`;
  }
  return 'none';
}

const record = {
  key: undefined,
  value: undefined,
  partition: -1,
  timestamp: 0,
  headers: undefined,
  correlationId: undefined,
  traceabilityId: undefined,
};
const side = { format: undefined, schema: undefined, subject: undefined, id: undefined, version: undefined };

describe('JSON lines', () => {
  it('are a record each, its key and value cut out as they are written', () => {
    expect(
      lines('{"key":"k","value":{"a" : 1.0}}\n{"value":9223372036854775807,"partition":1,"headers":{"h":"1"}}\n'),
    ).toEqual({
      key: side,
      value: side,
      isRaw: false,
      records: [
        { ...record, key: '"k"', value: '{"a" : 1.0}' },
        { ...record, value: '9223372036854775807', partition: 1, headers: [{ h: '1' }] },
      ],
    });
  });

  it('may end in CR LF or not at all, and be blank', () => {
    const values = lines('\n{"value":1}\r\n \t\r\n\n  {"value":2}  \n\n{"value":3}').records.map(({ value }) => value);
    expect(values).toEqual(['1', '2', '3']);
  });

  it('have formats and schemas in the query', () => {
    const query = {
      format: 'avro',
      keyFormat: 'STRING',
      valueSchemaId: 3,
      valueSchemaSubject: 's',
      acks: '1',
      timeoutMs: 5,
    };
    expect(lines('{}', query)).toEqual({
      key: { ...side, format: 'STRING' },
      value: { ...side, format: 'AVRO', id: 3, subject: 's' },
      isRaw: false,
      records: [record],
    });
  });

  it.each([
    ['', 'ERR11004 body # must have at least one record, one on each line'],
    ['\n \r\n', 'ERR11004 body # must have at least one record, one on each line'],
    ['{"value":1}\n{"value":}', "ERR10015 the body's line 2 is not JSON: a value was expected"],
    ['{"value":1}\n\n[1]', 'ERR11004 body #/records/1 must be object, not array'],
    ['{"value":1} {"value":2}', "ERR10015 the body's line 1 is not JSON: the end was expected, not '{' at byte 12"],
    ['{"value":\n1}', "ERR10015 the body's line 1 is not JSON: "],
    ['{"value":1}\n{"vale":1}', 'ERR11004 body #/records/1/vale is no field of a record'],
    ['{"records":[]}', 'ERR11004 body #/records/0/records is no field of a record'],
    [`{"value":${'['.repeat(64)}${']'.repeat(64)}}`, "ERR11004 body's line 1: objects and arrays nest deeper than 64"],
    ['\ufeff{"value":1}', "ERR10015 the body's line 1 is not JSON: "],
  ])('are refused as %j', (body, refusal) => {
    expect(refusalOf(() => lines(body)).slice(0, refusal.length)).toBe(refusal);
  });

  it('are refused where a line is not UTF-8', () => {
    const body = Buffer.concat([Buffer.from('{"value":1}\n{"value":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(refusalOf(() => lines(body))).toBe(
      "ERR10015 the body's line 2 is not JSON: the text is not UTF-8 at byte 10",
    );
  });

  it('may be many', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => `{"value":${index}}`).join('\n');
    expect(lines(many).records.at(-1)).toEqual({ ...record, value: '49999' });
  });
});

describe('records beyond the limit', () => {
  // Counted only when all were scanned and written, millions of them took seconds and gigabytes.
  it('are refused while they are read, on lines and in a list', () => {
    const request = (contentType: string, body: string) =>
      new FakeRequest('produceRecords', { contentType, body: Buffer.from(body) });
    const refusal = expect.objectContaining({
      code: 'ERR12231',
      description: 'there are more records than kafka-producer.maxInFlightRecords (2); split the request',
    });
    const emptyLines = (count: number) => request('application/x-ndjson', '{}\n'.repeat(count));
    const list = (count: number) => request('application/json', `{"records":[${Array(count).fill('{}').join()}]}`);
    expect([scanBody(emptyLines(2), 2).records.length, scanBody(list(2), 2).records.length]).toEqual([2, 2]);
    expect(() => scanBody(emptyLines(3), 2)).toThrow(refusal);
    expect(() => scanBody(list(3), 2)).toThrow(refusal);
  });
});

describe('bytes', () => {
  it('are the value of one record, whatever they are', () => {
    const scanned = scanBody(
      new FakeRequest('produceRecords', {
        contentType: 'application/octet-stream',
        body: Buffer.from([0, 0xff, 0x7b]),
      }),
      100_000,
    );
    expect(scanned).toEqual({
      key: side,
      value: side,
      isRaw: true,
      records: [{ ...record, value: Buffer.from([0, 0xff, 0x7b]) }],
    });
    expect(bytes('').records).toEqual([{ ...record, value: '' }]);
  });

  it('have key, partition and headers in HTTP headers, as the bytes that were sent', () => {
    const latin1 = Buffer.from('é☃').toString('latin1');
    const { records } = bytes(
      'v',
      'x-kafka-KEY',
      latin1,
      'X-Kafka-Partition',
      '3',
      'X-Kafka-Header-Trace',
      latin1,
      'Other',
      'x',
    );
    expect(records).toEqual([
      { ...record, key: 'é☃', value: 'v', partition: 3, headers: [{ Trace: Buffer.from('é☃') }] },
    ]);
  });

  it('keep repeated record headers, in their order and spelling', () => {
    const { records } = bytes(
      '',
      'X-Kafka-Header-b',
      '1',
      'x-kafka-header-A',
      '',
      'X-KAFKA-HEADER-b',
      '2',
      'X-Kafka-Header---proto--',
      '3',
    );
    expect(records[0]?.headers).toEqual([
      { b: Buffer.from('1') },
      { A: '' },
      { b: Buffer.from('2') },
      { '--proto--': Buffer.from('3') },
    ]);
  });

  it.each(['-1', '1.5', 'x', '1 ', '0x1', '2147483648', '99999999999', '1, 2', '٣'])(
    'are refused with the partition %j',
    (text) => {
      expect(refusalOf(() => bytes('', 'X-Kafka-Partition', text))).toBe(
        'ERR11004 header X-Kafka-Partition must be a whole number from 0 to 2147483647',
      );
    },
  );

  it('are refused with a record header that has no name', () => {
    expect(refusalOf(() => bytes('', 'X-Kafka-Header-', 'x'))).toBe(
      'ERR11004 header X-Kafka-Header- must name a record header behind its last hyphen',
    );
  });
});

describe('the query of another body', () => {
  it('must not speak of formats and schemas', () => {
    const json = { records: [{}] };
    expect([
      refusalOf(() => scan({ json, query: { keyFormat: 'avro' } })),
      refusalOf(() => scan({ contentType: 'application/octet-stream', query: { valueSchemaId: 1 } })),
      refusalOf(() => scan({ json, query: { acks: 'all', timeoutMs: 1, async: 'true' } })),
    ]).toEqual([
      'ERR11004 query parameter keyFormat belongs to application/x-ndjson; give it in the body',
      'ERR11004 query parameter valueSchemaId belongs to application/x-ndjson; bytes are written as they are',
      'none',
    ]);
  });
});
