import type { Logger } from '../../foundation/logging.ts';
import type { TopicPartition, TopicPartitionOffset } from '../record.ts';
import { CommitQueue } from './commit-queue.ts';
import { isCommitRetriable } from './consumer-errors.ts';
import { kafkaCodes } from './kafka-errors.ts';
import {
  connectConsumer,
  createRawConsumer,
  type CommittedOffset,
  type ConsumedMessage,
  type OffsetCommit,
  type RawConsumer,
} from './native-consumer.ts';
import { KafkaClientError, type KafkaError, type KafkaProperties } from './native.ts';
import { TurnGate } from './turn-gate.ts';

/** librdkafka's code of the rebalance event that hands partitions over; its counterpart takes them away. */
const assignPartitions = -175;

/** A poll without a signal: answers rebalances of idle members and counts as poll for `max.poll.interval.ms`. */
const safetyPollMs = 1_000;
/** Reports of commits come only while polled, and give no signal behind records that wait in the local queue. */
const commitPollMs = 5;
const commitPollMaxMs = 100;
const commitRetryMs = 100;
/** After a consume error the next pull waits, lest an error that stands spins the event loop. */
const errorPauseMs = 50;
/** The group leaves in 3–10 ms; without a broker librdkafka takes up to 5 s. */
const closeTimeoutMs = 6_000;

/** Whether partitions deliver from the start or wait for `resume`. */
export interface StartState {
  readonly isPaused: boolean;
}

/** Where a partition begins; without an offset librdkafka looks one up. */
export type StartPosition = TopicPartition & { readonly offset?: number };

/** Who uses a consumer. Every method is called on the event loop and must not throw. */
export interface ConsumerListener {
  /** Asked before an assignment is taken; the group waits for it. Never rejects. */
  startPositions(partitions: readonly TopicPartition[]): Promise<readonly StartPosition[]>;
  /** How many records may be handed over now; 0 keeps them, and rebalances behind them, in the client's queue. */
  demand(): number;
  /** What a pull brought, often nothing. `isDrained` when the client's queue held no more. */
  onPulled(messages: readonly ConsumedMessage[], isDrained: boolean): void;
  /** The partitions are this member's from now on. */
  onAssigned(positions: readonly StartPosition[]): StartState;
  /** The partitions are another's after this call; `isLost` when they already are. Last chance to send commits. */
  onRevoked(partitions: readonly TopicPartition[], isLost: boolean): void;
  /** A problem of the group, a topic or the connection that may pass by itself. */
  onTrouble(error: KafkaError): void;
  /** The client is of no use any more: close it and make a new one. */
  onFatal(error: KafkaError): void;
}

/**
 * Owns one raw KafkaConsumer: pulls records without ever blocking a thread, answers rebalances, reports commits.
 *
 * Two invariants: one pull at a time; (un)assignments and seeks happen between pulls, so that a record is handed over only
 * under the assignment and position it was fetched for.
 */
export class ConsumerClient {
  readonly #raw: RawConsumer;
  readonly #listener: ConsumerListener;
  readonly #logger: Logger;
  readonly #commits = new CommitQueue();
  readonly #gate = new TurnGate(() => this.#pull());
  /** By `nameOf`; librdkafka keeps a pause over revocations. */
  readonly #paused = new Set<string>();
  #isOpen = false;
  #isSignalled = false;
  #isMember = false;
  #connecting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #safetyTimer: NodeJS.Timeout | undefined;
  #commitTimer: NodeJS.Timeout | undefined;
  #errorTimer: NodeJS.Timeout | undefined;

  /** @throws Error of the library for properties that it does not take */
  constructor(properties: KafkaProperties, listener: ConsumerListener, logger: Logger) {
    this.#listener = listener;
    this.#logger = logger;
    this.#raw = createRawConsumer(properties, {
      rebalance: (error, partitions) => void this.#gate.run(() => this.#rebalance(error, partitions)),
      offsetCommit: (error) => this.#commits.settleOldest(error),
      queueNonEmpty: () => {
        this.#isSignalled = true;
        this.#pull();
      },
    });
    this.#raw.on('event.error', (error) => this.#listener.onTrouble(error));
  }

  /** Rejects with KafkaClientError when no broker answers within `timeoutMs`; the client is closed then. */
  async connect(timeoutMs: number): Promise<void> {
    this.#connecting = connectConsumer(this.#raw, timeoutMs);
    await this.#connecting;
    if (this.#closing !== undefined) return;
    this.#isOpen = true;
    this.#safetyTimer = setInterval(() => this.#pull(), safetyPollMs).unref();
  }

  /** Joins the group, or changes what this member takes part in. Names only: a pattern is resolved by the caller. */
  subscribe(topics: readonly string[]): void {
    this.#isMember = true;
    if (topics.length === 0) this.#raw.unsubscribe();
    else this.#raw.subscribe(topics);
    this.#pull();
  }

  /**
   * Takes partitions by hand, without membership, in place of those there were. `accept` is called between pulls, directly
   * before.
   */
  assign(
    partitions: readonly TopicPartition[],
    accept: (positions: readonly StartPosition[]) => StartState,
  ): Promise<void> {
    return this.#gate.run(async () => {
      const positions = await this.#listener.startPositions(partitions);
      const start = accept(positions);
      this.#raw.assign(positions);
      this.#startAs(start, partitions);
    });
  }

  /** Call when demand rose. */
  wake(): void {
    this.#pull();
  }

  pause(partitions: readonly TopicPartition[]): void {
    if (!this.#isOpen || partitions.length === 0) return;
    for (const partition of partitions) this.#paused.add(nameOf(partition));
    this.#raw.pause(partitions);
  }

  /** What was prefetched before the pause is fetched again. */
  resume(partitions: readonly TopicPartition[]): void {
    // librdkafka takes a partition that is not paused back to where it began.
    const paused = partitions.filter((partition) => this.#paused.delete(nameOf(partition)));
    if (this.#isOpen && paused.length > 0) this.#raw.resume(paused);
  }

  /**
   * Moves positions. `accept` is asked between pulls, directly before: it drops what was handed over so far and may throw
   * to leave everything as it is. No record from before the move is handed over afterwards.
   *
   * The partitions are assigned anew at their positions: librdkafka's own seek stops a partition for seconds when its
   * leader is not known yet, and is undone when an offset look-up of that partition is still under way.
   */
  seek(positions: readonly TopicPartitionOffset[], accept: () => StartState): Promise<void> {
    return this.#gate.run(() => {
      const start = accept();
      this.#raw.incrementalUnassign(positions);
      this.#raw.incrementalAssign(positions);
      this.#startAs(start, positions);
    });
  }

  /**
   * Commits and resolves when the broker has acknowledged. `isOwned` is asked before every try, in the same tick as the
   * sending: the broker does not fence a live member that commits a partition of another.
   *
   * Rejects with KafkaClientError: the broker's code, or -185 when it is unknown whether the commit was stored.
   */
  async commit(offsets: readonly OffsetCommit[], timeoutMs: number, isOwned: () => void): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      isOwned();
      try {
        this.#raw.commit(offsets);
        this.#pollForCommits(commitPollMs);
        await this.#commits.add(Math.max(1, deadline - Date.now()));
        return;
      } catch (error) {
        const failure = asKafkaError(error);
        if (!isCommitRetriable(failure, this.#isMember) || Date.now() + commitRetryMs > deadline) throw failure;
      }
      await new Promise((resolve) => setTimeout(resolve, commitRetryMs));
    }
  }

  /** What the group has committed. Holds a thread of the pool until the coordinator answers. */
  committed(partitions: readonly TopicPartition[], timeoutMs: number): Promise<(CommittedOffset | Error)[]> {
    return new Promise((resolve, reject) => {
      this.#raw.committed(partitions, timeoutMs, (error, offsets) =>
        error ? reject(new KafkaClientError(error)) : resolve(offsets),
      );
    });
  }

  /** Leaves the group and frees everything; safe to call again. Resolves within 6 s even when no broker answers. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#isOpen = false;
    clearInterval(this.#safetyTimer);
    clearTimeout(this.#commitTimer);
    clearTimeout(this.#errorTimer);
    await this.#connecting?.catch(() => undefined);
    await this.#gate.idle();
    this.#commits.failAll();
    if (!this.#raw.isConnected()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, closeTimeoutMs);
      this.#raw.disconnect(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #pull(): void {
    if (!this.#isOpen || !this.#gate.isFree) return;
    const count = this.#listener.demand() || (this.#commits.isWaiting ? 1 : 0);
    if (count === 0) return;
    // Before the call: a signal during it belongs to what it may not have seen.
    this.#isSignalled = false;
    this.#gate.beginPull();
    // With a timeout for the first record only, the call would wait 1 ms for another one behind each.
    this.#raw.getClient().consume(0, count, false, (error, messages) => {
      if (this.#isOpen) this.#pulled(error, messages, count);
      this.#gate.endPull();
    });
  }

  #pulled(error: KafkaError | null, messages: ConsumedMessage[], count: number): void {
    if (error) {
      this.#listener.onPulled([], true);
      if (error.code === kafkaCodes.fatal) this.#listener.onFatal(error);
      else this.#listener.onTrouble(error);
      clearTimeout(this.#errorTimer);
      this.#errorTimer = setTimeout(() => this.#pull(), errorPauseMs);
      return;
    }
    this.#listener.onPulled(messages, messages.length < count);
    // An error behind records ends a pull early and silently, so only an empty pull says that the queue is empty.
    if (messages.length > 0 || this.#isSignalled) setImmediate(() => this.#pull());
  }

  #pollForCommits(delayMs: number): void {
    clearTimeout(this.#commitTimer);
    this.#commitTimer = setTimeout(() => {
      if (!this.#isOpen || !this.#commits.isWaiting) return;
      this.#pull();
      this.#pollForCommits(Math.min(delayMs * 1.5, commitPollMaxMs));
    }, delayMs);
  }

  async #rebalance(event: KafkaError, partitions: TopicPartition[]): Promise<void> {
    const isAssignment = event.code === assignPartitions;
    const isCooperative = this.#raw.rebalanceProtocol() === 'COOPERATIVE';
    try {
      if (isAssignment) {
        const positions = await this.#listener.startPositions(partitions);
        if (isCooperative) this.#raw.incrementalAssign(positions);
        else this.#raw.assign(positions);
        this.#startAs(this.#listener.onAssigned(positions), partitions);
      } else {
        this.#listener.onRevoked(partitions, this.#raw.assignmentLost());
        if (isCooperative) this.#raw.incrementalUnassign(partitions);
        else this.#raw.unassign();
      }
    } catch (error) {
      // While closing, librdkafka may be gone between its event and this answer.
      if (this.#isOpen) this.#logger.error({ err: error, partitions }, 'rebalance was not taken by the client library');
    }
  }

  /** A pause outlives its assignment in librdkafka, so it is set or ended at every assignment and seek. */
  #startAs({ isPaused }: StartState, partitions: readonly TopicPartition[]): void {
    if (isPaused) this.pause(partitions);
    else this.resume(partitions);
  }
}

/** Topic names hold no slash. */
function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

function asKafkaError(error: unknown): KafkaClientError {
  if (error instanceof KafkaClientError) return error;
  const { message, code } = error as Partial<KafkaError>;
  return new KafkaClientError({ message: message ?? String(error), code: code ?? kafkaCodes.transport });
}
