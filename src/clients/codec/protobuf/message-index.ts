import { DecodeError } from '../decode-error.ts';

/** Deeper and longer paths than any schema has. */
const maxDepth = 64;

/**
 * Which message of a schema a record holds, as Confluent's framing writes it between the schema id and the message: the
 * positions of the message and of those around it among their siblings, outermost first, each a zigzag varint, behind
 * their count. The first message of a schema, `[0]`, is the single byte 0.
 *
 * @see https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
export function encodeMessageIndex(path: readonly number[]): Buffer {
  if (path.length === 1 && path[0] === 0) return Buffer.from([0]);
  const bytes: number[] = [];
  for (const value of [path.length, ...path]) {
    let rest = value * 2;
    for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
  }
  return Buffer.from(bytes);
}

/** @returns the path, and where the message begins */
export function decodeMessageIndex(bytes: Buffer, from: number): { path: readonly number[]; end: number } {
  let position = from;
  const next = () => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[position];
      if (byte === undefined) throw new DecodeError('the bytes end within the message index');
      position++;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new DecodeError('a number of the message index has more than 32 bits');
  };
  const count = next();
  if (count === 0) return { path: [0], end: position };
  if (count < 0 || count > maxDepth) throw new DecodeError(`the message index has ${count} levels`);
  const path = Array.from({ length: count }, next);
  return { path, end: position };
}
