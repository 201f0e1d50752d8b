import type { Resource } from '../../foundation/lifecycle.ts';
import type { TopicPartition } from '../record.ts';
import { createRawAdmin, type ListedOffset, type OffsetSpec, type RawAdmin } from './native-admin.ts';
import { KafkaClientError, type KafkaProperties, type Metadata } from './native.ts';

/** Calls under way at once; each holds a thread of the pool until a broker answers. */
const concurrentCalls = 4;

export interface AdminConnectionOptions {
  /** Connection and security properties; `bootstrap.servers` among them. `isolation.level` decides what an end is. */
  readonly properties: KafkaProperties;
}

/** The sidecar's one AdminClient for questions about offsets and topics; opened by the first question. */
export class AdminConnection implements Resource {
  readonly name = 'kafka admin connection';
  readonly #properties: KafkaProperties;
  readonly #isolationLevel: 0 | 1;
  readonly #waiting: (() => void)[] = [];
  #active = 0;
  #raw: RawAdmin | undefined;
  #acquainting: Promise<void> | undefined;
  #isStopped = false;

  constructor({ properties }: AdminConnectionOptions) {
    this.#properties = properties;
    this.#isolationLevel = properties['isolation.level'] === 'read_uncommitted' ? 0 : 1;
  }

  async start(): Promise<void> {}

  /** Waits for the calls under way; one that outlasts the deadline keeps its client from being closed under it. */
  async stop(deadline: number): Promise<void> {
    this.#isStopped = true;
    while (this.#active > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    if (this.#active === 0) this.#raw?.disconnect();
    this.#raw = undefined;
  }

  /** Rejects with KafkaClientError; an entry may hold an error of its own. No partition may be named twice. */
  async listOffsets(
    specs: readonly (TopicPartition & { readonly offset: OffsetSpec })[],
    timeoutMs: number,
  ): Promise<ListedOffset[]> {
    await this.#acquaint(timeoutMs);
    const options = { timeout: timeoutMs, isolationLevel: this.#isolationLevel };
    return this.#call((raw, callback) => raw.listOffsets(specs, options, callback));
  }

  /**
   * A question for leaders that is asked while the client connects waits 1 to 3 s for librdkafka's next attempt, some times
   * in a hundred; behind an answer to any other question it does not.
   */
  #acquaint(timeoutMs: number): Promise<void> {
    this.#acquainting ??= this.#call<Metadata>((raw, callback) =>
      raw.getMetadata({ allTopics: false, timeout: timeoutMs }, callback),
    ).then(
      () => undefined,
      (error: unknown) => {
        this.#acquainting = undefined;
        throw error;
      },
    );
    return this.#acquainting;
  }

  /** Every topic with its partitions. Creates nothing. */
  metadata(timeoutMs: number): Promise<Metadata> {
    return this.#call((raw, callback) => raw.getMetadata({ allTopics: true, timeout: timeoutMs }, callback));
  }

  /** Makes a broker with auto-creation create the topic. */
  async touchTopic(topic: string, timeoutMs: number): Promise<void> {
    await this.#call<Metadata>((raw, callback) =>
      raw.getMetadata({ topic, allTopics: false, timeout: timeoutMs }, callback),
    );
  }

  async #call<T>(
    send: (
      raw: RawAdmin,
      callback: (error: ConstructorParameters<typeof KafkaClientError>[0] | null, answer: T) => void,
    ) => void,
  ): Promise<T> {
    if (this.#active >= concurrentCalls) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#isStopped) throw new KafkaClientError({ message: 'the sidecar stops', code: -195 });
    this.#active++;
    try {
      this.#raw ??= createRawAdmin(this.#properties);
      const raw = this.#raw;
      return await new Promise<T>((resolve, reject) =>
        send(raw, (error, answer) => (error ? reject(new KafkaClientError(error)) : resolve(answer))),
      );
    } finally {
      this.#active--;
      this.#waiting.shift()?.();
    }
  }
}
