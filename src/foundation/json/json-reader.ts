import {
  byteAt,
  closeBrace,
  closeBracket,
  comma,
  JsonText,
  quote,
  scanLiteral,
  scanNumber,
  scanString,
  scanValue,
  skipSpace,
} from './json-scan.ts';

/** More levels than a text has bytes. */
const anyDepth = Number.MAX_SAFE_INTEGER;
const backslash = 0x5c;

/**
 * Reads one JSON text that is known to be valid, such as a value that JsonCursor cut out of a request: nothing is checked
 * again. All its state is `position`, so whoever wants to read a part twice sets it back.
 */
export class JsonReader {
  /** Byte offset of the next unread byte. */
  position = 0;
  readonly bytes: Buffer;
  readonly #text: JsonText;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#text = new JsonText(bytes);
  }

  /** First byte of the value that follows; white space before it is skipped. */
  peek(): number {
    this.position = skipSpace(this.#text, this.position);
    return byteAt(this.#text, this.position);
  }

  /** Passes the bracket that opens an object or array. */
  enter(): void {
    this.position++;
  }

  /** Passes the closing bracket of the innermost container, where it follows. */
  leaves(): boolean {
    const byte = this.#pastComma();
    if (byte !== closeBrace && byte !== closeBracket) return false;
    this.position++;
    return true;
  }

  /** Passes a member name and its colon, where it is this one, written without escapes. */
  passName(name: Buffer): boolean {
    if (this.#pastComma() !== quote) return false;
    const { bytes } = this;
    const start = this.position + 1;
    const { length } = name;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== name[i]) return false;
    if (bytes[start + length] !== quote) return false;
    this.position = skipSpace(this.#text, start + length + 1) + 1;
    return true;
  }

  /** The next member's name, its colon passed; undefined when the object ended. */
  nextName(): string | undefined {
    if (this.leaves()) return undefined;
    const name = this.readString();
    this.position = skipSpace(this.#text, this.position) + 1;
    return name;
  }

  skip(): void {
    this.position = scanValue(this.#text, this.position, anyDepth);
  }

  readString(): string {
    const start = skipSpace(this.#text, this.position);
    const end = this.#passString(start);
    return this.#text.hasEscape ? this.#decode(start, end) : this.bytes.toString('utf8', start + 1, end - 1);
  }

  /**
   * Passes a string. Without escapes its UTF-8 bytes stand from `stringStart` to the quote before `position`.
   *
   * @returns the decoded string where it has escapes; it may hold lone surrogates
   */
  passString(): string | undefined {
    const start = skipSpace(this.#text, this.position);
    const end = this.#passString(start);
    this.stringStart = start + 1;
    return this.#text.hasEscape ? this.#decode(start, end) : undefined;
  }

  /** Where the bytes of the string last passed begin. */
  stringStart = 0;

  /** Passes a number. */
  passNumber(): void {
    this.position = scanNumber(this.#text, this.position);
  }

  passLiteral(): void {
    this.position = scanLiteral(this.#text, this.position);
  }

  #passString(start: number): number {
    const { bytes } = this;
    // Most strings are short: a loop beats the scanner's set-up.
    const nearEnd = start + 25;
    for (let at = start + 1; at < nearEnd; at++) {
      const byte = bytes[at];
      if (byte === quote) {
        this.#text.hasEscape = false;
        return (this.position = at + 1);
      }
      if (byte === backslash) break;
    }
    this.#text.hasEscape = false;
    return (this.position = scanString(this.#text, start));
  }

  #decode(start: number, end: number): string {
    return JSON.parse(this.bytes.toString('utf8', start, end)) as string;
  }

  /** First byte behind white space and at most one comma. */
  #pastComma(): number {
    const byte = this.peek();
    if (byte !== comma) return byte;
    this.position++;
    return this.peek();
  }
}
