import { pointerStep } from '../../../foundation/json/json-pointer.ts';

const firstCapacity = 1_024;
/** Larger buffers are given back after use, bytes. */
const keptCapacity = 1_048_576;
/** Longest run that is copied byte by byte: below it a loop beats a call into the runtime. */
const maxLoopLength = 24;
const maxInt32Zigzag = 0x3fff_ffff;

/** Bytes of one Avro datum, written front to back, and the place in the JSON that is being written. */
export class AvroOutput {
  bytes = Buffer.allocUnsafeSlow(firstCapacity);
  length = 0;
  /** Steps from the whole value to the current one: field names, map keys and array indexes; `depth` of them hold. */
  readonly path: (string | number)[] = [];
  depth = 0;
  /** Items written so far that have no bytes of their own. */
  emptyItems = 0;
  /** What is written is the default of a field. */
  readonly isDefault: boolean;
  /** What came of the unions with several branches to try, by place: the branch or why there is none. */
  readonly choices = new Map<number, unknown>();

  constructor(isDefault = false) {
    this.isDefault = isDefault;
  }

  /** Begins a datum behind its frame. */
  begin(frame: Buffer): void {
    this.length = 0;
    this.depth = 0;
    this.emptyItems = 0;
    if (this.choices.size > 0) this.choices.clear();
    this.copy(frame, 0, frame.length);
  }

  /** A copy of what was written. */
  finish(): Buffer {
    const copy = Buffer.allocUnsafe(this.length);
    this.bytes.copy(copy, 0, 0, this.length);
    if (this.bytes.length > keptCapacity) this.bytes = Buffer.allocUnsafeSlow(firstCapacity);
    return copy;
  }

  /** A JSON pointer to the current place. */
  get place(): string {
    return `#${this.path.slice(0, this.depth).map(pointerStep).join('')}`;
  }

  reserve(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + bytes));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  byte(byte: number): void {
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  /** A zigzag variable-length number; `value` is a safe integer. */
  long(value: number): void {
    if (value > maxInt32Zigzag || value < -maxInt32Zigzag) {
      this.bigLong(BigInt(value));
      return;
    }
    this.reserve(5);
    const { bytes } = this;
    let rest = value >= 0 ? value << 1 : (-value << 1) - 1;
    while (rest > 0x7f) {
      bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[this.length++] = rest;
  }

  /** The same for any 64-bit number. */
  bigLong(value: bigint): void {
    this.reserve(10);
    let rest = value >= 0n ? value << 1n : (-value << 1n) - 1n;
    while (rest > 0x7fn) {
      this.bytes[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.length++] = Number(rest);
  }

  float(value: number): void {
    this.reserve(4);
    this.length = this.bytes.writeFloatLE(value, this.length);
  }

  double(value: number): void {
    this.reserve(8);
    this.length = this.bytes.writeDoubleLE(value, this.length);
  }

  copy(source: Buffer, start: number, end: number): void {
    const size = end - start;
    this.reserve(size);
    if (size > maxLoopLength) source.copy(this.bytes, this.length, start, end);
    else for (let i = 0; i < size; i++) this.bytes[this.length + i] = source[start + i]!;
    this.length += size;
  }

  /** Length, then bytes. */
  block(source: Buffer, start: number, end: number): void {
    this.long(end - start);
    this.copy(source, start, end);
  }

  /** Puts the count of a block's items before the items, which were written behind one byte kept for it at `at`. */
  insertCount(at: number, count: number): void {
    if (count <= 63) {
      this.bytes[at] = count << 1;
      return;
    }
    const end = this.length;
    this.long(count);
    const size = this.length - end;
    const encoded = Buffer.from(this.bytes.subarray(end, end + size));
    this.length = end;
    this.reserve(size - 1);
    this.bytes.copyWithin(at + size, at + 1, end);
    encoded.copy(this.bytes, at);
    this.length = end + size - 1;
  }
}
