import { isBase64 } from '../../foundation/base64.ts';
import type { JsonCursor } from '../../foundation/json/json-cursor.ts';
import { checkName, expectKind, pointer, refuse } from './record-fields.ts';

/** A header as the client library takes it: an object with one member. */
export type WireHeader = Readonly<Record<string, string | Buffer>>;

/** Reads a record's `headers`: a map of texts, or a list where names repeat, order counts and values may be bytes. */
export function scanHeaders(cursor: JsonCursor, place: string): WireHeader[] {
  const kind = expectKind(cursor, place, 'object', 'array', 'null');
  if (kind === 'object') return scanMap(cursor, place);
  if (kind === 'array') return scanList(cursor, place);
  cursor.readLiteral();
  return [];
}

function scanMap(cursor: JsonCursor, place: string): WireHeader[] {
  const headers: WireHeader[] = [];
  const seen = new Set<string>();
  cursor.enterObject();
  for (let name = cursor.nextName(); name !== undefined; name = cursor.nextName()) {
    const at = pointer(place, name);
    checkName(name, at);
    if (seen.has(name)) refuse(at, 'is given twice; use the list form for repeated headers');
    seen.add(name);
    headers.push(wireHeader(name, readText(cursor, at)));
  }
  return headers;
}

function scanList(cursor: JsonCursor, place: string): WireHeader[] {
  const headers: WireHeader[] = [];
  cursor.enterArray();
  while (cursor.nextElement()) headers.push(scanEntry(cursor, `${place}/${headers.length}`));
  return headers;
}

function scanEntry(cursor: JsonCursor, place: string): WireHeader {
  expectKind(cursor, place, 'object');
  cursor.enterObject();
  let header: string | undefined;
  let value: string | Buffer | undefined;
  for (let name = cursor.nextName(); name !== undefined; name = cursor.nextName()) {
    const at = pointer(place, name);
    if (name === 'name') {
      if (header !== undefined) refuse(at, 'is given twice');
      header = readText(cursor, at);
      checkName(header, at);
    } else if (name === 'value' || name === 'valueBase64') {
      if (value !== undefined) refuse(at, 'is a second value; give value or valueBase64 once');
      const text = readText(cursor, at);
      value = name === 'value' ? text : decodeBase64(text, at);
    } else refuse(at, 'is no field of a header');
  }
  if (header === undefined) refuse(place, 'must have a name');
  if (value === undefined) refuse(place, 'must have a value or valueBase64');
  return wireHeader(header, value);
}

function readText(cursor: JsonCursor, place: string): string {
  if (cursor.peek() === 'null') refuse(place, 'must not be null: the Kafka client cannot send a null header value');
  expectKind(cursor, place, 'string');
  const text = cursor.readString();
  if (!text.isWellFormed()) refuse(place, 'must not hold a lone surrogate');
  return text;
}

function decodeBase64(text: string, place: string): Buffer {
  if (!isBase64(text)) refuse(place, 'must be padded base64');
  return Buffer.from(text, 'base64');
}

/** Any name is a plain member here, `__proto__` too. */
export function wireHeader(name: string, value: string | Buffer): WireHeader {
  const taken = takenByClient(value);
  if (name !== '__proto__') return { [name]: taken };
  return Object.defineProperty({}, name, { value: taken, enumerable: true });
}

/** The client library ends a text at a NUL and takes empty bytes for null. */
function takenByClient(value: string | Buffer): string | Buffer {
  if (typeof value !== 'string') return value.length === 0 ? '' : value;
  return value.includes('\0') ? Buffer.from(value) : value;
}
