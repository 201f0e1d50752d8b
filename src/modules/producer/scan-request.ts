import { parseFormat, type Format } from '../../clients/codec/formats.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import { JsonCursor, JsonDepthError, JsonSyntaxError } from '../../foundation/json/json-cursor.ts';
import { expectKind, pointer, readId, readInteger, refuse } from './record-fields.ts';
import { scanHeaders, type WireHeader } from './scan-headers.ts';

/** Kafka numbers partitions with 32-bit integers. */
const maxPartition = 2_147_483_647;

/** A record as it stands in the body: its key and value are still JSON text, cut out of the body's bytes. */
export interface ScannedRecord {
  /** JSON text; undefined for null or absent. */
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
  keyFormat: Format | undefined;
  valueFormat: Format | undefined;
  readonly records: ScannedRecord[];
}

/**
 * Reads the body of produceRecords without building its values: each key and value is cut out as its own bytes, so that
 * numbers and spacing survive exactly, and no time is spent on parsing what is only passed on.
 *
 * @throws SidecarError ERR10015 for text that is not JSON, ERR11004 for a field that is unknown, repeated or of a wrong
 * type; the description names the place.
 */
export function scanRequest(body: Buffer): ScannedRequest {
  try {
    const cursor = new JsonCursor(body);
    const request = scanBody(cursor, body);
    cursor.end();
    return request;
  } catch (error) {
    if (error instanceof JsonDepthError) throw new SidecarError('ERR11004', `body: ${error.message}`);
    if (error instanceof JsonSyntaxError) throw new SidecarError('ERR10015', `the body is not JSON: ${error.message}`);
    throw error;
  }
}

function scanBody(cursor: JsonCursor, body: Buffer): ScannedRequest {
  expectKind(cursor, '', 'object');
  cursor.enterObject();
  let records: ScannedRecord[] | undefined;
  const fields = new Map<string, Format | undefined>();
  for (let name = cursor.nextName(); name !== undefined; name = cursor.nextName()) {
    if (name === 'records') {
      if (records !== undefined) refuse('/records', 'is given twice');
      records = scanRecords(cursor, body, '/records');
      continue;
    }
    const field = requestFields.get(name);
    if (field === undefined) refuse(pointer('', name), 'is no field of this request');
    if (fields.has(name)) refuse(`/${name}`, 'is given twice');
    fields.set(name, field(cursor, `/${name}`));
  }
  if (records === undefined) refuse('', "must have required property 'records'");
  const keyFormat = oneOf(fields, 'keyFormat', 'key_format');
  const valueFormat = oneOf(fields, 'valueFormat', 'value_format');
  return { keyFormat, valueFormat, records };
}

type FieldReader = (cursor: JsonCursor, place: string) => Format | undefined;

function readFormat(cursor: JsonCursor, place: string): Format | undefined {
  const kind = expectKind(cursor, place, 'string', 'number', 'null');
  if (kind === 'null') {
    cursor.readLiteral();
    return undefined;
  }
  const text = kind === 'string' ? cursor.readString() : cursor.readNumberText();
  const format = parseFormat(text);
  if (format === undefined) refuse(place, 'must be BINARY, STRING, JSON, AVRO, JSONSCHEMA or PROTOBUF');
  return format;
}

/** Schema coordinates are checked and passed over: the formats of this version never consult a registry. */
function readSchemaText(cursor: JsonCursor, place: string): undefined {
  if (expectKind(cursor, place, 'string', 'null') === 'null') cursor.readLiteral();
  else cursor.readString();
}

function readSchemaNumber(cursor: JsonCursor, place: string): undefined {
  if (expectKind(cursor, place, 'number', 'null') === 'null') cursor.readLiteral();
  else readInteger(cursor, place, maxPartition);
}

const requestFields = new Map<string, FieldReader>([
  ...['keyFormat', 'valueFormat', 'format', 'key_format', 'value_format'].map((name) => [name, readFormat] as const),
  ...['keySchema', 'valueSchema', 'keySchemaSubject', 'valueSchemaSubject'].map(
    (name) => [name, readSchemaText] as const,
  ),
  ...['key_schema', 'value_schema', 'key_schema_subject', 'value_schema_subject'].map(
    (name) => [name, readSchemaText] as const,
  ),
  ...['keySchemaId', 'valueSchemaId', 'keySchemaVersion', 'valueSchemaVersion'].map(
    (name) => [name, readSchemaNumber] as const,
  ),
  ...['key_schema_id', 'value_schema_id', 'key_schema_version', 'value_schema_version'].map(
    (name) => [name, readSchemaNumber] as const,
  ),
]);

/** A setting under its own name, its older spelling or the common `format`; contradictions are refused. */
function oneOf(fields: ReadonlyMap<string, Format | undefined>, name: string, older: string): Format | undefined {
  const own = fields.get(name);
  const legacy = fields.get(older);
  if (own !== undefined && legacy !== undefined && own !== legacy) refuse(`/${older}`, `contradicts ${name}`);
  return own ?? legacy ?? fields.get('format');
}

function scanRecords(cursor: JsonCursor, body: Buffer, place: string): ScannedRecord[] {
  expectKind(cursor, place, 'array');
  cursor.enterArray();
  const records: ScannedRecord[] = [];
  while (cursor.nextElement()) records.push(scanRecord(cursor, body, records.length));
  if (records.length === 0) refuse(place, 'must have at least one record');
  return records;
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

function scanRecord(cursor: JsonCursor, body: Buffer, index: number): ScannedRecord {
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
