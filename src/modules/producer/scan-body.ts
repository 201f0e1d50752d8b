import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import { JsonCursor } from '../../foundation/json/json-cursor.ts';
import type { OperationRequest } from '../module.ts';
import { checkName, refuse } from './record-fields.ts';
import { wireHeader, type WireHeader } from './scan-headers.ts';
import {
  checkCount,
  maxPartition,
  refusingBadJson,
  scanRecord,
  scanRequest,
  type ScannedRecord,
  type ScannedRequest,
} from './scan-request.ts';
import { parseSideField, sideFieldNames, sideFields } from './side-fields.ts';

const lineFeed = 0x0a;
const wholeNumber = /^\d{1,10}$/;
const keyHeader = 'x-kafka-key';
const partitionHeader = 'x-kafka-partition';
const recordLine = /^x-kafka-(?:key$|partition$|header-)/i;
const shortestRecordLine = keyHeader.length;
/** What follows it is the name of a record header. */
const recordHeaderPrefix = 'x-kafka-header-';

/**
 * Reads the records of a produce request by its content type: a JSON object with `records`, JSON lines with one record each
 * and the formats in the query, or the bytes of one value with the rest in HTTP headers.
 *
 * @throws SidecarError ERR10015, ERR11004 naming the place, ERR12231 for more than `maxRecords`
 */
export function scanBody(request: OperationRequest, maxRecords: number): ScannedRequest {
  const fields = queryFields(request);
  if (request.contentType !== 'application/octet-stream') refuseRecordHeaders(request.rawHeaders);
  if (request.contentType === 'application/x-ndjson') return scanLines(request.body, fields, maxRecords);
  if (fields.size > 0) {
    const [name] = fields.keys();
    throw new SidecarError(
      'ERR11004',
      `query parameter ${name} belongs to application/x-ndjson; ${
        request.contentType === 'application/json' ? 'give it in the body' : 'bytes are written as they are'
      }`,
    );
  }
  return request.contentType === 'application/octet-stream'
    ? scanBytes(request)
    : scanRequest(request.body, maxRecords);
}

/** What a client says in headers of a record that stands in the body would be lost. */
function refuseRecordHeaders(rawHeaders: readonly string[]): void {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length < shortestRecordLine || !recordLine.test(name)) continue;
    throw new SidecarError('ERR11004', `header ${name} belongs to application/octet-stream; give it in the record`);
  }
}

const noFields: ReadonlyMap<string, string | number> = new Map();

function queryFields({ query }: OperationRequest): ReadonlyMap<string, string | number> {
  if (query.size === 0) return noFields;
  const fields = new Map<string, string | number>();
  for (const [name, text] of query) {
    if (sideFieldNames.has(name)) fields.set(name, parseSideField(name, text, `query parameter ${name}`));
  }
  return fields;
}

/** Blank lines are passed over. */
function scanLines(body: Buffer, fields: ReadonlyMap<string, string | number>, maxRecords: number): ScannedRequest {
  const records: ScannedRecord[] = [];
  let line = 0;
  for (let start = 0; start < body.length; line++) {
    if (body[start] === lineFeed) {
      start++;
      continue;
    }
    const feed = body.indexOf(lineFeed, start);
    const end = feed === -1 ? body.length : feed;
    const text = body.subarray(start, end);
    start = end + 1;
    if (isBlank(text)) continue;
    checkCount(records.length, maxRecords);
    const record = refusingBadJson(`body's line ${line + 1}`, () => {
      const cursor = new JsonCursor(text);
      const scanned = scanRecord(cursor, text, records.length);
      cursor.end();
      return scanned;
    });
    records.push(record);
  }
  if (records.length === 0) refuse('', 'must have at least one record, one on each line');
  return { key: sideFields('key', fields), value: sideFields('value', fields), records, isRaw: false };
}

function isBlank(text: Buffer): boolean {
  return text.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
}

function scanBytes(request: OperationRequest): ScannedRequest {
  refuseRepeated(request.rawHeaders, keyHeader);
  refuseRepeated(request.rawHeaders, partitionHeader);
  const key = request.header(keyHeader);
  const record: ScannedRecord = {
    key: key === undefined ? undefined : Buffer.from(key, 'latin1'),
    value: request.body,
    partition: partitionOf(request),
    timestamp: 0,
    headers: recordHeaders(request.rawHeaders),
    correlationId: undefined,
    traceabilityId: undefined,
  };
  const none = sideFields('key', noFields);
  return { key: none, value: none, records: [record], isRaw: true };
}

/** Of two keys the server would make one. */
function refuseRepeated(rawHeaders: readonly string[], name: string): void {
  const lines = rawHeaders.filter((line, i) => i % 2 === 0 && line.toLowerCase() === name);
  if (lines.length > 1) throw new SidecarError('ERR11004', `header ${lines[0]!} is given twice`);
}

function partitionOf(request: OperationRequest): number {
  const text = request.header(partitionHeader);
  if (text === undefined) return -1;
  if (!wholeNumber.test(text) || Number(text) > maxPartition) {
    throw new SidecarError('ERR11004', `header X-Kafka-Partition must be a whole number from 0 to ${maxPartition}`);
  }
  return Number(text);
}

/** Names in the client's spelling, in its order, repeated ones too; values are the bytes that were sent. */
function recordHeaders(rawHeaders: readonly string[]): WireHeader[] | undefined {
  const headers: WireHeader[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (!name.toLowerCase().startsWith(recordHeaderPrefix)) continue;
    const own = name.slice(recordHeaderPrefix.length);
    if (own === '')
      throw new SidecarError('ERR11004', `header ${name} must name a record header behind its last hyphen`);
    checkName(own, `header ${name}`);
    headers.push(wireHeader(own, Buffer.from(rawHeaders[i + 1]!, 'latin1')));
  }
  return headers.length === 0 ? undefined : headers;
}
