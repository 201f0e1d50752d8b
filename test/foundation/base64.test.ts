import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isBase64 } from '../../src/foundation/base64.ts';

const form = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

describe('isBase64', () => {
  it('is what the grammar says', () => {
    const piece = fc.constantFrom('A', 'z', '9', '+', '/', '=', '-', '_', ' ', 'é');
    fc.assert(
      fc.property(fc.string({ unit: piece, maxLength: 12 }), (text) => {
        expect(isBase64(text)).toBe(form.test(text));
      }),
    );
  });

  // A regular expression over four million characters and more exhausted its stack: a client's text became a 500.
  it('holds for texts of any length', () => {
    const long = 'AP8='.padStart(12_000_000, 'A');
    expect([isBase64(long), isBase64(`${long.slice(0, -5)}!AP8=`)]).toEqual([true, false]);
  });
});
