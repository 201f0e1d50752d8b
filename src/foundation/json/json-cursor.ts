import { isUtf8 } from 'node:buffer';
import { JsonDepthError, JsonSyntaxError } from './json-errors.ts';
import {
  byteAt,
  closeBrace,
  closeBracket,
  colon,
  comma,
  JsonText,
  openBrace,
  openBracket,
  quote,
  scanLiteral,
  scanNumber,
  scanString,
  scanValue,
  skipSpace,
} from './json-scan.ts';

export { JsonDepthError, JsonSyntaxError };

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null';

/** Objects and arrays that may nest in a text from outside. */
export const defaultMaxDepth = 64;

/** What begins with a byte. */
const kindOfByte: readonly (JsonKind | undefined)[] = Array.from({ length: 256 }, (_, byte) => kindBeginningWith(byte));

function kindBeginningWith(byte: number): JsonKind | undefined {
  const kinds: Record<string, JsonKind> = { '{': 'object', '[': 'array', '"': 'string', '-': 'number' };
  const words: Record<string, JsonKind> = { t: 'true', f: 'false', n: 'null' };
  const character = String.fromCharCode(byte);
  return kinds[character] ?? words[character] ?? (/[0-9]/.test(character) ? 'number' : undefined);
}

/** Names up to this many bytes are remembered, in a power of two of slots. */
const maxRememberedName = 16;
const nameSlots = 32;
/**
 * The names met last, in whatever text: requests repeat theirs, and a native slice costs more than the rest of reading a
 * name. Each is compared with the text's bytes before it is taken, so what stands here never changes a result.
 */
const knownNames: string[] = Array.from({ length: nameSlots }, () => '');

/**
 * Pull parser over one UTF-8 JSON text, strict (RFC 8259): it walks the bytes and builds only what is asked for, so a
 * value can be cut out of the text as it stands.
 *
 * The caller follows the text: each `nextName` or `nextElement` that announces a value is followed by exactly one of
 * `enterObject`, `enterArray`, `skipValue` or a `read`, an object is left through `nextName` and an array through
 * `nextElement`. Under that rule nothing but JSON is accepted. After a throw the cursor is of no further use.
 *
 * @throws JsonSyntaxError from every method, where the text is not JSON or not what the method reads; `offset` is the
 * first byte that cannot stand there. JsonDepthError where objects and arrays nest deeper than `maxDepth`.
 */
export class JsonCursor {
  /** Byte offset of the next unread byte. */
  position = 0;
  /** Offset of the value last skipped or read, behind the white space before it. */
  valueStart = 0;
  /** Offset of the quote that opens the member name last read. */
  nameStart = 0;
  readonly #text: JsonText;
  readonly #maxDepth: number;
  #depth = 0;
  /** Nothing of the innermost container was read yet, so no comma is due. */
  #isFirst = false;

  constructor(bytes: Buffer, maxDepth = defaultMaxDepth) {
    if (!isUtf8(bytes)) throw new JsonSyntaxError('the text is not UTF-8', firstBadByte(bytes));
    this.#text = new JsonText(bytes);
    this.#maxDepth = maxDepth;
  }

  /** Skips white space and tells what begins here; the value stays unread, and only its first byte was looked at. */
  peek(): JsonKind {
    this.position = skipSpace(this.#text, this.position);
    return kindOfByte[byteAt(this.#text, this.position)] ?? this.#fail('a value');
  }

  enterObject(): void {
    this.#enter(openBrace, 'an object');
  }

  enterArray(): void {
    this.#enter(openBracket, 'an array');
  }

  #enter(bracket: number, expected: string): void {
    this.position = skipSpace(this.#text, this.position);
    if (byteAt(this.#text, this.position) !== bracket) this.#fail(expected);
    if (this.#depth === this.#maxDepth) this.#failTooDeep(this.position);
    this.#depth++;
    this.position++;
    this.#isFirst = true;
  }

  /** Next member name of the current object, its colon consumed; undefined when the object ended. */
  nextName(): string | undefined {
    const text = this.#text;
    let at = skipSpace(text, this.position);
    let byte = byteAt(text, at);
    if (byte === closeBrace) return this.#leave(at);
    if (!this.#isFirst) {
      if (byte !== comma) this.#fail('a comma or }', at);
      at = skipSpace(text, at + 1);
      byte = byteAt(text, at);
    }
    this.#isFirst = false;
    if (byte !== quote) this.#fail('a member name', at);
    this.nameStart = at;
    const slot = (byteAt(text, at + 1) * 3 + byteAt(text, at + 2)) & (nameSlots - 1);
    let name = knownNames[slot]!;
    if (isNameAt(text, at, name)) at += name.length + 2;
    else {
      text.hasEscape = false;
      const end = this.#checked(scanString(text, at));
      name = text.hasEscape ? this.#decode(at, end) : text.bytes.toString('utf8', at + 1, end - 1);
      // As many characters as bytes: the name is ASCII without escapes, so its characters can be compared with bytes.
      if (name.length === end - at - 2 && name.length <= maxRememberedName) knownNames[slot] = name;
      at = end;
    }
    at = skipSpace(text, at);
    if (byteAt(text, at) !== colon) this.#fail('a colon', at);
    this.position = at + 1;
    return name;
  }

  /** True when another element follows, with the position before it; false when the array ended. */
  nextElement(): boolean {
    const text = this.#text;
    const at = skipSpace(text, this.position);
    const byte = byteAt(text, at);
    if (byte === closeBracket) {
      this.#leave(at);
      return false;
    }
    if (this.#isFirst) this.position = at;
    else {
      if (byte !== comma) this.#fail('a comma or ]', at);
      this.position = at + 1;
    }
    this.#isFirst = false;
    this.peek();
    return true;
  }

  #leave(closingBracket: number): undefined {
    this.position = closingBracket + 1;
    this.#depth--;
    this.#isFirst = false;
  }

  /** Skips one whole value; its text is the bytes from `valueStart` to `position`. */
  skipValue(): void {
    const start = skipSpace(this.#text, this.position);
    this.position = this.#checked(scanValue(this.#text, start, this.#maxDepth - this.#depth));
    this.valueStart = start;
  }

  /** The string with its escapes decoded; one of a lone surrogate stays in it, see String.prototype.isWellFormed. */
  readString(): string {
    const hasEscape = this.#passString();
    if (hasEscape) return this.#decode(this.valueStart, this.position);
    return this.#text.bytes.toString('utf8', this.valueStart + 1, this.position - 1);
  }

  /** The string's UTF-8 bytes, part of the text where it has no escape; undefined when it has a lone surrogate. */
  readStringBytes(): Buffer | undefined {
    const hasEscape = this.#passString();
    if (!hasEscape) return this.#text.bytes.subarray(this.valueStart + 1, this.position - 1);
    const decoded = this.#decode(this.valueStart, this.position);
    return decoded.isWellFormed() ? Buffer.from(decoded) : undefined;
  }

  /** The number as it is written. */
  readNumberText(): string {
    if (this.peek() !== 'number') this.#fail('a number');
    const start = this.position;
    this.position = this.#checked(scanNumber(this.#text, start));
    this.valueStart = start;
    return this.#text.bytes.toString('latin1', start, this.position);
  }

  readLiteral(): boolean | null {
    const kind = this.peek();
    if (kind !== 'true' && kind !== 'false' && kind !== 'null') this.#fail('true, false or null');
    const start = this.position;
    this.position = this.#checked(scanLiteral(this.#text, start));
    this.valueStart = start;
    return kind === 'null' ? null : kind === 'true';
  }

  /** Nothing but white space may follow. */
  end(): void {
    this.position = skipSpace(this.#text, this.position);
    if (this.position < this.#text.end) this.#fail('the end');
  }

  /** Reads over a string and tells whether it has an escape. */
  #passString(): boolean {
    const text = this.#text;
    const start = skipSpace(text, this.position);
    if (byteAt(text, start) !== quote) this.#fail('a string', start);
    text.hasEscape = false;
    this.position = this.#checked(scanString(text, start));
    this.valueStart = start;
    return text.hasEscape;
  }

  /** A string found correct, quotes included; JSON.parse knows the escapes. */
  #decode(start: number, end: number): string {
    return JSON.parse(this.#text.bytes.toString('utf8', start, end)) as string;
  }

  /** Passes the offset a scan answered, or throws for the fault it tells. */
  #checked(scanned: number): number {
    if (scanned >= 0) return scanned;
    if (this.#text.isTooDeep) this.#failTooDeep(~scanned);
    throw new JsonSyntaxError(`unexpected ${this.#seenAt(~scanned)}`, ~scanned);
  }

  #fail(expected: string, offset = this.position): never {
    throw new JsonSyntaxError(`${expected} was expected, not ${this.#seenAt(offset)}`, offset);
  }

  #failTooDeep(offset: number): never {
    throw new JsonDepthError(`objects and arrays nest deeper than ${this.#maxDepth}`, offset);
  }

  #seenAt(offset: number): string {
    if (offset >= this.#text.end) return 'the end of the text';
    const byte = this.#text.bytes[offset]!;
    if (byte > 0x20 && byte < 0x7f) return `'${String.fromCharCode(byte)}'`;
    return `byte 0x${byte.toString(16).padStart(2, '0')}`;
  }
}

/** Whether a remembered name stands behind a quote and is all of the string; an empty slot is not. */
function isNameAt(text: JsonText, at: number, name: string): boolean {
  const { length } = name;
  if (length === 0 || byteAt(text, at + length + 1) !== quote) return false;
  for (let i = 0; i < length; i++) if (name.charCodeAt(i) !== text.bytes[at + i + 1]) return false;
  return true;
}

/** Offset of the first sequence that is not UTF-8: where decoding first puts a U+FFFD that the bytes do not spell. */
function firstBadByte(bytes: Buffer): number {
  const text = bytes.toString('utf8');
  let offset = 0;
  for (let from = 0; ;) {
    const found = text.indexOf('\ufffd', from);
    if (found < 0) return offset;
    offset += Buffer.byteLength(text.slice(from, found));
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return offset;
    offset += 3;
    from = found + 1;
  }
}
