import type { JsonReader } from '../../../foundation/json/json-reader.ts';
import { quote } from '../../../foundation/json/json-scan.ts';
import { EncodeError } from '../encode-error.ts';
import type { AvroOutput } from './avro-output.ts';
import type { AvroPrimitive } from './avro-schema.ts';
import { foundKind, refuse, type Write } from './avro-write.ts';

const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const dot = 0x2e;
/** The letter e; E with bit 5 set. */
const exponent = 0x65;
/** So many digits always make an integer that a double holds. */
const maxPlainDigits = 15;
/** More than any type has, zeros in front included. */
const maxDigits = 100;
const powersOfTen = Array.from({ length: maxPlainDigits + 1 }, (_, power) => 10 ** power);
const minLong = -(2n ** 63n);
const maxLong = 2n ** 63n - 1n;
const maxInt = 2_147_483_647;
/** A whole number however written, such as `1.0` or `1e3`. */
const wholeNumber = /^-?\d+(?:\.0+)?(?:[eE]\+?\d+)?$/;
const nonFinite = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** Writers of the types without a schema of their own; `fixed` makes one. */
export const primitiveWriters: Readonly<Record<AvroPrimitive, Write>> & {
  readonly fixed: (name: string, size: number) => Write;
} = {
  null: (input, out) => {
    if (foundKind(input) !== 'Null') refuse(out, 'null', foundKind(input));
    input.passLiteral();
  },
  boolean: (input, out) => {
    if (foundKind(input) !== 'Boolean') refuse(out, 'boolean', foundKind(input));
    out.byte(input.bytes[input.position] === 0x74 ? 1 : 0);
    input.passLiteral();
  },
  int: (input, out) => {
    const value = readInteger(input, out, 'int');
    if (typeof value === 'bigint' || value > maxInt || value < -maxInt - 1) {
      throw new EncodeError(out.place, `${value} is out of the range of int, 32 bits`);
    }
    out.long(value);
  },
  long: (input, out) => {
    const value = readInteger(input, out, 'long');
    if (typeof value === 'number') out.long(value);
    else if (value > maxLong || value < minLong) {
      throw new EncodeError(out.place, `${value} is out of the range of long, 64 bits`);
    } else out.bigLong(value);
  },
  float: (input, out) => {
    const value = readDouble(input, out, 'float');
    const rounded = Math.fround(value);
    if (!Number.isFinite(rounded) && Number.isFinite(value)) {
      throw new EncodeError(out.place, `${value} is out of the range of float`);
    }
    out.float(rounded);
  },
  double: (input, out) => out.double(readDouble(input, out, 'double')),
  string: writeString,
  bytes: (input, out) => {
    const bytes = readBytes(input, out, 'bytes');
    out.block(bytes, 0, bytes.length);
  },
  fixed: (name, size) => (input, out) => {
    const bytes = readBytes(input, out, `fixed ${name}`);
    if (bytes.length !== size) {
      throw new EncodeError(out.place, `fixed ${name} has ${size} bytes, found: ${bytes.length}`);
    }
    out.copy(bytes, 0, size);
  },
};

/** A bigint where a double might not hold it. */
function readInteger(input: JsonReader, out: AvroOutput, type: string): number | bigint {
  const first = input.peek();
  if (first !== minus && !isDigit(first)) refuse(out, type, foundKind(input));
  const { bytes } = input;
  const start = input.position;
  const firstDigit = first === minus ? start + 1 : start;
  let at = firstDigit;
  let value = 0;
  for (; isDigit(bytes[at]); at++) value = value * 10 + bytes[at]! - zero;
  if (!isNumberPart(bytes[at])) {
    input.position = at;
    if (at - firstDigit <= maxPlainDigits) return first === minus ? -value : value;
    // Turning millions of digits into a number takes seconds.
    if (at - firstDigit > maxDigits) throw new EncodeError(out.place, `the number is out of the range of ${type}`);
    return BigInt(bytes.toString('latin1', start, at));
  }
  input.passNumber();
  const text = bytes.toString('latin1', start, input.position);
  const whole = Number(text);
  if (!wholeNumber.test(text) || !Number.isSafeInteger(whole)) {
    throw new EncodeError(
      out.place,
      `expected type: ${type}, found: ${text}, which is no whole number of plain digits`,
    );
  }
  return whole;
}

function readDouble(input: JsonReader, out: AvroOutput, type: string): number {
  const first = input.peek();
  if (first === quote) {
    const named = nonFinite.get(input.readString());
    if (named === undefined) refuse(out, type, 'String');
    return named;
  }
  if (first !== minus && !isDigit(first)) refuse(out, type, foundKind(input));
  const { bytes } = input;
  const start = input.position;
  const firstDigit = first === minus ? start + 1 : start;
  let at = firstDigit;
  let digits = 0;
  for (; isDigit(bytes[at]); at++) digits = digits * 10 + bytes[at]! - zero;
  const wholeDigits = at - firstDigit;
  let decimals = 0;
  if (bytes[at] === dot) {
    for (at++; isDigit(bytes[at]); at++, decimals++) digits = digits * 10 + bytes[at]! - zero;
  }
  // Both are whole numbers that a double holds exactly, so that their quotient is the nearest double to the text.
  if (!isNumberPart(bytes[at]) && wholeDigits + decimals <= maxPlainDigits) {
    input.position = at;
    const value = digits / powersOfTen[decimals]!;
    return first === minus ? -value : value;
  }
  input.passNumber();
  const value = Number(bytes.toString('latin1', start, input.position));
  if (!Number.isFinite(value)) throw new EncodeError(out.place, `the number is out of the range of ${type}`);
  return value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

/** A point or the letter of an exponent: the number goes on. */
function isNumberPart(byte: number | undefined): boolean {
  return byte === dot || (byte !== undefined && (byte | 0x20) === exponent);
}

function writeString(input: JsonReader, out: AvroOutput): void {
  if (input.peek() !== quote) refuse(out, 'string', foundKind(input));
  const decoded = input.passString();
  if (decoded === undefined) {
    out.block(input.bytes, input.stringStart, input.position - 1);
    return;
  }
  if (!decoded.isWellFormed())
    throw new EncodeError(out.place, 'the string holds a lone surrogate, which has no UTF-8 form');
  const bytes = Buffer.from(decoded);
  out.block(bytes, 0, bytes.length);
}

/** Avro's JSON encoding writes bytes as a string whose characters U+0000 to U+00FF are the bytes. */
function readBytes(input: JsonReader, out: AvroOutput, type: string): Buffer {
  if (input.peek() !== quote) refuse(out, type, foundKind(input));
  const text = input.readString();
  // eslint-disable-next-line no-control-regex
  if (/[^\u0000-\u00ff]/.test(text)) {
    throw new EncodeError(out.place, 'bytes are written as characters U+0000 to U+00FF, and a character is beyond');
  }
  return Buffer.from(text, 'latin1');
}
