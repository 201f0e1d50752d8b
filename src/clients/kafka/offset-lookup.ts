import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { TopicPartition, TopicPartitionOffset } from '../record.ts';
import type { AdminConnection } from './admin-connection.ts';
import { lookupFailure } from './consumer-errors.ts';
import { kafkaCodes } from './kafka-errors.ts';
import { type ListedOffset, offsetSpecs, type OffsetSpec } from './native-admin.ts';
import { KafkaClientError } from './native.ts';

/** Deadline of one question to the brokers. */
const lookupTimeoutMs = 5_000;
/** librdkafka remembers for some 100 ms that a topic was not there, even when it was created meanwhile. */
const unknownPatienceMs = 1_000;
const unknownRetryMs = 100;
/** "No such entry": the answer when none of the partitions has a leader, because their topic does not exist. */
const noSuchEntry = -156;

const unknownCodes = new Set<number>([
  noSuchEntry,
  kafkaCodes.unknownTopic,
  kafkaCodes.unknownPartition,
  kafkaCodes.unknownTopicOrPartition,
]);

export interface TimeInPartition extends TopicPartition {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/**
 * Offsets of partitions by position and by time, asked of their leaders through the shared admin client: 1.5 ms, where the
 * consumer's own connection would wait behind its long poll.
 *
 * All methods answer in the order asked. A partition may be named once.
 *
 * @throws SidecarError ERR12219 unknown topic or partition, ERR12227 no answer, ERR12235 not allowed
 */
export class OffsetLookup {
  readonly #admin: AdminConnection;
  readonly #embedded: boolean;

  constructor(admin: AdminConnection, options: { readonly embedded: boolean }) {
    this.#admin = admin;
    this.#embedded = options.embedded;
  }

  /** The first offset still kept. */
  earliest(partitions: readonly TopicPartition[]): Promise<TopicPartitionOffset[]> {
    return this.#offsets(partitions.map((partition) => at(partition, offsetSpecs.earliest)));
  }

  /** One after the last record; with `isolation.level` read_committed the end of the last finished transaction. */
  latest(partitions: readonly TopicPartition[]): Promise<TopicPartitionOffset[]> {
    return this.#offsets(partitions.map((partition) => at(partition, offsetSpecs.latest)));
  }

  /**
   * The first record at or after the time; the end where there is none.
   *
   * @throws SidecarError also ERR12230 on the embedded broker, which answers such questions wrongly
   */
  async byTimestamp(times: readonly TimeInPartition[]): Promise<TopicPartitionOffset[]> {
    if (times.length === 0) return [];
    if (this.#embedded) {
      throw new SidecarError(
        'ERR12230',
        'the embedded broker cannot look up offsets by time; set kafka.bootstrap.servers',
      );
    }
    const found = await this.#offsets(times.map((time) => at(time, { timestamp: time.timestamp })));
    const past = found.filter(({ offset }) => offset < 0);
    if (past.length === 0) return found;
    const ends = await this.latest(past);
    return found.map((entry) => (entry.offset < 0 ? ends[past.indexOf(entry)]! : entry));
  }

  async #offsets(
    specs: readonly (TopicPartition & { readonly offset: OffsetSpec })[],
  ): Promise<TopicPartitionOffset[]> {
    if (specs.length === 0) return [];
    const giveUpAt = Date.now() + unknownPatienceMs;
    for (let wasAbsent = false; ;) {
      const listed = await this.#list(specs);
      const bad = listed.find(({ error }) => error !== undefined);
      if (bad === undefined) return listed.map(({ topic, partition, offset }) => ({ topic, partition, offset }));
      const failure = new KafkaClientError(bad.error!);
      if (!unknownCodes.has(failure.code)) throw lookupFailure(failure);
      const isAbsent = !(await this.#exists(bad));
      if ((isAbsent && wasAbsent) || Date.now() >= giveUpAt) throw unknown(specs, bad);
      wasAbsent = isAbsent;
      await new Promise((resolve) => setTimeout(resolve, unknownRetryMs));
    }
  }

  async #list(specs: readonly (TopicPartition & { readonly offset: OffsetSpec })[]): Promise<ListedOffset[]> {
    try {
      return await this.#admin.listOffsets(specs, lookupTimeoutMs);
    } catch (error) {
      if (!(error instanceof KafkaClientError) || error.code !== noSuchEntry) throw asLookupFailure(error);
      return specs.map(({ topic, partition }) => ({ topic, partition, offset: -1, error }));
    }
  }

  /** Asks for the whole list, which is never taken from librdkafka's memory. */
  async #exists({ topic, partition }: TopicPartition): Promise<boolean> {
    try {
      const { topics } = await this.#admin.metadata(lookupTimeoutMs);
      return topics.some(({ name, partitions }) => name === topic && partitions.some(({ id }) => id === partition));
    } catch (error) {
      throw asLookupFailure(error);
    }
  }
}

function at({ topic, partition }: TopicPartition, offset: OffsetSpec): TopicPartition & { offset: OffsetSpec } {
  return { topic, partition, offset };
}

function unknown(specs: readonly TopicPartition[], { topic, partition }: TopicPartition): SidecarError {
  const among = specs.length === 1 ? '' : ` (one of ${specs.length} asked for)`;
  return new SidecarError('ERR12219', `partition ${partition} of topic ${topic} does not exist${among}`);
}

function asLookupFailure(error: unknown): unknown {
  return error instanceof KafkaClientError ? lookupFailure(error) : error;
}
