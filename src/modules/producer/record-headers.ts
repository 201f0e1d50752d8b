import type { OperationRequest } from '../module.ts';
import { wireHeader, type WireHeader } from './scan-headers.ts';
import type { ScannedRecord } from './scan-request.ts';

const correlationHeader = 'X-Correlation-Id';
const traceabilityHeader = 'X-Traceability-Id';
const traceparentHeader = 'traceparent';
const tracestateHeader = 'tracestate';
const callerHeader = 'caller_id';
/** Headers that records get anyway, in their own way. */
const ownHeaders = new Set(
  [correlationHeader, traceabilityHeader, traceparentHeader, tracestateHeader].map((name) => name.toLowerCase()),
);

export interface RecordHeaderOptions {
  /** `kafka-producer.forwardHeaders` */
  readonly forwardHeaders: readonly string[];
  /** Value of the header `caller_id`; none where it is undefined. */
  readonly callerId: string | undefined;
}

const none: readonly WireHeader[] = [];

/** Headers that every record of a request gets: those forwarded from it, and who sent it. */
export function commonHeaders(request: OperationRequest, options: RecordHeaderOptions): readonly WireHeader[] {
  if (options.forwardHeaders.length === 0 && options.callerId === undefined) return none;
  const headers: WireHeader[] = [];
  for (const name of options.forwardHeaders) {
    const value = ownHeaders.has(name.toLowerCase()) ? undefined : request.header(name);
    if (value !== undefined) headers.push(wireHeader(name, Buffer.from(value, 'latin1')));
  }
  if (options.callerId !== undefined) headers.push(wireHeader(callerHeader, options.callerId));
  return headers;
}

/** The headers of a record that has none and no ids of its own. */
export function plainHeaders(request: OperationRequest, common: readonly WireHeader[]): WireHeader[] {
  const { correlationId, traceabilityId, traceparent, tracestate } = request;
  const headers: WireHeader[] = common.length === 0 ? [] : [...common];
  if (traceabilityId !== undefined) headers.push({ [traceabilityHeader]: traceabilityId });
  headers.push({ [correlationHeader]: correlationId });
  if (traceparent !== undefined) headers.push({ [traceparentHeader]: traceparent });
  if (traceparent !== undefined && tracestate !== undefined) headers.push({ [tracestateHeader]: tracestate });
  return headers;
}

/**
 * The headers of one record: what all records of the request get, traceability id, correlation id and trace context of the
 * request where the record has none of its own, then the record's own headers in their order. An id stands once: the
 * record's field wins over its header of that name, which wins over the request's.
 */
export function recordHeaders(
  request: OperationRequest,
  common: readonly WireHeader[],
  record: ScannedRecord,
): WireHeader[] {
  const own = record.headers ?? [];
  const names = own.map(nameOf);
  const has = (name: string) => names.includes(name);
  const headers: WireHeader[] = common.filter((header) => !has(nameOf(header)));
  const traceabilityId = record.traceabilityId ?? (has('x-traceability-id') ? undefined : request.traceabilityId);
  if (traceabilityId !== undefined) headers.push({ [traceabilityHeader]: traceabilityId });
  const correlationId = record.correlationId ?? (has('x-correlation-id') ? undefined : request.correlationId);
  if (correlationId !== undefined) headers.push({ [correlationHeader]: correlationId });
  if (request.traceparent !== undefined && !has(traceparentHeader)) {
    headers.push({ [traceparentHeader]: request.traceparent });
    if (request.tracestate !== undefined) headers.push({ [tracestateHeader]: request.tracestate });
  }
  for (const [index, header] of own.entries()) {
    const name = names[index]!;
    if (name === 'x-correlation-id' && record.correlationId !== undefined) continue;
    if (name === 'x-traceability-id' && record.traceabilityId !== undefined) continue;
    headers.push(header);
  }
  return headers;
}

function nameOf(header: WireHeader): string {
  for (const name in header) return name.toLowerCase();
  return '';
}

/** What the headers take in a record: names, values and their lengths, bytes. */
export function headerBytes(headers: readonly WireHeader[]): number {
  const lengthFields = 10;
  let bytes = 0;
  for (const header of headers) {
    for (const name in header) bytes += Buffer.byteLength(name) + Buffer.byteLength(header[name]!) + lengthFields;
  }
  return bytes;
}
