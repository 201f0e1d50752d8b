import { describe, expect, it } from '@jest/globals';
import { DecodeError } from '../../../src/clients/codec/decode-error.ts';
import { decoderOf } from '../../../src/clients/codec/decode.ts';
import type { Format } from '../../../src/clients/codec/formats.ts';

/** The text, or why there is none. */
function decode(format: Format, bytes: Buffer | string): string {
  try {
    return decoderOf(format)!(Buffer.from(bytes)).toString();
  } catch (error) {
    if (error instanceof DecodeError) return `refused: ${error.message}`;
    throw error;
  }
}

describe('decoderOf', () => {
  it('answers a JSON value as it is stored, to the digit', () => {
    const texts = ['9223372036854775807', '1.0', ' {"a" : 1}\n', 'null', `${'['.repeat(500)}${']'.repeat(500)}`];
    expect(texts.map((text) => decode('JSON', text))).toEqual(texts);
  });

  it.each(['', '{', '{"a":1}x', '\ufeff{}', 'abc', '\0\0\0\0\u0001{}'])('finds that %j is no JSON', (text) => {
    expect(decode('JSON', text)).toBe('refused: is not valid JSON');
  });

  it('answers text as a JSON string, and finds bytes that are no UTF-8', () => {
    expect([
      decode('STRING', ''),
      decode('STRING', 'a"\n\u0001é😀'),
      decode('STRING', Buffer.from([0x61, 0xff])),
    ]).toEqual(['""', '"a\\"\\n\\u0001é😀"', 'refused: is not UTF-8 text']);
  });

  it('answers any bytes as base64', () => {
    expect([decode('BINARY', ''), decode('BINARY', Buffer.from([0, 0xff]))]).toEqual(['""', '"AP8="']);
  });

  it('has no decoder for formats that need a schema', () => {
    expect((['AVRO', 'JSONSCHEMA', 'PROTOBUF'] as const).map(decoderOf)).toEqual([undefined, undefined, undefined]);
  });
});
