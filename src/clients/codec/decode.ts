import { isUtf8 } from 'node:buffer';
import { isJsonText } from '../../foundation/json/strict-json.ts';
import type { Format } from './formats.ts';

/**
 * Turns the stored bytes of one key or value into JSON text to be spliced into an answer; undefined when the bytes do not
 * have the format. The bytes of a JSON value are answered as they are, so that its numbers survive digit for digit.
 */
export type Decoder = (bytes: Buffer) => Buffer | string | undefined;

const decoders: Readonly<Partial<Record<Format, Decoder>>> = {
  JSON: (bytes) => (isJsonText(bytes) ? bytes : undefined),
  STRING: (bytes) => (isUtf8(bytes) ? JSON.stringify(bytes.toString('utf8')) : undefined),
  BINARY: (bytes) => `"${bytes.toString('base64')}"`,
};

/** The decoder of a format; undefined for formats that need a schema. */
export function decoderOf(format: Format): Decoder | undefined {
  return decoders[format];
}
