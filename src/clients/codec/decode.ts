import { isUtf8 } from 'node:buffer';
import { isJsonText } from '../../foundation/json/strict-json.ts';
import { DecodeError } from './decode-error.ts';
import type { Format } from './formats.ts';

/**
 * Turns the stored bytes of one key or value into JSON text to be spliced into an answer. The bytes of a JSON value are
 * answered as they are, so that its numbers survive digit for digit. Throws DecodeError where the bytes have not the format;
 * its message follows "the key" or "the value".
 */
export type Decoder = (bytes: Buffer) => Buffer | string;

const decoders: Readonly<Partial<Record<Format, Decoder>>> = {
  JSON: (bytes) => {
    if (!isJsonText(bytes)) throw new DecodeError('is not valid JSON');
    return bytes;
  },
  STRING: (bytes) => {
    if (!isUtf8(bytes)) throw new DecodeError('is not UTF-8 text');
    return JSON.stringify(bytes.toString('utf8'));
  },
  BINARY: (bytes) => `"${bytes.toString('base64')}"`,
};

/** The decoder of a format; undefined for formats that need a schema. */
export function decoderOf(format: Format): Decoder | undefined {
  return decoders[format];
}
