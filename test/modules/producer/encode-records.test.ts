import { describe, expect, it } from '@jest/globals';
import type { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import type { OperationRequest } from '../../../src/modules/module.ts';
import { encodeRecords, type EncodeOptions } from '../../../src/modules/producer/encode-records.ts';
import { sideEncoders, type SideDefaults } from '../../../src/modules/producer/side-encoders.ts';
import { scanRequest } from '../../../src/modules/producer/scan-request.ts';
import { FakeRequest } from '../../support/request.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const options: EncodeOptions = { forwardHeaders: [], callerId: undefined, maxRecordBytes: 1_000 };
const defaults: SideDefaults = { keyFormat: undefined, valueFormat: undefined, registry: undefined };

type RequestIds = Partial<Pick<OperationRequest, 'correlationId' | 'traceabilityId' | 'traceparent' | 'tracestate'>>;

function encode(
  body: object | string,
  ids: RequestIds = {},
  changed: Partial<EncodeOptions> = {},
  formats: Partial<SideDefaults> = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request: OperationRequest = Object.assign(new FakeRequest('produceRecords'), { correlationId: 'cid', ...ids });
  const scanned = scanRequest(Buffer.from(text));
  const sides = sideEncoders(scanned, 't', { ...defaults, ...formats });
  if (sides instanceof Promise) throw new Error('a format without schema must not wait');
  return encodeRecords(scanned, sides, request, { ...options, ...changed });
}

/** Headers as names and texts. */
const headersOf = (body: object, ids?: RequestIds) =>
  encode(body, ids).records.map(({ headers }) => headers!.flatMap((header) => Object.entries(header)));

function refusalOf(...given: Parameters<typeof encode>): string {
  try {
    encode(...given);
  } catch (error) {
    const { code, description } = error as SidecarError;
    return `${code} ${description}`;
  }
  return 'none';
}

describe('encodeRecords', () => {
  it('writes records as the client library takes them', () => {
    const records = [
      { key: 'k', value: { a: 1 }, partition: 3, timestamp: 5 },
      { key: '', value: '' },
      { key: null, value: null, timestamp: 0 },
    ];
    const { records: outgoing, bytes } = encode({ records });
    const headers = [{ 'X-Correlation-Id': 'cid' }];
    expect(outgoing).toEqual([
      { partition: 3, key: Buffer.from('k'), value: Buffer.from('{"a":1}'), timestamp: 5, headers },
      { partition: -1, key: '', value: Buffer.from('""'), timestamp: null, headers },
      { partition: -1, key: null, value: null, timestamp: null, headers },
    ]);
    const headerBytes = 'X-Correlation-Id'.length + 'cid'.length + 10;
    expect(bytes).toBe(3 * headerBytes + 1 + 7 + 2);
  });

  it('writes in the formats of the request, else in those configured', () => {
    const records = [{ key: 'YQ==', value: 'YQ==' }];
    const written = [
      encode({ records }),
      encode({ format: 'binary', records }),
      encode({ keyFormat: 'json', records }, {}, {}, { valueFormat: 'STRING' }),
    ].map(({ records: [record] }) => [String(record?.key), String(record?.value)]);
    expect(written).toEqual([
      ['YQ==', '"YQ=="'],
      ['a', 'a'],
      ['"YQ=="', 'YQ=='],
    ]);
  });

  it('refuses formats that need a schema, without a registry', () => {
    expect([refusalOf({ valueFormat: 'avro', records: [{}] }), refusalOf({ keyFormat: 4, records: [{}] })]).toEqual([
      'ERR12208 valueFormat AVRO needs a schema registry; set schema.registry.url',
      'ERR12208 keyFormat PROTOBUF needs a schema registry; set schema.registry.url',
    ]);
  });

  it('refuses wrong data with the index of its record', () => {
    expect([
      refusalOf({ records: [{ key: 'a' }, { key: 1 }] }),
      refusalOf({ valueFormat: 'BINARY', records: [{ value: '?' }] }),
    ]).toEqual([
      'ERR12206 Unexpected exception in serializing string format with message #: the string format takes a JSON ' +
        'string, index in batch : 1 (key). Nothing was produced',
      'ERR12206 Unexpected exception in serializing binary format with message #: the text is not padded base64, ' +
        'index in batch : 0 (value). Nothing was produced',
    ]);
  });

  it('refuses a record over the limit, its headers counted', () => {
    const fits = { value: 'x'.repeat(900), headers: { h: 'y'.repeat(1) } };
    const over = { value: 'x'.repeat(900), headers: { h: 'y'.repeat(100) } };
    expect([refusalOf({ records: [fits] }), refusalOf({ records: [fits, over] })]).toEqual([
      'none',
      'ERR12231 body #/records/1 has 1042 bytes of key, value and headers; message.max.bytes allows 1000. ' +
        'Nothing was produced',
    ]);
  });
});

describe('the headers of a record', () => {
  it('are the ids and trace context of the request, then its own in their order', () => {
    const ids = { traceabilityId: 'tid', traceparent, tracestate: 'v=1' };
    expect(headersOf({ records: [{ headers: { z: '1', a: '2' } }, {}] }, ids)).toEqual([
      [
        ['X-Traceability-Id', 'tid'],
        ['X-Correlation-Id', 'cid'],
        ['traceparent', traceparent],
        ['tracestate', 'v=1'],
        ['z', '1'],
        ['a', '2'],
      ],
      [
        ['X-Traceability-Id', 'tid'],
        ['X-Correlation-Id', 'cid'],
        ['traceparent', traceparent],
        ['tracestate', 'v=1'],
      ],
    ]);
  });

  it('have each id once: the record’s field before its header before the request’s', () => {
    const records = [
      {
        correlationId: 'field',
        traceabilityId: 'tfield',
        headers: { 'x-correlation-id': 'h', 'X-TRACEABILITY-ID': 'h' },
      },
      { headers: { 'x-correlation-id': 'h', 'X-TRACEABILITY-ID': 'h' } },
    ];
    expect(headersOf({ records }, { traceabilityId: 'tid' })).toEqual([
      [
        ['X-Traceability-Id', 'tfield'],
        ['X-Correlation-Id', 'field'],
      ],
      [
        ['x-correlation-id', 'h'],
        ['X-TRACEABILITY-ID', 'h'],
      ],
    ]);
  });

  it('keep a trace context of the record’s own, without the request’s state', () => {
    const own = traceparent.replace('-01', '-00');
    const records = [{ headers: { Traceparent: own } }];
    expect(headersOf({ records }, { traceparent, tracestate: 'v=1' })).toEqual([
      [
        ['X-Correlation-Id', 'cid'],
        ['Traceparent', own],
      ],
    ]);
  });

  it('may hold the request’s ids beyond ASCII', () => {
    expect(headersOf({ records: [{}] }, { correlationId: 'é😀' })).toEqual([[['X-Correlation-Id', 'é😀']]]);
  });
});
