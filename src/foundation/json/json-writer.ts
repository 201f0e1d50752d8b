/** Longest text that is copied character by character: below it a loop beats a call into the runtime. */
const maxLoopLength = 24;

/** Collects JSON text in one buffer that grows; never looks at what it copies. */
export class JsonWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(expectedBytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(64, expectedBytes));
  }

  get length(): number {
    return this.#length;
  }

  /** ASCII text. */
  text(text: string): void {
    this.#reserve(text.length);
    if (text.length > maxLoopLength) {
      this.#length += this.#buffer.write(text, this.#length, 'latin1');
      return;
    }
    for (let i = 0; i < text.length; i++) this.#buffer[this.#length++] = text.charCodeAt(i);
  }

  /** Text that may hold any character, or UTF-8 bytes. */
  json(json: string | Buffer): void {
    if (typeof json === 'string') {
      // A UTF-16 unit takes at most three bytes.
      this.#reserve(json.length * 3);
      this.#length += this.#buffer.write(json, this.#length, 'utf8');
      return;
    }
    this.#reserve(json.length);
    this.#buffer.set(json, this.#length);
    this.#length += json.length;
  }

  byte(byte: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = byte;
  }

  /** Bytes from `start` to `end` of a larger buffer. */
  slice(source: Buffer, start: number, end: number): void {
    const size = end - start;
    this.#reserve(size);
    if (size > maxLoopLength) source.copy(this.#buffer, this.#length, start, end);
    else for (let i = 0; i < size; i++) this.#buffer[this.#length + i] = source[start + i]!;
    this.#length += size;
  }

  /** What was written; the writer is done with. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** A copy of what was written; the writer begins anew, in the same buffer unless that is larger than `keptBytes`. */
  takeCopy(keptBytes: number): Buffer {
    const copy = Buffer.allocUnsafe(this.#length);
    this.#buffer.copy(copy, 0, 0, this.#length);
    this.reset(keptBytes);
    return copy;
  }

  /** Forgets what was written. */
  reset(keptBytes: number): void {
    this.#length = 0;
    if (this.#buffer.length > keptBytes) this.#buffer = Buffer.allocUnsafeSlow(keptBytes);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
