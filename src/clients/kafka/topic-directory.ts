import { SidecarError } from '../../foundation/errors/sidecar-error.ts';

/** How long a topic that was not found counts as absent, milliseconds. */
const absentForMs = 500;
/** How long look-ups of one topic are repeated before it counts as absent: a topic being created needs some tries. */
const lookupPatienceMs = 600;
const lookupRetryMs = 60;
/** Look-ups under way at once; each holds a thread of the pool. */
const concurrentLookups = 4;
/** An entry older than this is looked up again behind the request that uses it, milliseconds. */
const refreshAfterMs = 60_000;
/** Absent names kept, against a flood of different ones. */
const maxAbsent = 10_000;

/** Asks the cluster for a topic's number of partitions; 0 where there is no such topic. Rejects when it cannot be asked. */
export type PartitionCountFetcher = (topic: string) => Promise<number>;

interface Entry {
  readonly partitions: number;
  readonly fetchedAt: number;
}

/**
 * Partition counts of topics by name, so that a record for an unknown topic or partition is refused before it is queued
 * and never delays the records of others.
 */
export class TopicDirectory {
  readonly #fetch: PartitionCountFetcher;
  readonly #entries = new Map<string, Entry>();
  /** Name → time until which it counts as absent. */
  readonly #absent = new Map<string, number>();
  readonly #running = new Map<string, Promise<number>>();
  readonly #waiting: (() => void)[] = [];
  #active = 0;

  constructor(fetch: PartitionCountFetcher) {
    this.#fetch = fetch;
  }

  /** The topic's partition count where it is known without asking. */
  known(topic: string): number | undefined {
    const entry = this.#entries.get(topic);
    if (entry === undefined) return undefined;
    if (Date.now() - entry.fetchedAt > refreshAfterMs && !this.#running.has(topic)) {
      this.lookup(topic).catch(() => undefined);
    }
    return entry.partitions;
  }

  /**
   * Asks the cluster, one question at a time per topic.
   *
   * @throws SidecarError ERR12219 when the topic does not exist, ERR12227 when the cluster cannot be asked
   */
  lookup(topic: string): Promise<number> {
    const running = this.#running.get(topic);
    if (running !== undefined) return running;
    const absentUntil = this.#absent.get(topic);
    if (absentUntil !== undefined && Date.now() < absentUntil) return Promise.reject(unknownTopic(topic));
    const lookup = this.#lookup(topic).finally(() => this.#running.delete(topic));
    this.#running.set(topic, lookup);
    return lookup;
  }

  /** A delivery report said that the topic is gone or changed. */
  forget(topic: string): void {
    this.#entries.delete(topic);
  }

  async #lookup(topic: string): Promise<number> {
    const giveUpAt = Date.now() + lookupPatienceMs;
    for (;;) {
      const partitions = await this.#limited(() => this.#fetch(topic));
      if (partitions > 0) {
        this.#absent.delete(topic);
        this.#entries.set(topic, { partitions, fetchedAt: Date.now() });
        return partitions;
      }
      if (Date.now() >= giveUpAt) break;
      await new Promise((resolve) => setTimeout(resolve, lookupRetryMs));
    }
    this.#entries.delete(topic);
    if (this.#absent.size >= maxAbsent) this.#absent.clear();
    this.#absent.set(topic, Date.now() + absentForMs);
    throw unknownTopic(topic);
  }

  async #limited(fetch: () => Promise<number>): Promise<number> {
    if (this.#active >= concurrentLookups) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#active++;
    try {
      return await fetch();
    } catch (error) {
      throw new SidecarError('ERR12227', 'no broker answered the look-up of the topic; try again', { cause: error });
    } finally {
      this.#active--;
      this.#waiting.shift()?.();
    }
  }
}

function unknownTopic(topic: string): SidecarError {
  return new SidecarError('ERR12219', `topic ${topic} does not exist; create it, or check its name`);
}
