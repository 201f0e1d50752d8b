import type { StartState } from '../../clients/kafka/consumer-client.ts';
import { consumerProperties } from '../../clients/kafka/consumer-properties.ts';
import { lookupFailure } from '../../clients/kafka/consumer-errors.ts';
import type { CommittedOffset, ConsumedMessage, OffsetCommit } from '../../clients/kafka/native-consumer.ts';
import { KafkaClientError, type KafkaProperties } from '../../clients/kafka/native.ts';
import type { OffsetLookup } from '../../clients/kafka/offset-lookup.ts';
import type { TopicList } from '../../clients/kafka/topic-list.ts';
import type { TopicPartition } from '../../clients/record.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Logger } from '../../foundation/logging.ts';
import { Commits, notAssigned, unreachable } from './commits.ts';
import { FlowControl } from './flow-control.ts';
import type { InstanceOptions } from './instance-options.ts';
import { Membership } from './membership.ts';
import type { Stay } from './owned-partitions.ts';
import { resolveTarget, targetPartitions, type SeekTarget } from './positions.ts';
import { RecordBuffer } from './record-buffer.ts';
import { RecordReader, type Batch, type ReadRequest } from './record-reader.ts';
import { nothingSubscribed, type Subscription, type SubscriptionRequest } from './subscription.ts';

const committedTimeoutMs = 5_000;
/** Many brokers delay the first join of a group by 3 s (`group.initial.rebalance.delay.ms`). */
const minAssignmentWaitMs = 5_000;

/** What all instances of the sidecar share. */
export interface InstanceEnvironment {
  readonly bootstrapServers: string;
  readonly embedded: boolean;
  /** The operator's, in librdkafka's names. */
  readonly properties: KafkaProperties;
  readonly instanceTimeoutMs: number;
  /** `kafka-consumer.requestTimeoutMs`: how long a seek right after subscribing waits for the assignment, at least 5 s. */
  readonly requestTimeoutMs: number;
  readonly offsetLookup: OffsetLookup;
  readonly topicList: TopicList;
  readonly isClusterReachable: () => boolean;
  readonly logger: Logger;
}

/** One consumer driven over HTTP: a group member (or a consumer with partitions by hand) with a small buffer. */
export class ConsumerInstance {
  readonly options: InstanceOptions;
  readonly #environment: InstanceEnvironment;
  readonly #buffer = new RecordBuffer();
  readonly #flow: FlowControl;
  readonly #reader: RecordReader;
  readonly #membership: Membership;
  readonly #commits: Commits;

  constructor(group: string, options: InstanceOptions, environment: InstanceEnvironment) {
    this.options = options;
    this.#environment = environment;
    const { topicList, offsetLookup, isClusterReachable, logger } = environment;
    const properties = consumerProperties({
      ...environment,
      groupId: group,
      autoOffsetReset: options.autoOffsetReset,
      minPollIntervalMs: environment.instanceTimeoutMs,
    });
    const client = () => this.#membership.client;
    this.#flow = new FlowControl(this.#buffer, {
      pause: () => {
        client()?.pause(this.#membership.owned.all());
        client()?.wake();
      },
      resume: () => client()?.resume(this.#membership.owned.all()),
    });
    this.#reader = new RecordReader(this.#buffer, {
      onReadBegins: () => this.#commits.onReadBegins(),
      wake: () => client()?.wake(),
      bufferChanged: () => this.#bufferChanged(),
      fault: () => this.#fault(),
    });
    this.#membership = new Membership(
      { properties, topicList, offsetLookup, logger },
      {
        demand: () => this.#flow.demand(),
        onPulled: (messages, isDrained) => this.#onPulled(messages, isDrained),
        onRevoking: (partitions) => this.#commits.onRevoked(partitions),
        onStaysEnded: () => this.#onStaysEnded(),
        startState: () => this.#startState(),
        failRead: (error) => this.#reader.fail(error),
      },
    );
    const { owned } = this.#membership;
    this.#commits = new Commits({
      owned,
      client,
      offsetLookup,
      isClusterReachable,
      isAutoCommit: options.isAutoCommit,
      embedded: environment.embedded,
      logger,
    });
  }

  /** Checks the properties and that a broker answers; joins nothing yet. @throws SidecarError ERR12201, ERR12227 */
  async connect(): Promise<void> {
    await this.#membership.connected();
  }

  get subscription(): Subscription {
    return this.#membership.subscription;
  }

  get assignment(): readonly TopicPartition[] {
    return this.#membership.owned.all();
  }

  subscribe(request: SubscriptionRequest): Promise<void> {
    return this.#membership.subscribe(request);
  }

  async unsubscribe(): Promise<void> {
    await this.#commits.flush();
    await this.#membership.unsubscribe();
  }

  /** @throws SidecarError ERR12219 when one does not exist */
  async assign(partitions: readonly TopicPartition[]): Promise<void> {
    await this.#environment.offsetLookup.earliest(partitions);
    await this.#membership.assign(partitions);
  }

  /**
   * Takes the next records; see RecordReader.
   *
   * @throws SidecarError ERR12221, ERR12222; ERR12227 when there is nothing and the cluster cannot be reached; ERR12235
   */
  async read(request: ReadRequest): Promise<Batch> {
    this.#requireSubscription();
    this.#flow.expectReads(request.maxBytes);
    return this.#reader.read(request);
  }

  /**
   * Moves positions, all or none. What was buffered of these partitions is dropped and their delivered positions with it.
   *
   * @throws SidecarError ERR12219 unknown, ERR12220 not assigned (after waiting for the first assignment), ERR12230
   */
  async seek(target: SeekTarget): Promise<void> {
    this.#requireSubscription();
    const positions = await resolveTarget(target, this.#environment.offsetLookup);
    await this.#firstAssignment(targetPartitions(target));
    const { client, owned } = this.#membership;
    const requireAll = () => {
      for (const place of positions) if (!owned.get(place.topic, place.partition)) throw notAssigned(place);
    };
    requireAll();
    if (client === undefined) throw unreachable();
    try {
      await client.seek(positions, () => {
        requireAll();
        this.#membership.onSought(positions);
        this.#onStaysEnded();
        return this.#startState();
      });
    } catch (error) {
      if (error instanceof SidecarError) throw error;
      this.#environment.logger.warn({ err: error, positions }, 'seek failed; making a new consumer');
      this.#membership.rebuild();
      throw new SidecarError('ERR12227', `the position could not be set: ${String(error)}; try again`, {
        cause: error,
      });
    }
    client.wake();
  }

  commit(offsets: readonly OffsetCommit[]): Promise<void> {
    return this.#commits.commit(offsets);
  }

  /** Stores exactly what was delivered; waits for the fate of an answer that is just being sent. */
  async commitDelivered(): Promise<void> {
    await this.#reader.settled(0);
    await this.#commits.commitDelivered();
  }

  /** The group's committed offsets; partitions without one are left out. */
  async committed(partitions: readonly TopicPartition[]): Promise<(CommittedOffset & { readonly offset: number })[]> {
    if (!this.#environment.isClusterReachable()) throw unreachable();
    const client = await this.#membership.connected();
    try {
      const offsets = await client.committed(partitions, committedTimeoutMs);
      return offsets.flatMap((entry) => {
        if (entry instanceof Error || entry.offset === undefined || entry.offset < 0) return [];
        return [{ ...entry, offset: entry.offset }];
      });
    } catch (error) {
      throw error instanceof KafkaClientError ? lookupFailure(error) : error;
    }
  }

  /** Reads end at once with what there is. */
  drain(): void {
    this.#reader.drain();
  }

  /** Leaves the group. A waiting read ends with `reason`. */
  async close(reason: SidecarError): Promise<void> {
    this.#reader.fail(reason);
    this.#flow.stop();
    await this.#commits.flush();
    await this.#membership.close();
  }

  #requireSubscription(): void {
    if (this.subscription.kind === 'none') throw nothingSubscribed();
  }

  /** Right after subscribing there is no assignment yet; once there is one, a partition not in it is another's. */
  async #firstAssignment(partitions: readonly TopicPartition[]): Promise<void> {
    const { owned } = this.#membership;
    const deadline = Date.now() + Math.max(this.#environment.requestTimeoutMs, minAssignmentWaitMs);
    const hasAll = () => partitions.every(({ topic, partition }) => owned.get(topic, partition) !== undefined);
    while (!hasAll() && owned.size === 0 && Date.now() < deadline) await owned.changed(deadline - Date.now());
  }

  #onPulled(messages: readonly ConsumedMessage[], isDrained: boolean): void {
    const { owned } = this.#membership;
    let stay: Stay | undefined;
    for (const message of messages) {
      if (stay === undefined || stay.partition !== message.partition || stay.topic !== message.topic) {
        stay = owned.get(message.topic, message.partition);
      }
      if (stay !== undefined) this.#buffer.push(message, stay);
    }
    if (messages.length > 0) this.#flow.bufferChanged();
    this.#reader.onPulled(isDrained);
  }

  #onStaysEnded(): void {
    this.#buffer.dropEnded();
    this.#bufferChanged();
  }

  #bufferChanged(): void {
    this.#flow.bufferChanged();
    this.#membership.client?.wake();
  }

  #startState(): StartState {
    return { isPaused: this.#flow.isPaused };
  }

  #fault(): SidecarError | undefined {
    if (this.#membership.fault !== undefined) return this.#membership.fault;
    return this.#environment.isClusterReachable() ? undefined : unreachable();
  }
}
