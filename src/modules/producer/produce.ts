import { isUnknownOutcome, unauthenticated } from '../../clients/kafka/kafka-errors.ts';
import type { ProducerClient } from '../../clients/kafka/producer-client.ts';
import type { SchemaRegistry } from '../../clients/schema-registry/schema-registry.ts';
import type { Format } from '../../clients/codec/formats.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Logger } from '../../foundation/logging.ts';
import type { Answer, OperationRequest } from '../module.ts';
import { withinDeadline } from './deadline.ts';
import { encodeRecords, type EncodedBatch, type EncodeOptions } from './encode-records.ts';
import { Idempotency, type FinalAnswer, type IdempotencyOptions } from './idempotency.ts';
import { failedAnswer, failureEntry, produceAnswer, type AnswerOptions } from './produce-answer.ts';
import { OpenBatches } from './open-batches.ts';
import { InFlight, ProduceBatch, type ProduceBatchOptions, type RecordOutcome } from './produce-batch.ts';
import { produceOptions, type ProduceOptions } from './produce-options.ts';
import type { ProducerClients } from './producer-clients.ts';
import { scanBody } from './scan-body.ts';
import type { ScannedRequest } from './scan-request.ts';
import { rawSides, sideEncoders, type SideEncoders } from './side-encoders.ts';

/** How late a request may be answered as unknown, milliseconds. */
const expiryPeriodMs = 20;

/** What the produce path needs to know of the cluster. */
export interface ClusterState {
  readonly isReachable: boolean;
  readonly isCredentialRefused: boolean;
  readonly lastError: string;
}

export interface ProducerLimits extends IdempotencyOptions {
  readonly maxInFlightRecords: number;
  readonly maxInFlightBytes: number;
  readonly requestTimeoutMs: number;
  readonly partialFailureStatus: 200 | 207;
}

export interface RecordProducerOptions extends EncodeOptions, ProducerLimits {
  readonly keyFormat: Format | undefined;
  readonly valueFormat: Format | undefined;
  readonly clients: ProducerClients;
  readonly registry: SchemaRegistry | undefined;
  readonly cluster: ClusterState;
  readonly logger: Logger;
}

/** A request on its way through the steps below. */
interface Job {
  readonly request: OperationRequest;
  readonly topic: string;
  readonly options: ProduceOptions;
  /** When it is answered with what is known, epoch ms. */
  readonly deadline: number;
  /** Told once all is known about what was sent. */
  readonly onFinal: ((final: FinalAnswer) => void) | undefined;
}

/** Writes the records of produce requests, each request accepted or refused whole. */
export class RecordProducer {
  readonly inFlight = new InFlight();
  /** Records answered with 202 that were not written after all, or whose fate is unknown. */
  lostAsyncRecords = 0;
  readonly #options: RecordProducerOptions;
  readonly #idempotency: Idempotency;
  readonly #open = new OpenBatches();
  #expiryTimer: NodeJS.Timeout | undefined;
  /** When every request is to be answered, epoch ms; none while not draining. */
  #answerBy = Infinity;

  constructor(options: RecordProducerOptions) {
    this.#options = options;
    this.#idempotency = new Idempotency(options);
  }

  /**
   * Validates, serialises and sends a request's records; resolves when all are acknowledged, refused or out of time.
   *
   * @throws SidecarError before the first record is sent: a fault in the body, a schema that is not there, an unknown topic
   * or partition, overload, or no connection to a broker
   */
  produce(request: OperationRequest): Answer | Promise<Answer> {
    const options = produceOptions(request);
    const key = request.header('idempotency-key');
    if (key === undefined) return this.#produce(request, options, undefined);
    if (options.isAsync) {
      throw new SidecarError(
        'ERR11004',
        'Idempotency-Key and async=true exclude each other: one waits for the outcome',
      );
    }
    return this.#idempotency.run(request, key, (onFinal) => this.#produce(request, options, onFinal));
  }

  #produce(request: OperationRequest, options: ProduceOptions, onFinal: Job['onFinal']): Answer | Promise<Answer> {
    const topic = request.pathParameters['topic']!;
    const timeoutMs = Math.min(this.#options.requestTimeoutMs, options.timeoutMs);
    const deadline = Math.min(Date.now() + timeoutMs, this.#answerBy);
    const job: Job = { request, topic, options, deadline, onFinal };
    const scanned = scanBody(request, this.#options.maxInFlightRecords);
    const sides = scanned.isRaw ? rawSides : sideEncoders(scanned, topic, this.#options);
    if (!(sides instanceof Promise)) return this.#encode(job, scanned, sides);
    const tooLate = () =>
      new SidecarError('ERR12229', 'the schema registry did not answer in time; nothing was produced');
    return withinDeadline(sides, deadline, tooLate).then((found) => this.#encode(job, scanned, found));
  }

  #encode(job: Job, scanned: ScannedRequest, sides: SideEncoders): Answer | Promise<Answer> {
    const { cluster, clients } = this.#options;
    const { topic, options } = job;
    const encoded = encodeRecords(scanned, sides, job.request, this.#options);
    if (cluster.isCredentialRefused) {
      const offsets = `[${encoded.records.map(() => failureEntry(unauthenticated)).join(',')}]`;
      const answer = failedAnswer(unauthenticated, topic, offsets);
      job.onFinal?.({ answer, isNothingWritten: true });
      return answer;
    }
    this.#checkReachable(clients.main);
    const partitions = clients.main.topics.known(topic);
    const isKnown = partitions !== undefined && highestPartition(encoded) < partitions;
    if (isKnown && options.acks === 'all') return this.#send(job, encoded, sides, clients.main);
    return this.#lookUpThenSend(job, encoded, sides);
  }

  async #lookUpThenSend(job: Job, encoded: EncodedBatch, sides: SideEncoders): Promise<Answer> {
    const { clients } = this.#options;
    const { topic, deadline, options } = job;
    // A look-up that outlasts the request's time is answered like an unreachable broker: nothing was sent.
    const tooLate = () =>
      new SidecarError('ERR12227', `topic ${topic} could not be looked up in time; nothing was produced`);
    const highest = highestPartition(encoded);
    const known = clients.main.topics.known(topic);
    const partitions =
      known !== undefined && highest < known
        ? known
        : await withinDeadline(clients.main.topics.lookup(topic), deadline, tooLate);
    if (highest >= partitions) {
      throw new SidecarError(
        'ERR12219',
        `partition ${highest} of topic ${topic} does not exist, it has ${partitions}. Nothing was produced`,
      );
    }
    if (options.acks === 'all') return this.#send(job, encoded, sides, clients.main);
    const client = await withinDeadline(clients.other(options.acks), deadline, tooLate);
    this.#checkReachable(client);
    return this.#send(job, encoded, sides, client);
  }

  #checkReachable(client: ProducerClient): void {
    const { cluster } = this.#options;
    if (cluster.isReachable && client.isConnected) return;
    throw new SidecarError(
      'ERR12227',
      `no broker is reachable (${cluster.lastError}); nothing was produced, try again`,
    );
  }

  #send(job: Job, encoded: EncodedBatch, sides: SideEncoders, client: ProducerClient): Answer | Promise<Answer> {
    this.#checkRoom(encoded);
    const { topic, options, deadline, onFinal } = job;
    const answerOptions: AnswerOptions = {
      topic,
      partialFailureStatus: this.#options.partialFailureStatus,
      schemaIds: sides.answerMembers,
      hasOffsets: options.acks !== '0',
    };
    if (options.isAsync) {
      let isAnswered = false;
      let refused: readonly RecordOutcome[] | undefined;
      const onEnd = (outcomes: readonly RecordOutcome[]) => {
        if (isAnswered) this.#noteLosses(topic, outcomes);
        else refused = outcomes;
      };
      this.#newBatch(encoded, topic, client, Infinity, onEnd, undefined).send();
      // Not one of them was queued.
      if (refused !== undefined) return produceAnswer(refused, answerOptions);
      isAnswered = true;
      return {
        status: 202,
        body: `{"records":${encoded.records.length}${sides.answerMembers},"requestStatus":"ACCEPTED"}`,
      };
    }
    return new Promise((resolve) => {
      const onEnd = (outcomes: readonly RecordOutcome[]) => {
        this.#open.remove(place);
        resolve(produceAnswer(outcomes, answerOptions));
      };
      const onReported =
        onFinal && ((outcomes: readonly RecordOutcome[]) => onFinal(finalAnswer(outcomes, answerOptions)));
      const batch = this.#newBatch(encoded, topic, client, Math.max(deadline, Date.now() + 1), onEnd, onReported);
      const place = this.#open.add(batch);
      this.#expiryTimer ??= setInterval(() => this.#expire(), expiryPeriodMs).unref();
      batch.send();
    });
  }

  /** Written out without a spread, which took longer than the rest of a request's bookkeeping. */
  #newBatch(
    { records, bytes }: EncodedBatch,
    topic: string,
    client: ProducerClient,
    deadline: number,
    onEnd: ProduceBatchOptions['onEnd'],
    onReported: ProduceBatchOptions['onReported'],
  ): ProduceBatch {
    const singleClient = this.#options.clients.single;
    const { inFlight } = this;
    return new ProduceBatch({ topic, records, bytes, client, singleClient, inFlight, deadline, onEnd, onReported });
  }

  /** Refuses a request that does not fit beside what is under way, before its first record is queued. */
  #checkRoom({ records, bytes }: EncodedBatch): void {
    const { maxInFlightRecords, maxInFlightBytes } = this.#options;
    const { inFlight } = this;
    if (
      inFlight.records + records.length > maxInFlightRecords ||
      (inFlight.bytes > 0 && inFlight.bytes + bytes > maxInFlightBytes)
    ) {
      throw new SidecarError(
        'ERR12226',
        `${inFlight.records} records with ${inFlight.bytes} bytes wait for acknowledgement; nothing was produced, try again`,
      );
    }
  }

  /** Nobody waits for the outcome of these records any more, so the log tells. */
  #noteLosses(topic: string, outcomes: readonly RecordOutcome[]): void {
    const codes = outcomes.flatMap((outcome) => ('code' in outcome ? [outcome.code] : []));
    if (codes.length === 0) return;
    this.lostAsyncRecords += codes.length;
    const details = { topic, records: codes.length, codes: [...new Set(codes)] };
    this.#options.logger.error(details, 'records answered with 202 were not acknowledged');
  }

  /** From now on no request waits beyond `answerBy` (epoch ms): what has no report then is answered as unknown. */
  drain(answerBy: number): void {
    this.#answerBy = answerBy;
  }

  /** One timer for all requests: a timer for each would cost more than the rest of its bookkeeping. */
  #expire(): void {
    this.#open.expire(Date.now(), this.#answerBy);
    if (this.#open.size > 0) return;
    clearInterval(this.#expiryTimer);
    this.#expiryTimer = undefined;
  }
}

function highestPartition({ records }: EncodedBatch): number {
  let highest = -1;
  for (const { partition } of records) if (partition > highest) highest = partition;
  return highest;
}

/** What is unknown may have been written. */
function finalAnswer(outcomes: readonly RecordOutcome[], options: AnswerOptions): FinalAnswer {
  const isNothingWritten = outcomes.every((outcome) => 'code' in outcome && !isUnknownOutcome(outcome.code));
  return { answer: produceAnswer(outcomes, options), isNothingWritten };
}
