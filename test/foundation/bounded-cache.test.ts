import { describe, expect, it } from '@jest/globals';
import { BoundedCache } from '../../src/foundation/bounded-cache.ts';
import { eventually } from '../support/eventually.ts';

const keysOf = (cache: BoundedCache<number, number>, count: number) =>
  Array.from({ length: count }, (_, key) => key).filter((key) => cache.peek(key) !== undefined);

describe('BoundedCache', () => {
  it('keeps no more than its entries, those used last', () => {
    const cache = new BoundedCache<number, number>({ maxEntries: 3 });
    for (let key = 0; key < 3; key++) cache.set(key, key * 10);
    cache.get(0);
    cache.peek(1);
    cache.set(3, 30);
    expect([cache.size, keysOf(cache, 10), cache.get(0), cache.get(1)]).toEqual([3, [0, 2, 3], 0, undefined]);
    for (let key = 0; key < 10_000; key++) cache.set(key, key);
    expect([cache.size, keysOf(cache, 10_000)]).toEqual([3, [9_997, 9_998, 9_999]]);
  });

  it('replaces the value of a key', () => {
    const cache = new BoundedCache<string, object>({ maxEntries: 2 });
    cache.set('a', { v: 1 });
    cache.set('a', { v: 2 });
    expect([cache.size, cache.get('a')]).toEqual([1, { v: 2 }]);
  });

  it('forgets an entry when its time is over, and none where no time is given', async () => {
    const [short, long] = [
      new BoundedCache<string, number>({ maxEntries: 2, ttlMs: 20 }),
      new BoundedCache<string, number>({ maxEntries: 2 }),
    ];
    short.set('a', 1);
    long.set('a', 1);
    expect([short.get('a'), long.get('a')]).toEqual([1, 1]);
    await eventually(() => expect([short.get('a'), short.peek('a')]).toEqual([undefined, undefined]), {
      intervalMs: 5,
    });
    expect(long.get('a')).toBe(1);
  });

  it('keeps no more than the sum of sizes allows', () => {
    const cache = new BoundedCache<number, string>({ maxEntries: 100, maxSize: 10, sizeOf: (text) => text.length });
    cache.set(1, 'aaaa');
    cache.set(2, 'bbbb');
    cache.set(3, '');
    expect([1, 2, 3].map((key) => cache.peek(key))).toEqual(['aaaa', 'bbbb', '']);
    cache.set(4, 'cccc');
    expect([1, 2, 3, 4].map((key) => cache.peek(key))).toEqual([undefined, 'bbbb', '', 'cccc']);
  });
});
