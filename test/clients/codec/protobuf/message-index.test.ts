import { describe, expect, it } from '@jest/globals';
import { DecodeError } from '../../../../src/clients/codec/decode-error.ts';
import { decodeMessageIndex, encodeMessageIndex } from '../../../../src/clients/codec/protobuf/message-index.ts';

/** The path and how many bytes it takes, or why there is none. */
function decode(hex: string, from = 0): unknown {
  try {
    const { path, end } = decodeMessageIndex(Buffer.from(hex, 'hex'), from);
    return [path, end];
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

describe('the index of a message', () => {
  it.each([
    [[0], '00'],
    [[1], '0202'],
    [[1, 0], '040200'],
    [[0, 0], '040000'],
    [[2, 63, 64], '06047e8001'],
    [[8191, 8192], '04fe7f808001'],
  ])('%j is zigzag numbers behind their count', (path, hex) => {
    expect([encodeMessageIndex(path).toString('hex'), decode(`${hex}ff`)]).toEqual([hex, [path, hex.length / 2]]);
  });

  it('of the first message may also be written out, and begin anywhere', () => {
    expect([decode('0200'), decode('ffff0202', 2)]).toEqual([
      [[0], 2],
      [[1], 4],
    ]);
  });

  it('may be written with more bytes than it takes', () => {
    expect(decode('82008200')).toEqual([[1], 4]);
  });

  it.each([
    ['', 'the bytes end within the message index'],
    ['02', 'the bytes end within the message index'],
    ['0400', 'the bytes end within the message index'],
    ['0280', 'the bytes end within the message index'],
    ['01', 'the message index has -1 levels'],
    ['8201', 'the message index has 65 levels'],
    ['feffffff0f', 'the message index has 2147483647 levels'],
    ['ffffffffff01', 'a number of the message index has more than 32 bits'],
  ])('is refused as %j', (hex, refusal) => {
    expect(decode(hex)).toBe(refusal);
  });
});
