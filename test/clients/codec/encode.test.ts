import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decoderOf } from '../../../src/clients/codec/decode.ts';
import { EncodeError } from '../../../src/clients/codec/encode-error.ts';
import { encoderOf } from '../../../src/clients/codec/encode.ts';
import type { Format } from '../../../src/clients/codec/formats.ts';

const encode = (format: Format, text: string) => encoderOf(format)!(Buffer.from(text));

function refusal(format: Format, text: string): unknown {
  try {
    return encode(format, text).toString();
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    return { place: error.place, message: error.message };
  }
}

describe('encoderOf', () => {
  it.each(['9223372036854775807', '1.0', '{ "a" : [1e2] }', '"\\ud800"', '""'])(
    'writes JSON %s byte for byte',
    (text) => {
      expect(encode('JSON', text).toString()).toBe(text);
    },
  );

  it('writes a string as its UTF-8 text, escapes decoded', () => {
    const texts = ['""', '"plain é"', '"a\\n\\"\\u00e9\\ud83d\\ude00"', '"\\u0000"'];
    expect(texts.map((text) => encode('STRING', text).toString())).toEqual(['', 'plain é', 'a\n"é😀', '\u0000']);
  });

  it('writes base64 text as the bytes it stands for', () => {
    const texts = ['""', '"AA=="', '"AP8="', '"\\u0041P8="', '"+/+/"'];
    expect(texts.map((text) => encode('BINARY', text).toString('hex'))).toEqual(['', '00', '00ff', '00ff', 'fbffbf']);
  });

  it.each([
    ['STRING', '5', 'the string format takes a JSON string'],
    ['STRING', '{"a":"b"}', 'the string format takes a JSON string'],
    ['STRING', '"\\ud800"', 'the string holds a lone surrogate, which has no UTF-8 form'],
    ['BINARY', 'true', 'the binary format takes a JSON string with base64'],
    ['BINARY', '"a"', 'the text is not padded base64'],
    ['BINARY', '"AP8"', 'the text is not padded base64'],
    ['BINARY', '"AP8=\\n"', 'the text is not padded base64'],
    ['BINARY', '"AP_-"', 'the text is not padded base64'],
    ['BINARY', '"é==="', 'the text is not padded base64'],
    ['BINARY', '"ŁA=="', 'the text is not padded base64'],
  ] as const)('refuses for %s the text %s', (format, text, message) => {
    expect(refusal(format, text)).toEqual({ place: '#', message });
  });

  it('has no encoder for formats that need a schema', () => {
    expect((['AVRO', 'JSONSCHEMA', 'PROTOBUF'] as const).map(encoderOf)).toEqual([undefined, undefined, undefined]);
  });

  it('writes what the decoder of the format reads back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), (text, bytes) => {
        const string = JSON.stringify(text.toWellFormed());
        const base64 = JSON.stringify(Buffer.from(bytes).toString('base64'));
        expect(decoderOf('STRING')!(encode('STRING', string))).toBe(string);
        expect(decoderOf('BINARY')!(encode('BINARY', base64))).toBe(base64);
      }),
      { numRuns: 100 },
    );
  });
});
