import { describe, expect, it } from '@jest/globals';
import { LookupCache } from '../../../src/clients/schema-registry/lookup-cache.ts';
import { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import { eventually } from '../../support/eventually.ts';

const refusal = () => Promise.reject(new SidecarError('ERR12208', 'not there'));
const outage = () => Promise.reject(new SidecarError('ERR12229', 'gone'));

/** A cache whose loads are counted; each load answers how many there were before it. */
function counting(options: { maxEntries?: number; ttlMs?: number } = {}) {
  const cache = new LookupCache<string, number>({ maxEntries: 100, ttlMs: Infinity, ...options });
  let loads = 0;
  return { cache, get: (key: string) => cache.get(key, () => Promise.resolve(++loads)), loads: () => loads };
}

describe('LookupCache', () => {
  it('answers a promise first, then the value itself', async () => {
    const { get } = counting();
    const first = get('a');
    expect(first).toBeInstanceOf(Promise);
    expect([await first, get('a'), await get('b'), get('a')]).toEqual([1, 1, 2, 1]);
  });

  it('lets all who ask at once share one load, and fail with it', async () => {
    const { get } = counting();
    const cache = new LookupCache<string, number>({ maxEntries: 10, ttlMs: Infinity });
    expect(new Set(await Promise.all(Array.from({ length: 200 }, async () => get('a'))))).toEqual(new Set([1]));
    let loads = 0;
    const failing = () => {
      loads++;
      return outage();
    };
    const all = await Promise.allSettled(Array.from({ length: 200 }, async () => cache.get('a', failing)));
    expect([loads, new Set(all.map(({ status }) => status))]).toEqual([1, new Set(['rejected'])]);
  });

  it('keeps no more than its entries, those used last', async () => {
    const { cache, get, loads } = counting({ maxEntries: 100 });
    for (let i = 0; i < 10_000; i++) {
      await get(`k${i}`);
      await get('always');
    }
    const kept = Array.from({ length: 10_000 }, (_, i) => `k${i}`).filter((key) => cache.has(key));
    expect([loads(), kept]).toEqual([10_001, Array.from({ length: 99 }, (_, i) => `k${9_901 + i}`)]);
  });

  it('keeps no more than its entries of refusals either', async () => {
    const cache = new LookupCache<string, number>({ maxEntries: 10, ttlMs: Infinity });
    let loads = 0;
    const load = () => {
      loads++;
      return refusal();
    };
    const ask = async (key: string) =>
      void (await Promise.resolve()
        .then(() => cache.get(key, load))
        .catch(() => undefined));
    for (let i = 0; i < 1_000; i++) await ask(`k${i}`);
    for (let i = 990; i < 1_000; i++) await ask(`k${i}`);
    expect(loads).toBe(1_000);
    await ask('k0');
    expect(loads).toBe(1_001);
  });

  it('throws a refusal it remembers, and is not empty of it for a second', async () => {
    const cache = new LookupCache<string, number>({ maxEntries: 10, ttlMs: Infinity });
    await expect(cache.get('a', refusal)).rejects.toMatchObject({ code: 'ERR12208' });
    expect(() => cache.get('a', () => Promise.resolve(1))).toThrow(expect.objectContaining({ code: 'ERR12208' }));
    expect(cache.has('a')).toBe(false);
    expect(await eventually(() => cache.get('a', () => Promise.resolve(1)), { timeoutMs: 3_000 })).toBe(1);
  });

  it('loads anew when a value is too old, and keeps the old one while an outage lasts', async () => {
    const { cache, get } = counting({ ttlMs: 1 });
    await get('a');
    await eventually(() => expect(cache.get('a', outage)).toBeInstanceOf(Promise), { intervalMs: 2 });
    expect([await cache.get('a', outage), cache.get('a', outage), cache.has('a')]).toEqual([1, 1, true]);
  });

  it('gives up an old value for a refusal', async () => {
    const { cache, get } = counting({ ttlMs: 1 });
    await get('a');
    await eventually(() => expect(cache.get('a', refusal)).rejects.toMatchObject({ code: 'ERR12208' }), {
      intervalMs: 2,
    });
    expect(cache.has('a')).toBe(false);
  });

  it('remembers nothing of a failure that is no word of the registry', async () => {
    const { cache, get } = counting({ ttlMs: 1 });
    const broken = () => Promise.reject(new Error('broken'));
    await expect(cache.get('a', broken)).rejects.toThrow('broken');
    expect(await get('a')).toBe(1);
    await eventually(() => expect(cache.get('a', broken)).rejects.toThrow('broken'), { intervalMs: 2 });
  });

  it('takes values from elsewhere', () => {
    const { cache, get } = counting();
    cache.put('a', 7);
    expect([get('a'), cache.has('a'), cache.has('b')]).toEqual([7, true, false]);
  });
});
