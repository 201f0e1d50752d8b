import { BoundedCache } from '../../foundation/bounded-cache.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';

/** How long it is remembered that the registry has not what was asked for: it may be registered any moment, milliseconds. */
const refusalTtlMs = 1_000;
/** How long a value that could not be looked up again goes on being used before the next attempt, milliseconds. */
const staleTtlMs = 5_000;
/** How long a new look-up of a value that is too old is waited for, milliseconds. */
const staleWaitMs = 250;

interface Entry<V> {
  readonly value: V | undefined;
  readonly refusal: SidecarError | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface LookupCacheOptions<V> {
  readonly maxEntries: number;
  /** Size of a value, for a bound on their sum beside that on their number. */
  readonly sizeOf?: (value: V) => number;
  readonly maxSize?: number;
  /** Milliseconds; Infinity for what never changes. */
  readonly ttlMs: number;
}

/**
 * A bounded memory of look-ups. Whoever asks for the same thing at the same time shares one look-up. A refusal is kept for
 * a short time, an outage is not; a value that is too old stays in use while an outage lasts.
 */
export class LookupCache<K extends string | number, V extends number | object> {
  readonly #entries: BoundedCache<K, Entry<V>>;
  readonly #ttlMs: number;
  readonly #running = new Map<K, Promise<V>>();

  constructor({ maxEntries, ttlMs, sizeOf, maxSize }: LookupCacheOptions<V>) {
    this.#entries =
      sizeOf === undefined || maxSize === undefined
        ? new BoundedCache({ maxEntries })
        : new BoundedCache({
            maxEntries,
            maxSize,
            sizeOf: ({ value }) => Math.min(maxSize, value === undefined ? 1 : sizeOf(value)),
          });
    this.#ttlMs = ttlMs;
  }

  /**
   * The value itself where it is known, otherwise a promise of it.
   *
   * @param load throws SidecarError ERR12229 for an outage, ERR12208 for a refusal
   */
  get(key: K, load: () => Promise<V>): V | Promise<V> {
    const entry = this.#entries.get(key);
    if (entry !== undefined && (entry.expiresAt === Infinity || entry.expiresAt > Date.now())) {
      if (entry.refusal !== undefined) throw entry.refusal;
      return entry.value!;
    }
    return this.#load(key, load, entry?.value);
  }

  /** Whether a value is there, however old. */
  has(key: K): boolean {
    return this.#entries.peek(key)?.value !== undefined;
  }

  put(key: K, value: V): void {
    this.#entries.set(key, { value, refusal: undefined, expiresAt: Date.now() + this.#ttlMs });
  }

  #load(key: K, load: () => Promise<V>, stale: V | undefined): Promise<V> {
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const loading = load()
      .then(
        (value) => {
          this.put(key, value);
          return value;
        },
        (error: unknown) => this.#onFailure(key, error, stale),
      )
      .finally(() => this.#running.delete(key));
    const waited = stale === undefined ? loading : this.#orStale(key, loading, stale);
    this.#running.set(key, waited);
    return waited;
  }

  /** The old value again where the new one takes too long; that one is taken up whenever it comes. */
  async #orStale(key: K, loading: Promise<V>, stale: V): Promise<V> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<V>((resolve) => {
      timer = setTimeout(() => {
        this.#keepStale(key, stale);
        resolve(stale);
      }, staleWaitMs);
    });
    try {
      return await Promise.race([loading, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #keepStale(key: K, stale: V): void {
    this.#entries.set(key, { value: stale, refusal: undefined, expiresAt: Date.now() + staleTtlMs });
  }

  #onFailure(key: K, error: unknown, stale: V | undefined): V {
    if (!(error instanceof SidecarError)) throw error;
    const now = Date.now();
    if (error.code === 'ERR12208') {
      this.#entries.set(key, { value: undefined, refusal: error, expiresAt: now + refusalTtlMs });
    } else if (stale !== undefined) {
      this.#keepStale(key, stale);
      return stale;
    }
    throw error;
  }
}
