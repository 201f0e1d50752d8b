import kafka from '@confluentinc/kafka-javascript';
import type { TopicPartition } from '../record.ts';
import type { KafkaError, KafkaProperties, Metadata } from './native.ts';

/** Milliseconds since 1970, or one of the negative marks below. */
export interface OffsetSpec {
  readonly timestamp: number;
}

/** @see OffsetSpec of the client library; the protocol's ListOffsets uses the same numbers. */
export const offsetSpecs = { earliest: { timestamp: -2 }, latest: { timestamp: -1 } } as const;

/** `offset` is -1 where a timestamp lies after the last record. */
export interface ListedOffset extends TopicPartition {
  readonly offset: number;
  readonly error?: KafkaError;
}

export interface ListOffsetsOptions {
  readonly timeout: number;
  /** 1 read committed: the end is that of the last finished transaction; 0 read uncommitted. */
  readonly isolationLevel: 0 | 1;
}

/** The part of the package's raw AdminClient that is used. */
export interface RawAdmin {
  listOffsets(
    partitions: readonly (TopicPartition & { readonly offset: OffsetSpec })[],
    options: ListOffsetsOptions,
    callback: (error: KafkaError | null, offsets: ListedOffset[]) => void,
  ): void;
  getMetadata(
    options: { topic?: string; allTopics: boolean; timeout: number },
    callback: (error: KafkaError | null, metadata: Metadata) => void,
  ): void;
  disconnect(): void;
}

/** Opens at once, reachable brokers or not: it connects behind the first call. */
export function createRawAdmin(properties: KafkaProperties): RawAdmin {
  return kafka.AdminClient.create({ ...properties }) as unknown as RawAdmin;
}
