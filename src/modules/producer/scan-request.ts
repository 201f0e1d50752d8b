import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import { JsonCursor, JsonDepthError, JsonSyntaxError } from '../../foundation/json/json-cursor.ts';
import { expectKind, pointer, readId, readInteger, refuse } from './record-fields.ts';
import { scanHeaders, type WireHeader } from './scan-headers.ts';
import { readSideField, sideFieldNames, sideFields, type SideFields } from './side-fields.ts';

/** Kafka numbers partitions with 32-bit integers. */
export const maxPartition = 2_147_483_647;

/** A record as it stands in the body: its key and value are still JSON text, cut out of the body's bytes. */
export interface ScannedRecord {
  /** JSON text, or the bytes themselves where the body is bytes; undefined for null or absent. */
  key: Buffer | undefined;
  value: Buffer | undefined;
  /** -1 where the partitioner chooses. */
  partition: number;
  /** Milliseconds since 1970; 0 is now. */
  timestamp: number;
  headers: WireHeader[] | undefined;
  correlationId: string | undefined;
  traceabilityId: string | undefined;
}

export interface ScannedRequest {
  readonly key: SideFields;
  readonly value: SideFields;
  readonly records: readonly ScannedRecord[];
  /** Keys and values are no JSON text but the bytes to be written. */
  readonly isRaw: boolean;
}

/**
 * Reads the body of produceRecords without building its values: each key and value is cut out as its own bytes, so that
 * numbers and spacing survive exactly, and no time is spent on parsing what is only passed on.
 *
 * @throws SidecarError ERR10015 for text that is not JSON, ERR11004 for a field that is unknown, repeated or of a wrong
 * type; the description names the place.
 */
export function scanRequest(body: Buffer, maxRecords = Infinity): ScannedRequest {
  return refusingBadJson('body', () => {
    const cursor = new JsonCursor(body);
    const request = scanBody(cursor, body, maxRecords);
    cursor.end();
    return request;
  });
}

/** @param what what the text is, for the description of a fault: `body`, `body's line 3` */
export function refusingBadJson<T>(what: string, scan: () => T): T {
  try {
    return scan();
  } catch (error) {
    if (error instanceof JsonDepthError) throw new SidecarError('ERR11004', `${what}: ${error.message}`);
    if (error instanceof JsonSyntaxError)
      throw new SidecarError('ERR10015', `the ${what} is not JSON: ${error.message}`);
    throw error;
  }
}

function scanBody(cursor: JsonCursor, body: Buffer, maxRecords: number): ScannedRequest {
  expectKind(cursor, '', 'object');
  cursor.enterObject();
  let records: ScannedRecord[] | undefined;
  const fields = new Map<string, string | number | undefined>();
  for (let name = cursor.nextName(); name !== undefined; name = cursor.nextName()) {
    if (name === 'records') {
      if (records !== undefined) refuse('/records', 'is given twice');
      records = scanRecords(cursor, body, '/records', maxRecords);
      continue;
    }
    if (!sideFieldNames.has(name)) refuse(pointer('', name), 'is no field of this request');
    if (fields.has(name)) refuse(`/${name}`, 'is given twice');
    fields.set(name, readSideField(cursor, name, `/${name}`));
  }
  if (records === undefined) refuse('', "must have required property 'records'");
  return { key: sideFields('key', fields), value: sideFields('value', fields), records, isRaw: false };
}

function scanRecords(cursor: JsonCursor, body: Buffer, place: string, maxRecords: number): ScannedRecord[] {
  expectKind(cursor, place, 'array');
  cursor.enterArray();
  const records: ScannedRecord[] = [];
  while (cursor.nextElement()) {
    checkCount(records.length, maxRecords);
    records.push(scanRecord(cursor, body, records.length));
  }
  if (records.length === 0) refuse(place, 'must have at least one record');
  return records;
}

/** Found while reading: the millions of tiny records that a body has room for would take seconds and gigabytes. */
export function checkCount(records: number, maxRecords: number): void {
  if (records < maxRecords) return;
  throw new SidecarError(
    'ERR12231',
    `there are more records than kafka-producer.maxInFlightRecords (${maxRecords}); split the request`,
  );
}

/** One bit per field, to notice a repeated one. */
const keyBit = 1;
const valueBit = 2;
const partitionBit = 4;
const timestampBit = 8;
const headersBit = 16;
const correlationIdBit = 32;
const traceabilityIdBit = 64;

function bitOf(name: string): number {
  switch (name) {
    case 'key':
      return keyBit;
    case 'value':
      return valueBit;
    case 'partition':
      return partitionBit;
    case 'timestamp':
      return timestampBit;
    case 'headers':
      return headersBit;
    case 'correlationId':
      return correlationIdBit;
    case 'traceabilityId':
      return traceabilityIdBit;
    default:
      return 0;
  }
}

/** Reads one record; `body` is the text under the cursor, `index` its place in the request. */
export function scanRecord(cursor: JsonCursor, body: Buffer, index: number): ScannedRecord {
  if (cursor.peek() !== 'object') expectKind(cursor, `/records/${index}`, 'object');
  cursor.enterObject();
  const record: ScannedRecord = {
    key: undefined,
    value: undefined,
    partition: -1,
    timestamp: 0,
    headers: undefined,
    correlationId: undefined,
    traceabilityId: undefined,
  };
  let seen = 0;
  for (let name = cursor.nextName(); name !== undefined; name = cursor.nextName()) {
    const bit = bitOf(name);
    if (bit === 0) refuse(pointer(`/records/${index}`, name), 'is no field of a record');
    if ((seen & bit) !== 0) refuse(`/records/${index}/${name}`, 'is given twice');
    seen |= bit;
    if (bit === keyBit) record.key = cutValue(cursor, body);
    else if (bit === valueBit) record.value = cutValue(cursor, body);
    else scanRecordField(cursor, record, bit, `/records/${index}/${name}`);
  }
  return record;
}

function scanRecordField(cursor: JsonCursor, record: ScannedRecord, bit: number, place: string): void {
  if (bit === headersBit) record.headers = scanHeaders(cursor, place);
  else if (bit === correlationIdBit) record.correlationId = readId(cursor, place);
  else if (bit === traceabilityIdBit) record.traceabilityId = readId(cursor, place);
  else if (cursor.peek() === 'null') cursor.readLiteral();
  else if (bit === partitionBit) record.partition = readInteger(cursor, place, maxPartition);
  else record.timestamp = readInteger(cursor, place);
}

function cutValue(cursor: JsonCursor, body: Buffer): Buffer | undefined {
  if (cursor.peek() === 'null') {
    cursor.readLiteral();
    return undefined;
  }
  cursor.skipValue();
  return body.subarray(cursor.valueStart, cursor.position);
}
