import { isBase64 } from '../../foundation/base64.ts';
import { EncodeError } from './encode-error.ts';
import type { Format } from './formats.ts';

/** Turns the JSON text of one key or value, never `null`, into the bytes of a record. Throws EncodeError. */
export type Encoder = (text: Buffer) => Buffer;

const quote = 0x22;
const backslash = 0x5c;

const encoders: Readonly<Partial<Record<Format, Encoder>>> = {
  JSON: (text) => text,
  STRING: (text) => {
    if (text[0] !== quote) throw new EncodeError('#', 'the string format takes a JSON string');
    return textBytes(text);
  },
  BINARY: (text) => {
    if (text[0] !== quote) throw new EncodeError('#', 'the binary format takes a JSON string with base64');
    const encoded = textBytes(text).toString('latin1');
    if (!isBase64(encoded)) throw new EncodeError('#', 'the text is not padded base64');
    return Buffer.from(encoded, 'base64');
  },
};

/** The encoder of a format; undefined for formats that need a schema. */
export function encoderOf(format: Format): Encoder | undefined {
  return encoders[format];
}

/** UTF-8 bytes of a JSON string: the body's own where nothing is escaped. */
function textBytes(text: Buffer): Buffer {
  const inner = text.subarray(1, -1);
  if (!inner.includes(backslash)) return inner;
  const decoded = JSON.parse(text.toString('utf8')) as string;
  if (!decoded.isWellFormed()) throw new EncodeError('#', 'the string holds a lone surrogate, which has no UTF-8 form');
  return Buffer.from(decoded, 'utf8');
}
