import kafka from '@confluentinc/kafka-javascript';
import type { TopicPartition, TopicPartitionOffset } from '../record.ts';
import { KafkaClientError, type KafkaError, type KafkaProperties } from './native.ts';

/** A record as the client library hands it over; its buffers are copies that belong to the receiver. */
export interface ConsumedMessage extends TopicPartitionOffset {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Milliseconds since 1970; -1 where the record has none. */
  readonly timestamp: number;
  /** One object with a single property per header; absent where the record has none. */
  readonly headers?: readonly Readonly<Record<string, Buffer>>[];
}

export interface OffsetCommit extends TopicPartitionOffset {
  /** Text kept with the offset by the group. */
  readonly metadata?: string;
}

/** What the broker holds for a partition; no offset where the group never committed one. */
export interface CommittedOffset extends TopicPartition {
  readonly offset?: number;
  readonly metadata?: string;
}

type PulledCallback = (error: KafkaError | null, messages: ConsumedMessage[]) => void;

/** The part of the package's raw KafkaConsumer that is used, its untyped internals included. */
export interface RawConsumer {
  connect(options: { timeout: number; allTopics: boolean }, callback: (error: KafkaError | null) => void): void;
  disconnect(callback: () => void): void;
  isConnected(): boolean;
  subscribe(topics: readonly string[]): void;
  unsubscribe(): void;
  assign(partitions: readonly TopicPartition[]): void;
  unassign(): void;
  incrementalAssign(partitions: readonly TopicPartition[]): void;
  incrementalUnassign(partitions: readonly TopicPartition[]): void;
  rebalanceProtocol(): string;
  assignmentLost(): boolean;
  pause(partitions: readonly TopicPartition[]): void;
  resume(partitions: readonly TopicPartition[]): void;
  commit(offsets: readonly OffsetCommit[]): void;
  committed(
    partitions: readonly TopicPartition[],
    timeoutMs: number,
    callback: (error: KafkaError | null, offsets: (CommittedOffset | Error)[]) => void,
  ): void;
  getClient(): {
    consume(timeoutMs: number, count: number, isTimeoutOnlyForFirst: boolean, callback: PulledCallback): void;
  };
  on(event: 'event.error', listener: (error: KafkaError) => void): void;
}

/** What the library calls back; all on the event loop. */
export interface RawConsumerCallbacks {
  /** Error code -175: assign these; -174: revoke these. Must be answered with an (un)assign call. */
  readonly rebalance: (error: KafkaError, partitions: TopicPartition[]) => void;
  /** Result of the oldest commit not yet reported; comes only while the consumer is polled. */
  readonly offsetCommit: (error: KafkaError | null | undefined) => void;
  /** The local queue went from empty to not empty. */
  readonly queueNonEmpty: () => void;
}

/** @throws Error of the library, with its text, for a property that it does not know or take */
export function createRawConsumer(properties: KafkaProperties, callbacks: RawConsumerCallbacks): RawConsumer {
  const configuration = {
    ...properties,
    rebalance_cb: callbacks.rebalance,
    offset_commit_cb: callbacks.offsetCommit,
    queue_non_empty_cb: callbacks.queueNonEmpty,
  };
  // No second argument: an empty topic configuration would discard every topic-level key of the first.
  return new kafka.KafkaConsumer(configuration) as unknown as RawConsumer;
}

/** Rejects after `timeoutMs` at the latest; the client has closed itself then and must not be closed again. */
export function connectConsumer(consumer: RawConsumer, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    consumer.connect({ timeout: timeoutMs, allTopics: false }, (error) =>
      error ? reject(new KafkaClientError(error)) : resolve(),
    );
  });
}
