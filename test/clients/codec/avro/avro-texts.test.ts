import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AvroCase, recordOf } from './avro.ts';

const string = new AvroCase('string');
const bytes = new AvroCase('bytes');

describe('a string', () => {
  it('is UTF-8 behind its length', () => {
    expect([string.encode('"foo"'), string.encode('""'), string.encode('"é😀"')]).toEqual([
      '06666f6f',
      '00',
      '0cc3a9f09f9880',
    ]);
  });

  it.each([
    ['escapes', '"a\\"b\\\\c\\/d\\b\\f\\n\\r\\t"'],
    ['escaped characters', '"\\u00e9\\ud83d\\ude00\\u0000\\u001f\\u2028"'],
    ['characters as they are', '"é😀\u2028\u2029\u007f\ufeff\ufffd\uffff"'],
    ['an escape behind many characters', `"${'x'.repeat(100)}\\n${'é'.repeat(100)}"`],
  ])('keeps %s', (_, json) => {
    expect(JSON.parse(string.roundTrip(json))).toBe(JSON.parse(json));
  });

  it('keeps any text, read as valid JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(string.bytes(JSON.stringify(text)).subarray(1 + Number(Buffer.byteLength(text) > 63))).toEqual(
          Buffer.from(text),
        );
        expect(JSON.parse(string.roundTrip(JSON.stringify(text)))).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it('is refused with half a character, and bytes that are no UTF-8', () => {
    expect([string.encode('"\\ud800"'), string.encode('"a\\udc00b"')]).toEqual([
      'refused at #: the string holds a lone surrogate, which has no UTF-8 form',
      'refused at #: the string holds a lone surrogate, which has no UTF-8 form',
    ]);
    expect(['02ff', '04c328', '06eda080', '08c0af610a', '0622ff22'].map((hex) => string.decode(hex))).toEqual(
      Array.from({ length: 5 }, () => 'refused: a string is not UTF-8'),
    );
  });

  it('is refused with a length that is none', () => {
    expect(['01', '04', '0461', 'feffffffffffffffff01', 'feffffff0f61'].map((hex) => string.decode(hex))).toEqual([
      'refused: a string has a length of -1',
      'refused: the bytes end before the value does',
      'refused: the bytes end before the value does',
      'refused: a string has a length of 9223372036854775807',
      'refused: the bytes end before the value does',
    ]);
  });
});

describe('bytes and a fixed', () => {
  const fixed = new AvroCase({ type: 'fixed', name: 'F', size: 3 });
  const all = JSON.stringify(String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte)));

  it('are written as the characters U+0000 to U+00FF', () => {
    expect(bytes.bytes(all).subarray(2)).toEqual(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
    expect([JSON.parse(bytes.roundTrip(all)) as string, fixed.encode('"\\u0000aÿ"'), fixed.decode('0061ff')]).toEqual([
      JSON.parse(all),
      '0061ff',
      '"\\u0000aÿ"',
    ]);
  });

  it('refuse characters beyond, and a fixed another size', () => {
    expect([
      bytes.encode('"Ā"'),
      fixed.encode('"aĀb"'),
      fixed.encode('"ab"'),
      fixed.encode('"abcd"'),
      bytes.encode('1'),
      fixed.encode('null'),
    ]).toEqual([
      'refused at #: bytes are written as characters U+0000 to U+00FF, and a character is beyond',
      'refused at #: bytes are written as characters U+0000 to U+00FF, and a character is beyond',
      'refused at #: fixed F has 3 bytes, found: 2',
      'refused at #: fixed F has 3 bytes, found: 4',
      'refused at #: expected type: bytes, found: Number',
      'refused at #: expected type: fixed F, found: Null',
    ]);
    expect([bytes.decode('0461'), fixed.decode('6161'), bytes.decode('03')]).toEqual([
      'refused: the bytes end before the value does',
      'refused: the bytes end before the value does',
      'refused: a byte sequence has a length of -2',
    ]);
  });
});

describe('an enum', () => {
  const suit = new AvroCase(recordOf({ s: { type: 'enum', name: 'Suit', symbols: ['SPADES', 'HEARTS'] } }));

  it('is written as the place of its symbol', () => {
    expect([suit.encode('{"s":"HEARTS"}'), suit.decode('00')]).toEqual(['02', '{"s":"SPADES"}']);
  });

  it('refuses other symbols, and other places', () => {
    expect([suit.encode('{"s":"x"}'), suit.encode('{"s":1}'), suit.decode('04'), suit.decode('01')]).toEqual([
      'refused at #/s: "x" is no symbol of enum Suit: SPADES, HEARTS',
      'refused at #/s: expected type: enum Suit, found: Number',
      'refused: an enum has no symbol 2',
      'refused: an enum has no symbol -1',
    ]);
  });
});
