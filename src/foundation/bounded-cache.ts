import { LRUCache } from 'lru-cache';

export interface BoundedCacheOptions<V> {
  readonly maxEntries: number;
  /** Milliseconds after which an entry is gone; never when absent. */
  readonly ttlMs?: number;
  /** Limit on the sum of what `sizeOf` says of the entries. */
  readonly maxSize?: number;
  readonly sizeOf?: (value: V) => number;
}

/** A map that forgets what was used longest ago when it is full. */
export class BoundedCache<K extends string | number, V extends string | number | object> {
  readonly #cache: LRUCache<K, V>;

  constructor({ maxEntries, ttlMs = 0, maxSize, sizeOf }: BoundedCacheOptions<V>) {
    this.#cache = new LRUCache<K, V>({
      max: maxEntries,
      ttl: ttlMs,
      ...(maxSize === undefined ? {} : { maxSize, sizeCalculation: (value: V) => Math.max(1, sizeOf!(value)) }),
    });
  }

  get size(): number {
    return this.#cache.size;
  }

  get(key: K): V | undefined {
    return this.#cache.get(key);
  }

  /** Without counting as use. */
  peek(key: K): V | undefined {
    return this.#cache.peek(key);
  }

  set(key: K, value: V): void {
    this.#cache.set(key, value);
  }
}
