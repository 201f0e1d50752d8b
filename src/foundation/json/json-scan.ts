/**
 * The byte loops below the cursor: each takes the offset where something begins and answers the offset behind it, or
 * `~offset` (negative) of the first byte that no JSON text could have there. They neither throw nor allocate, and expect
 * text that was found to be UTF-8, so bytes from 0x80 need no look.
 */
export const quote = 0x22;
export const comma = 0x2c;
export const colon = 0x3a;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const backslash = 0x5c;
const letterU = 0x75;

/** One text under scan; the flags are how a scan tells more than an offset. */
export class JsonText {
  readonly bytes: Buffer;
  /** The same bytes, read four at a time. */
  readonly view: DataView;
  readonly end: number;
  /** Set when a string with an escape was scanned; whoever wants to know clears it first. */
  hasEscape = false;
  /** Set when a scan failed for depth, not for grammar. */
  isTooDeep = false;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.end = bytes.length;
  }
}

/** The byte at an offset; 0, which no token begins with, behind the end. */
export function byteAt(text: JsonText, at: number): number {
  return at < text.end ? text.bytes[at]! : 0;
}

function isSpace(byte: number): boolean {
  return byte <= 0x20 && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}

export function skipSpace(text: JsonText, from: number): number {
  let at = from;
  while (isSpace(byteAt(text, at))) at++;
  return at;
}

/**
 * Scans one value of any kind, white space before it included. Depth counts from this value: a bare scalar needs 0.
 *
 * One flat loop on purpose: with functions for its parts it takes half as long again.
 */
export function scanValue(text: JsonText, from: number, maxDepth: number): number {
  const { bytes, view, end } = text;
  const lastWord = end - 4;
  const lastBlock = end - 16;
  let at = from;
  let depth = 0;
  // One bit per open container, 1 for an object, the innermost lowest. Each full 32 levels move to `outer`, so a million
  // brackets take 250 KB and no recursion.
  let kinds = 0;
  let outer: number[] | undefined;
  let isName = false;
  for (;;) {
    let byte = at < end ? bytes[at]! : 0;
    while (isSpace(byte)) byte = ++at < end ? bytes[at]! : 0;
    if (byte === quote) {
      at++;
      for (;;) {
        // Four bytes at a time: `bits` gets the sign bit of each byte that is a quote, a backslash or below 0x20, exact up
        // to the lowest. Flipping bit 1 swaps quote with space, so that "below 0x21" is both control character and quote.
        // The expression is written out since the compiler, left to choose, now and then calls it as a function.
        let bits = 0;
        if (at <= lastWord) {
          // A word on its own first, since most names and many values are short; then sixteen bytes a step.
          let w = view.getInt32(at, true);
          bits = (((w ^ 0x02020202) - 0x21212121) | ((w ^ 0x5c5c5c5c) - 0x01010101)) & ~w & 0x80808080;
          if (bits === 0) {
            for (at += 4; at <= lastBlock; at += 16) {
              w = view.getInt32(at, true);
              const x = view.getInt32(at + 4, true);
              const y = view.getInt32(at + 8, true);
              const z = view.getInt32(at + 12, true);
              const wx =
                ((((w ^ 0x02020202) - 0x21212121) | ((w ^ 0x5c5c5c5c) - 0x01010101)) & ~w) |
                ((((x ^ 0x02020202) - 0x21212121) | ((x ^ 0x5c5c5c5c) - 0x01010101)) & ~x);
              const yz =
                ((((y ^ 0x02020202) - 0x21212121) | ((y ^ 0x5c5c5c5c) - 0x01010101)) & ~y) |
                ((((z ^ 0x02020202) - 0x21212121) | ((z ^ 0x5c5c5c5c) - 0x01010101)) & ~z);
              if (((wx | yz) & 0x80808080) !== 0) break;
            }
            for (; at <= lastWord; at += 4) {
              w = view.getInt32(at, true);
              bits = (((w ^ 0x02020202) - 0x21212121) | ((w ^ 0x5c5c5c5c) - 0x01010101)) & ~w & 0x80808080;
              if (bits !== 0) break;
            }
          }
        }
        if (bits !== 0) at += (31 - Math.clz32(bits & -bits)) >>> 3;
        else while (at < end && !isStop(bytes[at]!)) at++;
        byte = at < end ? bytes[at]! : 0;
        if (byte === quote) break;
        if (byte !== backslash) return ~at;
        text.hasEscape = true;
        at = scanEscape(text, at + 1);
        if (at < 0) return at;
      }
      at++;
      if (isName) {
        byte = at < end ? bytes[at]! : 0;
        while (isSpace(byte)) byte = ++at < end ? bytes[at]! : 0;
        if (byte !== colon) return ~at;
        at++;
        isName = false;
        continue;
      }
    } else if (isName) return ~at;
    else if (byte === openBrace || byte === openBracket) {
      if (depth === maxDepth) {
        text.isTooDeep = true;
        return ~at;
      }
      if (depth !== 0 && (depth & 31) === 0) (outer ??= []).push(kinds);
      depth++;
      isName = byte === openBrace;
      kinds = (kinds << 1) | (isName ? 1 : 0);
      at = skipSpace(text, at + 1);
      // An empty container is left to the loop below, which takes its closing bracket.
      if (byteAt(text, at) !== byte + 2) continue;
    } else {
      at = scanScalar(text, at, byte);
      if (at < 0) return at;
    }

    for (;;) {
      if (depth === 0) return at;
      byte = at < end ? bytes[at]! : 0;
      while (isSpace(byte)) byte = ++at < end ? bytes[at]! : 0;
      isName = (kinds & 1) === 1;
      if (byte === comma) break;
      if (byte !== (isName ? closeBrace : closeBracket)) return ~at;
      at++;
      depth--;
      kinds = depth !== 0 && (depth & 31) === 0 ? outer!.pop()! : kinds >> 1;
    }
    at++;
  }
}

function scanScalar(text: JsonText, at: number, byte: number): number {
  if (byte === minus || (byte >= zero && byte <= nine)) return scanNumber(text, at);
  return scanLiteral(text, at);
}

/** Scans a string from its opening quote. */
export function scanString(text: JsonText, from: number): number {
  return scanValue(text, from, 0);
}

function isStop(byte: number): boolean {
  return byte < 0x20 || byte === quote || byte === backslash;
}

/** 1 for the letters that may stand behind a backslash, `u` left out. */
const escapeLetters = tableOf('"\\/bfnrt');
const hexDigits = tableOf('0123456789abcdefABCDEF');

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** Scans an escape from behind its backslash. */
function scanEscape(text: JsonText, from: number): number {
  const byte = byteAt(text, from);
  if (escapeLetters[byte] === 1) return from + 1;
  if (byte !== letterU) return ~from;
  for (let at = from + 1; at <= from + 4; at++) if (hexDigits[byteAt(text, at)] === 0) return ~at;
  return from + 5;
}

/** Scans a number from its sign or first digit; what follows it is not looked at, so `01` ends behind the 0. */
export function scanNumber(text: JsonText, from: number): number {
  const { bytes, end } = text;
  let at = byteAt(text, from) === minus ? from + 1 : from;
  if (byteAt(text, at) === zero) at++;
  else {
    at = scanDigits(text, at);
    if (at < 0) return at;
  }
  if (at < end && bytes[at] === dot) {
    at = scanDigits(text, at + 1);
    if (at < 0) return at;
  }
  // Setting bit 5 turns E into e.
  if (at < end && (bytes[at]! | 0x20) === 0x65) {
    at++;
    const sign = byteAt(text, at);
    if (sign === minus || sign === 0x2b) at++;
    at = scanDigits(text, at);
  }
  return at;
}

/** One digit or more. */
function scanDigits(text: JsonText, from: number): number {
  const { bytes, end } = text;
  let at = from;
  while (at < end && bytes[at]! >= zero && bytes[at]! <= nine) at++;
  return at === from ? ~at : at;
}

const literals = ['true', 'false', 'null'].map((word) => Buffer.from(word));
/** `true`, `null` and the `alse` of `false`, as words. */
const [trueWord, nullWord, alseWord] = ['true', 'null', 'alse'].map((word) => Buffer.from(word).readInt32LE());

/** Scans `true`, `false` or `null`. */
export function scanLiteral(text: JsonText, from: number): number {
  const first = byteAt(text, from);
  const at = first === literals[1]![0] ? from + 1 : from;
  if (at + 4 <= text.end) {
    const word = text.view.getInt32(at, true);
    if (at > from ? word === alseWord : word === trueWord || word === nullWord) return at + 4;
  }
  return ~faultInLiteral(text, from, first);
}

function faultInLiteral(text: JsonText, from: number, first: number): number {
  const word = literals.find((literal) => literal[0] === first);
  if (word === undefined) return from;
  let at = from;
  while (byteAt(text, at) === word[at - from]) at++;
  return at;
}
