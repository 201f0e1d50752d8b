import {
  ConsumerClient,
  type ConsumerListener,
  type StartPosition,
  type StartState,
} from '../../clients/kafka/consumer-client.ts';
import type { ConsumedMessage } from '../../clients/kafka/native-consumer.ts';
import type { KafkaError, KafkaProperties } from '../../clients/kafka/native.ts';
import type { OffsetLookup } from '../../clients/kafka/offset-lookup.ts';
import type { TopicList, TopicSummary } from '../../clients/kafka/topic-list.ts';
import type { TopicPartition } from '../../clients/record.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Logger } from '../../foundation/logging.ts';
import type { Intake } from './intake.ts';
import { OwnedPartitions } from './owned-partitions.ts';
import { ReadFault } from './read-fault.ts';
import { startPositions } from './start-positions.ts';
import {
  matchingTopics,
  mixed,
  nothingSubscribed,
  subscribedTopics,
  type Subscription,
  type SubscriptionRequest,
} from './subscription.ts';

const connectTimeoutMs = 5_000;
/** Between two tries to replace a client that failed for good. */
const rebuildIntervalMs = 1_000;
/** Topics that are not subscribed any more are revoked by a rebalance, which takes some heartbeats at most. */
const revocationPatienceMs = 5_000;

export interface MembershipOptions {
  readonly properties: KafkaProperties;
  readonly topicList: TopicList;
  readonly offsetLookup: OffsetLookup;
  readonly logger: Logger;
}

/**
 * What an instance is subscribed to and which partitions that gives it. Makes the client anew when librdkafka gives one up
 * (a fatal error), with the same subscription. Changes of the subscription run one after the other.
 */
export class Membership implements ConsumerListener {
  readonly owned = new OwnedPartitions();
  readonly #options: MembershipOptions;
  readonly #intake: Intake;
  #subscription: Subscription = { kind: 'none' };
  #client: ConsumerClient | undefined;
  #changes: Promise<unknown> = Promise.resolve();
  #unwatch: (() => void) | undefined;
  #isClosed = false;
  readonly #fault = new ReadFault(this.owned);

  constructor(options: MembershipOptions, intake: Intake) {
    this.#options = options;
    this.#intake = intake;
  }

  get subscription(): Subscription {
    return this.#subscription;
  }

  /** The client in use; undefined while there is none. */
  get client(): ConsumerClient | undefined {
    return this.#client;
  }

  /** Why nothing comes, where that is known. */
  get fault(): SidecarError | undefined {
    return this.#fault.error;
  }

  /** Partitions were given a position by hand. */
  onSought(partitions: readonly TopicPartition[]): void {
    this.owned.begin(partitions);
    this.#fault.onSought();
  }

  /** @throws SidecarError ERR12201 for properties that librdkafka does not take, ERR12227 without a broker */
  connected(): Promise<ConsumerClient> {
    return this.#serially(() => this.#connected());
  }

  /** @throws SidecarError ERR12222 when partitions are assigned by hand */
  subscribe(request: SubscriptionRequest): Promise<void> {
    return this.#serially(async () => {
      if (this.#subscription.kind === 'partitions') throw mixed('partitions are assigned by hand');
      const { topicList } = this.#options;
      const topics =
        request.kind === 'topics' ? request.topics : matchingTopics(request.matches, await topicList.fetch());
      await topicList.prepareSubscription(topics);
      const client = await this.#connected();
      this.#fault.clear();
      this.#unwatch?.();
      this.#unwatch = undefined;
      this.#subscription = { ...request, topics };
      client.subscribe(topics);
      if (request.kind === 'pattern') this.#unwatch = topicList.watch((all) => this.#onTopics(all));
      await this.#othersRevoked(topics);
    });
  }

  /** @throws SidecarError ERR12222 when topics are subscribed */
  assign(partitions: readonly TopicPartition[]): Promise<void> {
    return this.#serially(async () => {
      if (subscribedTopics(this.#subscription).length > 0 || this.#subscription.kind === 'pattern') {
        throw mixed('topics are subscribed');
      }
      const client = await this.#connected();
      this.#fault.clear();
      this.#subscription = { kind: 'partitions', partitions };
      await this.#assign(client, partitions);
    });
  }

  /** Leaves the group, or lets go of the assignment. */
  unsubscribe(): Promise<void> {
    return this.#serially(async () => {
      if (this.#subscription.kind === 'none') return;
      this.#subscription = { kind: 'none' };
      this.#fault.clear();
      this.#intake.failRead(nothingSubscribed());
      await this.#drop();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#drop();
  }

  /** The client is in an unknown state: a new one takes its place and begins at the committed offsets. */
  rebuild(): void {
    const broken = this.#client;
    if (broken === undefined) return;
    this.#client = undefined;
    this.#endStays();
    void this.#serially(async () => {
      await broken.close();
      await this.#restore();
    }).catch(() => this.#restoreLater());
  }

  demand(): number {
    return this.#intake.demand();
  }

  onPulled(messages: readonly ConsumedMessage[], isDrained: boolean): void {
    if (messages.length > 0) this.#fault.onRecords();
    this.#intake.onPulled(messages, isDrained);
  }

  async startPositions(partitions: readonly TopicPartition[]): Promise<readonly StartPosition[]> {
    if (this.#client === undefined) return partitions;
    const offsetReset = String(this.#options.properties['auto.offset.reset']);
    return startPositions(this.#client, partitions, { ...this.#options, offsetReset });
  }

  onAssigned(positions: readonly StartPosition[]): StartState {
    this.#options.logger.debug({ positions }, 'partitions assigned');
    this.#begin(positions);
    return this.#intake.startState();
  }

  onRevoked(partitions: readonly TopicPartition[], isLost: boolean): void {
    this.#options.logger.debug({ partitions, isLost }, 'partitions revoked');
    if (!isLost) this.#intake.onRevoking(partitions);
    this.owned.end(partitions);
    this.#intake.onStaysEnded();
  }

  onTrouble(error: KafkaError): void {
    this.#options.logger.debug({ err: error }, 'consumer reported a problem');
    this.#fault.onTrouble(error);
    const { refusal } = this.#fault;
    if (refusal !== undefined && this.owned.size === 0) this.#intake.failRead(refusal);
  }

  onFatal(error: KafkaError): void {
    this.#options.logger.warn({ err: error }, 'consumer failed for good; making a new one');
    this.rebuild();
  }

  async #connected(): Promise<ConsumerClient> {
    if (this.#isClosed) throw closed();
    if (this.#client !== undefined) return this.#client;
    const client = this.#create();
    try {
      await client.connect(connectTimeoutMs);
    } catch (error) {
      await client.close();
      throw new SidecarError('ERR12227', `no Kafka broker answers the consumer: ${String(error)}`, { cause: error });
    }
    if (this.#isClosed) {
      await client.close();
      throw closed();
    }
    this.#client = client;
    return client;
  }

  #create(): ConsumerClient {
    try {
      return new ConsumerClient(this.#options.properties, this, this.#options.logger);
    } catch (error) {
      throw new SidecarError('ERR12201', `the consumer's properties are not usable: ${String(error)}`, {
        cause: error,
      });
    }
  }

  #assign(client: ConsumerClient, partitions: readonly TopicPartition[]): Promise<void> {
    return client.assign(partitions, (positions) => {
      this.owned.endAll();
      this.#begin(positions);
      this.#intake.onStaysEnded();
      return this.#intake.startState();
    });
  }

  /** After this, nothing of a topic that is not subscribed any more can be read. */
  async #othersRevoked(topics: readonly string[]): Promise<void> {
    const deadline = Date.now() + revocationPatienceMs;
    const hasOthers = () => this.owned.all().some(({ topic }) => !topics.includes(topic));
    while (hasOthers() && Date.now() < deadline) await this.owned.changed(deadline - Date.now());
    if (!hasOthers()) return;
    await this.#drop({ keepWatch: true });
    await this.#restore();
  }

  #onTopics(all: readonly TopicSummary[]): void {
    void this.#serially(async () => {
      if (this.#subscription.kind !== 'pattern' || this.#isClosed) return;
      const topics = matchingTopics(this.#subscription.matches, all);
      if (topics.join() === this.#subscription.topics.join()) return;
      this.#options.logger.info({ topics }, 'topics of a pattern changed');
      this.#subscription = { ...this.#subscription, topics };
      this.#client?.subscribe(topics);
    }).catch((error: unknown) => this.#options.logger.warn({ err: error }, 'topics of a pattern not subscribed'));
  }

  async #restore(): Promise<void> {
    const subscription = this.#subscription;
    if (this.#isClosed || this.#client !== undefined || subscription.kind === 'none') return;
    const client = await this.#connected();
    if (subscription.kind === 'partitions') await this.#assign(client, subscription.partitions);
    else client.subscribe(subscription.topics);
  }

  #restoreLater(): void {
    if (this.#isClosed) return;
    setTimeout(() => {
      this.#serially(() => this.#restore()).catch(() => this.#restoreLater());
    }, rebuildIntervalMs).unref();
  }

  async #drop({ keepWatch = false } = {}): Promise<void> {
    if (!keepWatch) {
      this.#unwatch?.();
      this.#unwatch = undefined;
    }
    const client = this.#client;
    this.#client = undefined;
    this.#endStays();
    await client?.close();
  }

  #begin(positions: readonly StartPosition[]): void {
    const isStrict = this.#options.properties['auto.offset.reset'] === 'error';
    this.owned.begin(positions, ({ offset }) => isStrict && offset === undefined);
    this.#fault.onAssigned();
  }

  #endStays(): void {
    this.#fault.clear();
    this.owned.endAll();
    this.#intake.onStaysEnded();
  }

  #serially<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#changes.then(change);
    this.#changes = result.catch(() => undefined);
    return result;
  }
}

function closed(): SidecarError {
  return new SidecarError('ERR12200', 'the consumer instance was closed');
}
