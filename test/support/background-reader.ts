import type { ReadRecord } from './active-consumer.ts';
import type { HttpInstance } from './http-instance.ts';

export interface BackgroundReaderOptions {
  /** Commit what each read delivered, before the next. */
  readonly isCommitting?: boolean;
  /** Wait of each read, milliseconds. */
  readonly timeout?: number;
}

/** Reads an instance over and over, through every error, until stopped. */
export class BackgroundReader {
  /** Delivered, in order of delivery; a redelivered record stands there again. */
  readonly records: ReadRecord[] = [];
  /** Delivered, and their commit answered 200. */
  readonly committed: ReadRecord[] = [];
  /** Delivered, and their commit was sent and not answered: stored or not, nobody knows. */
  readonly unsure: ReadRecord[] = [];
  /** Statuses of the reads that failed; 0 where the connection broke. */
  readonly failures: number[] = [];
  /** Time of each read that answered, milliseconds. */
  readonly readMs: number[] = [];
  readonly #instance: HttpInstance;
  readonly #options: Required<BackgroundReaderOptions>;
  #isStopped = false;
  #loop: Promise<void>;

  constructor(instance: HttpInstance, options: BackgroundReaderOptions = {}) {
    this.#instance = instance;
    this.#options = { isCommitting: false, timeout: 500, ...options };
    this.#loop = this.#run();
  }

  /** Values of the records delivered so far; of an object its `id`. */
  get ids(): Set<string> {
    return idsOf(this.records);
  }

  /** Resolves after the read under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const begunAt = performance.now();
      try {
        const { status, body } = await this.#instance.tryRead({ timeout: this.#options.timeout });
        if (status === 200) {
          this.readMs.push(performance.now() - begunAt);
          await this.#take(body as ReadRecord[]);
          continue;
        }
        this.failures.push(status);
      } catch {
        this.failures.push(0);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #take(records: readonly ReadRecord[]): Promise<void> {
    this.records.push(...records);
    if (!this.#options.isCommitting || records.length === 0) return;
    // Later records of a partition overwrite earlier ones, so that its last offset stays.
    const last = new Map(records.map((record) => [`${record.topic} ${record.partition}`, record]));
    const offsets = [...last.values()].map(({ topic, partition, offset }) => ({ topic, partition, offset }));
    const answer = await this.#instance.commit(offsets).catch(() => undefined);
    if (answer === undefined || answer.status === 504) this.unsure.push(...records);
    else if (answer.status === 200) this.committed.push(...records);
  }
}

export function idsOf(records: readonly ReadRecord[]): Set<string> {
  return new Set(records.map(({ value }) => (typeof value === 'string' ? value : (value as { id: string }).id)));
}
