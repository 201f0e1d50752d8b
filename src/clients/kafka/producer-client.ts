import type { Logger } from '../../foundation/logging.ts';
import type { Resource } from '../../foundation/lifecycle.ts';
import { kafkaCodes } from './kafka-errors.ts';
import {
  connectProducer,
  createRawProducer,
  disconnectProducer,
  fetchMetadata,
  type KafkaProperties,
  type RawProducer,
} from './native.ts';
import { TopicDirectory } from './topic-directory.ts';

const connectTimeoutMs = 5_000;
const reconnectDelayMs = 250;
const metadataTimeoutMs = 1_500;

/** An empty value that is not taken for null: the client library looks at where the bytes begin, if anywhere. */
const emptyValue = Buffer.alloc(1).subarray(0, 0);

/** Gets the fate of one record, exactly once, after `send` returned 0 for it. */
export interface DeliverySlot {
  /** @param code 0, or librdkafka's error code */
  settle(code: number, partition: number, offset: number): void;
}

/** One record as it goes to the client library, which copies its bytes. */
export interface OutgoingRecord {
  /** -1 lets the partitioner choose. */
  readonly partition: number;
  readonly key: Buffer | string | null;
  readonly value: Buffer | null;
  /** Milliseconds since 1970; null is now. */
  readonly timestamp: number | null;
  readonly headers: readonly Readonly<Record<string, string | Buffer>>[] | null;
}

export interface ProducerClientOptions {
  readonly name: string;
  readonly properties: KafkaProperties;
  readonly logger: Logger;
  /** Told when the connections to all brokers broke. */
  readonly onTrouble: () => void;
}

/**
 * Owns one native producer at a time: connects it in the background until that succeeds, replaces it after a fatal error,
 * and knows which topics it can write to.
 */
export class ProducerClient implements Resource {
  readonly name: string;
  readonly topics: TopicDirectory;
  readonly #options: ProducerClientOptions;
  #raw: RawProducer | undefined;
  #native: ReturnType<RawProducer['getClient']> | undefined;
  #connecting: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: ProducerClientOptions) {
    this.name = options.name;
    this.#options = options;
    this.topics = new TopicDirectory((topic) => this.#partitionCount(topic));
  }

  get isConnected(): boolean {
    return this.#native !== undefined;
  }

  /** Resolves when connected or when a first attempt failed; attempts go on in the background. */
  async start(): Promise<void> {
    this.#connecting = this.#connectUntilDone();
    await Promise.race([this.#connecting, new Promise((resolve) => setTimeout(resolve, 400))]);
  }

  /** Waits for the reports of what was sent, then closes; what the deadline cuts off is reported as unknown. */
  async stop(deadline: number): Promise<void> {
    this.#isStopped = true;
    await this.#connecting;
    const raw = this.#raw;
    this.#raw = undefined;
    this.#native = undefined;
    if (raw === undefined) return;
    await new Promise<void>((resolve) => raw.flush(Math.max(1, deadline - Date.now()), () => resolve()));
    await disconnectProducer(raw, 1);
  }

  /**
   * Queues one record. Synchronous; the slot hears of its fate later.
   *
   * @returns 0, or the code for which it was not queued and the slot will hear nothing
   */
  send(topic: string, record: OutgoingRecord, slot: DeliverySlot): number {
    const native = this.#native;
    if (native === undefined) return kafkaCodes.transport;
    const code = native.produce(
      topic,
      record.partition,
      record.value?.length === 0 ? emptyValue : record.value,
      record.key,
      record.timestamp,
      slot,
      record.headers,
    );
    return typeof code === 'number' ? code : 0;
  }

  async #connectUntilDone(): Promise<void> {
    while (!this.#isStopped) {
      const raw = this.#create();
      try {
        await connectProducer(raw, connectTimeoutMs);
        raw.setPollInBackground(true);
        this.#raw = raw;
        this.#native = raw.getClient();
        return;
      } catch (error) {
        this.#options.logger.debug({ err: error, client: this.name }, 'producer did not connect, trying again');
        await new Promise((resolve) => setTimeout(resolve, reconnectDelayMs));
      }
    }
  }

  #create(): RawProducer {
    const { logger, properties, onTrouble } = this.#options;
    const raw = createRawProducer({ ...properties, dr_cb: true });
    raw.on('delivery-report', (error, report) => {
      (report.opaque as DeliverySlot).settle(error === null ? 0 : error.code, report.partition, report.offset);
      if (error?.code === kafkaCodes.fatal || error?.isFatal === true) this.#replace(raw, error.message);
    });
    raw.on('event.error', (error) => {
      if (error.isFatal === true || /fatal/i.test(error.message)) this.#replace(raw, error.message);
      else if (/all broker connections are down/i.test(error.message)) onTrouble();
      logger.debug({ err: error, client: this.name }, 'librdkafka reported an error');
    });
    return raw;
  }

  /** After a fatal error librdkafka refuses everything; a new producer begins with a new id and epoch. */
  #replace(raw: RawProducer, reason: string): void {
    if (this.#raw !== raw || this.#isStopped) return;
    this.#options.logger.error({ reason, client: this.name }, 'fatal producer error, replacing the producer');
    this.#raw = undefined;
    this.#native = undefined;
    this.#connecting = disconnectProducer(raw, 1).then(() => this.#connectUntilDone());
  }

  async #partitionCount(topic: string): Promise<number> {
    if (this.#raw === undefined) throw new Error('producer not connected');
    const { topics } = await fetchMetadata(this.#raw, metadataTimeoutMs, topic);
    return topics.find(({ name }) => name === topic)?.partitions.length ?? 0;
  }
}
