import { describe, expect, it } from '@jest/globals';
import { createCorrelationId } from '../../src/foundation/correlation-id.ts';

const bytesOf = (id: string) => Buffer.from(id, 'base64url');
const timeOf = (id: string) => bytesOf(id).readUIntBE(0, 6);

describe('createCorrelationId', () => {
  it('gives UUIDs of version 7 and variant 10 as 22 characters of base64url', () => {
    const odd = Array.from({ length: 2_000 }, createCorrelationId).filter((id) => {
      const bytes = bytesOf(id);
      return !/^[\w-]{22}$/.test(id) || bytes[6]! >> 4 !== 7 || bytes[8]! >> 6 !== 2;
    });
    expect(odd).toEqual([]);
  });

  it('begins with the time of creation in milliseconds', () => {
    const before = Date.now();
    const time = timeOf(createCorrelationId());
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  it('never gives the same id twice', () => {
    const ids = Array.from({ length: 5_000 }, createCorrelationId);
    expect(new Set(ids).size).toBe(5_000);
  });

  it('gives ids of a later millisecond that sort behind earlier ones', () => {
    const early = createCorrelationId();
    const start = Date.now();
    while (Date.now() === start);
    expect(bytesOf(early).compare(bytesOf(createCorrelationId()))).toBe(-1);
  });
});
