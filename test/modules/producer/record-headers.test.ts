import { describe, expect, it } from '@jest/globals';
import type { OperationRequest } from '../../../src/modules/module.ts';
import {
  commonHeaders,
  headerBytes,
  plainHeaders,
  recordHeaders,
  type RecordHeaderOptions,
} from '../../../src/modules/producer/record-headers.ts';
import { wireHeader, type WireHeader } from '../../../src/modules/producer/scan-headers.ts';
import type { ScannedRecord } from '../../../src/modules/producer/scan-request.ts';
import { FakeRequest } from '../../support/request.ts';

const sent = [
  'Authorization',
  'Bearer x',
  'X-Tenant',
  Buffer.from('é').toString('latin1'),
  'X-Correlation-Id',
  'other',
  'X-Empty',
  '',
];
const request: OperationRequest = Object.assign(new FakeRequest('produceRecords', { rawHeaders: sent }), {
  correlationId: 'cid',
});

const common = (forwardHeaders: readonly string[], callerId?: string, from = request) =>
  commonHeaders(from, { forwardHeaders, callerId } satisfies RecordHeaderOptions);

const bare: ScannedRecord = {
  key: undefined,
  value: undefined,
  partition: -1,
  timestamp: 0,
  headers: undefined,
  correlationId: undefined,
  traceabilityId: undefined,
};
const of = (shared: readonly WireHeader[], record: Partial<ScannedRecord>) =>
  recordHeaders(request, shared, { ...bare, ...record });

describe('headers of the request', () => {
  it('are forwarded where the configuration names them, by the name it gives', () => {
    expect(common(['authorization', 'X-TENANT', 'X-Absent', 'X-Empty'])).toEqual([
      { authorization: Buffer.from('Bearer x') },
      { 'X-TENANT': Buffer.from('é') },
    ]);
    expect(common([])).toEqual([]);
  });

  it('leave the ids and the trace context to their own rules', () => {
    expect(common(['X-Correlation-Id', 'x-traceability-id', 'Traceparent', 'tracestate'])).toEqual([]);
  });

  it('go to every record, before its own ids', () => {
    const shared = common(['Authorization'], 'caller');
    const expected = [
      { Authorization: Buffer.from('Bearer x') },
      { caller_id: 'caller' },
      { 'X-Correlation-Id': 'cid' },
    ];
    expect([plainHeaders(request, shared), of(shared, { headers: [{ a: '1' }] })]).toEqual([
      expected,
      [...expected, { a: '1' }],
    ]);
  });

  it('give way to a record’s own header of the name, in any case', () => {
    const shared = common(['Authorization', 'X-Tenant'], 'caller');
    expect(of(shared, { headers: [{ AUTHORIZATION: 'mine' }, { Caller_Id: 'me' }] })).toEqual([
      { 'X-Tenant': Buffer.from('é') },
      { 'X-Correlation-Id': 'cid' },
      { AUTHORIZATION: 'mine' },
      { Caller_Id: 'me' },
    ]);
  });

  it('are bytes that may be none, and names that may be any', () => {
    expect(
      of([], { headers: [wireHeader('__proto__', 'x'), wireHeader('e', Buffer.alloc(0))] }).map((header) =>
        Object.entries(header),
      ),
    ).toEqual([[['X-Correlation-Id', 'cid']], [['__proto__', 'x']], [['e', '']]]);
  });
});

describe('headerBytes', () => {
  it('counts names and values as UTF-8, and room for their lengths', () => {
    expect([headerBytes([]), headerBytes([{ é: '☃' }, { a: Buffer.from('é') }, wireHeader('__proto__', '')])]).toEqual([
      0,
      2 + 3 + 10 + (1 + 2 + 10) + (9 + 0 + 10),
    ]);
  });
});
