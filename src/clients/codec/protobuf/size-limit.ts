import type { DescMessage, JsonValue } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/**
 * A message becomes an object with all of its fields, however few bytes it has: two bytes for a hundred fields. Of such
 * objects a record may make no more than this many fields, some hundred megabytes.
 */
export const maxCells = 1_000_000;
/** A record or value this small cannot make too many, bytes. */
const harmlessBytes = 4_096;

/** Whether the message that these bytes hold would make too many objects. Bytes that are no message are found later. */
export function isTooLargeToRead(message: DescMessage, bytes: Uint8Array): boolean {
  if (bytes.length <= harmlessBytes) return false;
  return new Counter().binary(message, new BinaryReader(bytes), bytes.length) > maxCells;
}

/** The same for JSON that is to become a message. */
export function isTooLargeToWrite(message: DescMessage, json: JsonValue, textBytes: number): boolean {
  return textBytes > harmlessBytes && new Counter().json(message, json) > maxCells;
}

class Counter {
  #cells = 0;

  /** Stops counting once there are too many. */
  binary(message: DescMessage, reader: BinaryReader, end: number): number {
    this.#cells += 1 + message.fields.length;
    const fields = fieldsByNumber(message);
    while (reader.pos < end && this.#cells <= maxCells) {
      const [number, type] = reader.tag();
      const inner = type === WireType.LengthDelimited ? fields.get(number) : undefined;
      if (inner === undefined) reader.skip(type, number);
      else {
        const length = reader.uint32();
        this.binary(inner, reader, Math.min(reader.pos + length, end));
      }
    }
    return this.#cells;
  }

  json(message: DescMessage | undefined, json: JsonValue): number {
    if (this.#cells > maxCells || typeof json !== 'object' || json === null) return this.#cells;
    if (Array.isArray(json)) {
      for (const item of json) this.json(message, item);
      return this.#cells;
    }
    this.#cells += 1 + (message?.fields.length ?? 0);
    for (const [name, value] of Object.entries(json)) {
      this.json(message?.fields.find((field) => field.jsonName === name || field.name === name)?.message, value);
    }
    return this.#cells;
  }
}

const known = new WeakMap<DescMessage, ReadonlyMap<number, DescMessage>>();

/** The fields of a message that hold messages. A map's entries count as messages of one field, which they are. */
function fieldsByNumber(message: DescMessage): ReadonlyMap<number, DescMessage> {
  const found = known.get(message);
  if (found !== undefined) return found;
  const fields = new Map<number, DescMessage>();
  for (const field of message.fields) {
    if (field.message !== undefined && field.fieldKind !== 'map') fields.set(field.number, field.message);
  }
  known.set(message, fields);
  return fields;
}
