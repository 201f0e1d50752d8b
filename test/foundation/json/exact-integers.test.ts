import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parseWithExactIntegers } from '../../../src/foundation/json/exact-integers.ts';

const parse = (text: string, mark = '!') => parseWithExactIntegers(Buffer.from(text), mark);

describe('parseWithExactIntegers', () => {
  it('is JSON.parse where a double holds every number', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
        fc.pre(!/\d[\d.]{14}/.test(text));
        expect(JSON.stringify(parse(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('gives integers that a double does not hold as their digits behind the mark, wherever they stand', () => {
    expect([
      parse('9007199254740991'),
      parse('9007199254740992'),
      parse('-9223372036854775808'),
      parse(' [ 18446744073709551615 , {"a":-123456789012345678901234567890,"b":[9007199254740993]} ] '),
      parse('{"9007199254740993":"9007199254740993"}'),
      parse('["\\"9007199254740993",9007199254740993]'),
    ]).toEqual([
      9_007_199_254_740_991,
      '!9007199254740992',
      '!-9223372036854775808',
      ['!18446744073709551615', { a: '!-123456789012345678901234567890', b: ['!9007199254740993'] }],
      { '9007199254740993': '9007199254740993' },
      ['"9007199254740993', '!9007199254740993'],
    ]);
  });

  it('knows an integer however it is written', () => {
    expect(
      ['9007199254740993.0', '90071992547409930e-1', '9.007199254740993e15', '9007199254740993E0'].map((text) =>
        parse(text),
      ),
    ).toEqual(Array.from({ length: 4 }, () => '!9007199254740993'));
  });

  it('leaves what is no integer to JSON.parse', () => {
    expect(parse('[9007199254740993.5,0.12345678901234567890,1e400,1e-400,1.0000000000000000000]')).toEqual([
      9_007_199_254_740_994,
      Number('0.12345678901234567890'),
      Infinity,
      0,
      1,
    ]);
  });

  it('takes any text for a mark', () => {
    expect(parse('[1,9007199254740993,"x"]', '"\u0000')).toEqual([1, '"\u00009007199254740993', 'x']);
  });

  it('refuses what JSON.parse refuses', () => {
    for (const text of ['', '{', '[1', '9007199254740993x', '"9007199254740993', '{"a":09007199254740993}']) {
      expect(() => parse(text)).toThrow(SyntaxError);
    }
  });
});
