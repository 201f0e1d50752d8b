import { DecodeError } from '../decode-error.ts';

/** Reads the parts of Avro's binary encoding front to back. Throws DecodeError where the bytes end early. */
export class AvroInput {
  position: number;
  /** Items read so far that had no bytes of their own. */
  emptyItems = 0;
  readonly bytes: Buffer;

  constructor(bytes: Buffer, position: number) {
    this.bytes = bytes;
    this.position = position;
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  byte(): number {
    if (this.position >= this.bytes.length) failShort();
    return this.bytes[this.position++]!;
  }

  /** A zigzag variable-length number of at most 64 bits; a bigint where a double might not hold it. */
  long(): number | bigint {
    let byte = this.byte();
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let low = byte & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      byte = this.byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (low >>> 1) ^ -(low & 1);
    }
    return this.#longer(low);
  }

  /** What goes beyond 28 bits: as doubles as long as those are exact. */
  #longer(low: number): number | bigint {
    const { position } = this;
    let high = 0;
    for (let scale = 1; scale < 2 ** 21; scale *= 128) {
      const byte = this.byte();
      high += (byte & 0x7f) * scale;
      if (byte >= 0x80) continue;
      const value = high * 2 ** 28 + low;
      return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    this.position = position;
    return this.#longest(BigInt(low));
  }

  #longest(low: bigint): number | bigint {
    let value = low;
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      if (value >= 2n ** 64n) break;
      const decoded = (value & 1n) === 0n ? value >> 1n : -((value + 1n) >> 1n);
      const isSafe = decoded <= BigInt(Number.MAX_SAFE_INTEGER) && decoded >= BigInt(Number.MIN_SAFE_INTEGER);
      return isSafe ? Number(decoded) : decoded;
    }
    throw new DecodeError('a number has more than 64 bits');
  }

  /** The length of something that follows: not negative, and not more than what is left. */
  size(what: string): number {
    const size = this.long();
    if (typeof size === 'bigint' || size < 0) throw new DecodeError(`${what} has a length of ${size}`);
    if (size > this.remaining) failShort();
    return size;
  }

  float(): number {
    this.#need(4);
    this.position += 4;
    return this.bytes.readFloatLE(this.position - 4);
  }

  double(): number {
    this.#need(8);
    this.position += 8;
    return this.bytes.readDoubleLE(this.position - 8);
  }

  /** Passes bytes and answers where they began. */
  pass(size: number): number {
    this.#need(size);
    this.position += size;
    return this.position - size;
  }

  #need(size: number): void {
    if (size > this.remaining) failShort();
  }
}

function failShort(): never {
  throw new DecodeError('the bytes end before the value does');
}
