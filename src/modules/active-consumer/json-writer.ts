/** Longest text that is copied character by character: below it a loop beats a call into the runtime. */
const maxLoopLength = 24;

/** Collects JSON text in one buffer that grows; never looks at what it copies. */
export class JsonWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(expectedBytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(64, expectedBytes));
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

  /** What was written; the writer is done with. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
