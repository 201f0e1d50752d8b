import { EncodeError, encoderOf, type Encoder } from '../../clients/codec/encode.ts';
import type { Format } from '../../clients/codec/formats.ts';
import type { OutgoingRecord } from '../../clients/kafka/producer-client.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { OperationRequest } from '../module.ts';
import type { WireHeader } from './scan-headers.ts';
import type { ScannedRecord, ScannedRequest } from './scan-request.ts';

const correlationHeader = 'X-Correlation-Id';
const traceabilityHeader = 'X-Traceability-Id';
const traceparentHeader = 'traceparent';
const tracestateHeader = 'tracestate';

export interface EncodeOptions {
  /** Formats of a request that names none. */
  readonly keyFormat: Format;
  readonly valueFormat: Format;
  /** Largest key + value + headers of one record, bytes. */
  readonly maxRecordBytes: number;
}

export interface EncodedBatch {
  readonly records: readonly OutgoingRecord[];
  /** Sum of keys, values and headers. */
  readonly bytes: number;
}

/**
 * Serialises every record of a request, so that a bad one is known before the first is sent.
 *
 * @throws SidecarError ERR12206 naming the record's index and the place in it; ERR12231 for a record over the limit;
 * ERR12208 for a format that needs a schema
 */
export function encodeRecords(
  scanned: ScannedRequest,
  request: OperationRequest,
  options: EncodeOptions,
): EncodedBatch {
  const keyFormat = scanned.keyFormat ?? options.keyFormat;
  const valueFormat = scanned.valueFormat ?? options.valueFormat;
  const encodeKey = encoderFor(keyFormat, 'keyFormat');
  const encodeValue = encoderFor(valueFormat, 'valueFormat');
  const plainHeaders = requestHeaders(request);
  const plainHeaderBytes = headerBytes(plainHeaders);
  const records: OutgoingRecord[] = [];
  let bytes = 0;
  for (let index = 0; index < scanned.records.length; index++) {
    const record = scanned.records[index]!;
    const key = record.key === undefined ? null : encoded(encodeKey, record.key, keyFormat, index, 'key');
    const value = record.value === undefined ? null : encoded(encodeValue, record.value, valueFormat, index, 'value');
    const isPlain =
      record.headers === undefined && record.correlationId === undefined && record.traceabilityId === undefined;
    const headers = isPlain ? plainHeaders : recordHeaders(request, record);
    const size = (key?.length ?? 0) + (value?.length ?? 0) + (isPlain ? plainHeaderBytes : headerBytes(headers));
    if (size > options.maxRecordBytes) {
      throw new SidecarError(
        'ERR12231',
        `body #/records/${index} has ${size} bytes of key, value and headers; message.max.bytes allows ` +
          `${options.maxRecordBytes}. Nothing was produced`,
      );
    }
    bytes += size;
    records.push({
      partition: record.partition,
      // The client sends an empty Buffer as null, but an empty text as an empty key.
      key: key?.length === 0 ? '' : key,
      value,
      timestamp: record.timestamp === 0 ? null : record.timestamp,
      headers,
    });
  }
  return { records, bytes };
}

function encoderFor(format: Format, field: string): Encoder {
  const encoder = encoderOf(format);
  if (encoder === undefined) {
    throw new SidecarError(
      'ERR12208',
      `${field} ${format} needs a schema registry; this version writes BINARY, STRING and JSON`,
    );
  }
  return encoder;
}

function encoded(encode: Encoder, text: Buffer, format: Format, index: number, side: 'key' | 'value'): Buffer {
  try {
    return encode(text);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    throw new SidecarError(
      'ERR12206',
      `Unexpected exception in serializing ${format.toLowerCase()} format with message ${error.place}: ` +
        `${error.message}, index in batch : ${index} (${side}). Nothing was produced`,
    );
  }
}

/** The headers of a record that has none and no ids of its own. */
function requestHeaders({ correlationId, traceabilityId, traceparent, tracestate }: OperationRequest): WireHeader[] {
  const headers: WireHeader[] = [];
  if (traceabilityId !== undefined) headers.push({ [traceabilityHeader]: traceabilityId });
  headers.push({ [correlationHeader]: correlationId });
  if (traceparent !== undefined) headers.push({ [traceparentHeader]: traceparent });
  if (traceparent !== undefined && tracestate !== undefined) headers.push({ [tracestateHeader]: tracestate });
  return headers;
}

/**
 * The headers of one record: traceability id, correlation id and trace context of the request where the record has none of
 * its own, then the record's own headers in their order. An id stands once: the record's field wins over its header of
 * that name, which wins over the request's.
 */
function recordHeaders(request: OperationRequest, record: ScannedRecord): WireHeader[] {
  const own = record.headers ?? [];
  const names = own.map(nameOf);
  const has = (name: string) => names.includes(name);
  const headers: WireHeader[] = [];
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

/** What the headers take in a record: names, values and their lengths. */
function headerBytes(headers: readonly WireHeader[]): number {
  const lengthFields = 10;
  let bytes = 0;
  for (const header of headers) {
    for (const name in header) bytes += Buffer.byteLength(name) + Buffer.byteLength(header[name]!) + lengthFields;
  }
  return bytes;
}
