import { describe, expect, it } from '@jest/globals';
import { DecodeError } from '../../../src/clients/codec/decode-error.ts';
import { frameLength, frameOf, peekSchemaId, schemaIdOf } from '../../../src/clients/codec/wire-format.ts';

const ids: [number, string][] = [
  [1, '0000000001'],
  [256, '0000000100'],
  [16_909_060, '0001020304'],
  [2_147_483_647, '007fffffff'],
];

describe('the frame before a datum', () => {
  it.each(ids)('of schema %d is a zero byte and the id, big-endian', (id, hex) => {
    expect(frameOf(id).toString('hex')).toBe(hex);
    const bytes = Buffer.from(`${hex}ff`, 'hex');
    expect([peekSchemaId(bytes), schemaIdOf(bytes), frameLength]).toEqual([id, id, 5]);
  });

  it.each([
    ['', 'has 0 bytes, too few for magic byte 0 and a schema id'],
    ['00', 'has 1 bytes, too few for magic byte 0 and a schema id'],
    ['00000000', 'has 4 bytes, too few for magic byte 0 and a schema id'],
    ['0100000001', 'begins with byte 1, not with magic byte 0 and a schema id'],
    ['7b2261223a317d', 'begins with byte 123, not with magic byte 0 and a schema id'],
  ])('is missed in %j', (hex, refusal) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(peekSchemaId(bytes)).toBeUndefined();
    expect(() => schemaIdOf(bytes)).toThrow(new DecodeError(refusal));
  });

  it('may name an id that no registry gives, in bytes of another kind', () => {
    expect([peekSchemaId(Buffer.from('00ffffffff', 'hex')), peekSchemaId(Buffer.from('0000000000', 'hex'))]).toEqual([
      -1, 0,
    ]);
  });
});
