import { commitFailure } from '../../clients/kafka/consumer-errors.ts';
import type { ConsumerClient } from '../../clients/kafka/consumer-client.ts';
import type { OffsetCommit } from '../../clients/kafka/native-consumer.ts';
import { KafkaClientError } from '../../clients/kafka/native.ts';
import type { OffsetLookup } from '../../clients/kafka/offset-lookup.ts';
import type { TopicPartition } from '../../clients/record.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Logger } from '../../foundation/logging.ts';
import type { OwnedPartitions, Stay } from './owned-partitions.ts';

/** A commit is acknowledged in 6–8 ms; without an answer for this long its fate is unknown. */
const commitTimeoutMs = 10_000;
/** What is still to be stored when an instance closes gets this long. */
const flushTimeoutMs = 2_000;

interface CommitsOptions {
  readonly owned: OwnedPartitions;
  /** The client in use; undefined while there is none. */
  readonly client: () => ConsumerClient | undefined;
  readonly offsetLookup: OffsetLookup;
  readonly isClusterReachable: () => boolean;
  readonly isAutoCommit: boolean;
  readonly embedded: boolean;
  readonly logger: Logger;
}

/** The commits of one instance. Only partitions it owns are committed: the broker would let it overwrite another's. */
export class Commits {
  readonly #options: CommitsOptions;
  #storing: Promise<void> | undefined;

  constructor(options: CommitsOptions) {
    this.#options = options;
  }

  /**
   * Stores these offsets, each that of the next record to read, and resolves when the broker has acknowledged.
   *
   * @throws SidecarError ERR12219, ERR12220, ERR12207, ERR12227, ERR12228, ERR12235; nothing is stored, but with ERR12228
   * that is unknown
   */
  async commit(offsets: readonly OffsetCommit[]): Promise<void> {
    if (!this.#options.isClusterReachable()) throw unreachable();
    await this.requireOwned(offsets);
    const client = this.#options.client();
    if (client === undefined) throw unreachable();
    const stays = offsets.map(({ topic, partition }) => this.#options.owned.get(topic, partition)!);
    try {
      await client.commit(offsets, commitTimeoutMs, () => {
        const gone = stays.findIndex((stay) => this.#options.owned.get(stay.topic, stay.partition) === undefined);
        if (gone >= 0) throw notAssigned(offsets[gone]!);
      });
    } catch (error) {
      throw error instanceof KafkaClientError ? commitFailure(error, this.#options.embedded) : error;
    }
    stays.forEach((stay, i) => {
      stay.committed = offsets[i]!.offset;
    });
  }

  /** Stores exactly what was delivered and is not stored yet. */
  async commitDelivered(): Promise<void> {
    const offsets = pending(this.#options.owned.all(), (stay) => stay.delivered);
    if (offsets.length > 0) await this.commit(offsets);
  }

  /** A read begins: with auto commit, what earlier reads delivered is stored behind it. */
  onReadBegins(): void {
    if (!this.#options.isAutoCommit) return;
    for (const stay of this.#options.owned.all()) stay.acknowledged = stay.delivered;
    this.#storing ??= this.#storeAcknowledged().finally(() => {
      this.#storing = undefined;
    });
  }

  /** Last word before partitions go to another member: a commit sent now arrives before the new owner starts. */
  onRevoked(partitions: readonly TopicPartition[]): void {
    if (!this.#options.isAutoCommit) return;
    const stays = partitions.flatMap(({ topic, partition }) => this.#options.owned.get(topic, partition) ?? []);
    const offsets = pending(stays, (stay) => stay.acknowledged);
    if (offsets.length === 0) return;
    this.#options
      .client()
      ?.commit(offsets, flushTimeoutMs, () => undefined)
      .catch((error: unknown) => this.#logLost(error, offsets));
  }

  /** Resolves when what auto commit had to store is stored, or after 2 s. */
  async flush(): Promise<void> {
    if (this.#storing === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, flushTimeoutMs);
    });
    await Promise.race([this.#storing, late]);
    clearTimeout(timer);
  }

  /** @throws SidecarError ERR12219 for the first that does not exist, else ERR12220 for the first not owned */
  async requireOwned(partitions: readonly TopicPartition[]): Promise<void> {
    const others = partitions.filter(({ topic, partition }) => !this.#options.owned.get(topic, partition));
    if (others.length === 0) return;
    await this.#options.offsetLookup.earliest(others);
    throw notAssigned(others[0]!);
  }

  /** One commit at a time: reads may come faster than the broker acknowledges. */
  async #storeAcknowledged(): Promise<void> {
    for (;;) {
      const offsets = pending(this.#options.owned.all(), (stay) => stay.acknowledged);
      if (offsets.length === 0) return;
      try {
        await this.commit(offsets);
      } catch (error) {
        this.#logLost(error, offsets);
        return;
      }
    }
  }

  /** Not an error of anybody's request: the next read tries again, and at worst the records come twice. */
  #logLost(error: unknown, offsets: readonly OffsetCommit[]): void {
    this.#options.logger.warn({ err: error, offsets }, 'auto commit was not stored');
  }
}

export function notAssigned({ topic, partition }: TopicPartition): SidecarError {
  return new SidecarError(
    'ERR12220',
    `partition ${partition} of topic ${topic} is not assigned to this instance; see GET …/assignments`,
  );
}

export function unreachable(): SidecarError {
  return new SidecarError('ERR12227', 'no Kafka broker can be reached; try again');
}

function pending(stays: readonly Stay[], wanted: (stay: Stay) => number | undefined): OffsetCommit[] {
  return stays.flatMap((stay) => {
    const offset = wanted(stay);
    if (offset === undefined || offset === stay.committed) return [];
    return [{ topic: stay.topic, partition: stay.partition, offset }];
  });
}
