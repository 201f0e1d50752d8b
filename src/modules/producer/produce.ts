import { unauthenticated } from '../../clients/kafka/kafka-errors.ts';
import type { ProducerClient } from '../../clients/kafka/producer-client.ts';
import type { TopicDirectory } from '../../clients/kafka/topic-directory.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Answer, OperationRequest } from '../module.ts';
import { encodeRecords, type EncodedBatch, type EncodeOptions } from './encode-records.ts';
import { failedAnswer, failureEntry, produceAnswer } from './produce-answer.ts';
import { OpenBatches } from './open-batches.ts';
import { InFlight, ProduceBatch } from './produce-batch.ts';
import { scanRequest } from './scan-request.ts';

/** How late a request may be answered as unknown, milliseconds. */
const expiryPeriodMs = 20;

/** What the produce path needs to know of the cluster. */
export interface ClusterState {
  readonly isReachable: boolean;
  readonly isCredentialRefused: boolean;
  readonly lastError: string;
}

export interface ProducerLimits {
  readonly maxInFlightRecords: number;
  readonly maxInFlightBytes: number;
  readonly requestTimeoutMs: number;
  readonly partialFailureStatus: 200 | 207;
}

export interface RecordProducerOptions extends EncodeOptions, ProducerLimits {
  readonly client: ProducerClient;
  readonly singleClient: ProducerClient;
  readonly cluster: ClusterState;
}

/** Writes the records of produce requests, each request accepted or refused whole. */
export class RecordProducer {
  readonly inFlight = new InFlight();
  readonly #options: RecordProducerOptions;
  readonly #open = new OpenBatches();
  #expiryTimer: NodeJS.Timeout | undefined;
  /** When every request is to be answered, epoch ms; none while not draining. */
  #answerBy = Infinity;

  constructor(options: RecordProducerOptions) {
    this.#options = options;
  }

  /**
   * Validates, serialises and sends a request's records; resolves when all are acknowledged, refused or out of time.
   *
   * @throws SidecarError before the first record is sent: a fault in the body, an unknown topic or partition, overload, or
   * no connection to a broker
   */
  produce(request: OperationRequest): Answer | Promise<Answer> {
    const topic = request.pathParameters['topic']!;
    const timeoutMs = this.#timeoutOf(request);
    const encoded = encodeRecords(scanRequest(request.body), request, this.#options);
    const { cluster, client } = this.#options;
    if (cluster.isCredentialRefused) {
      const offsets = `[${encoded.records.map(() => failureEntry(unauthenticated)).join(',')}]`;
      return failedAnswer(unauthenticated, topic, offsets);
    }
    if (!cluster.isReachable || !client.isConnected) {
      throw new SidecarError(
        'ERR12227',
        `no broker is reachable (${cluster.lastError}); nothing was produced, try again`,
      );
    }
    const partitions = client.topics.known(topic);
    if (partitions !== undefined && highestPartition(encoded) < partitions)
      return this.#send(topic, encoded, timeoutMs);
    return this.#lookUpThenSend(topic, encoded, timeoutMs);
  }

  async #lookUpThenSend(topic: string, encoded: EncodedBatch, timeoutMs: number): Promise<Answer> {
    const begunAt = Date.now();
    const partitions = await withinDeadline(this.#options.client.topics, topic, timeoutMs);
    const highest = highestPartition(encoded);
    if (highest >= partitions) {
      throw new SidecarError(
        'ERR12219',
        `partition ${highest} of topic ${topic} does not exist, it has ${partitions}. Nothing was produced`,
      );
    }
    return this.#send(topic, encoded, Math.max(1, timeoutMs - (Date.now() - begunAt)));
  }

  #send(topic: string, { records, bytes }: EncodedBatch, timeoutMs: number): Promise<Answer> {
    const { client, singleClient, maxInFlightRecords, maxInFlightBytes, partialFailureStatus } = this.#options;
    const { inFlight } = this;
    if (records.length > maxInFlightRecords) {
      throw new SidecarError(
        'ERR12231',
        `${records.length} records are more than kafka-producer.maxInFlightRecords (${maxInFlightRecords}); split the request`,
      );
    }
    if (
      inFlight.records + records.length > maxInFlightRecords ||
      (inFlight.bytes > 0 && inFlight.bytes + bytes > maxInFlightBytes)
    ) {
      throw new SidecarError(
        'ERR12226',
        `${inFlight.records} records with ${inFlight.bytes} bytes wait for acknowledgement; nothing was produced, try again`,
      );
    }
    return new Promise((resolve) => {
      const batch = new ProduceBatch({
        topic,
        records,
        bytes,
        client,
        singleClient,
        inFlight,
        deadline: Date.now() + timeoutMs,
        onEnd: (outcomes) => {
          this.#open.remove(place);
          resolve(produceAnswer(outcomes, topic, partialFailureStatus));
        },
      });
      const place = this.#open.add(batch);
      this.#expiryTimer ??= setInterval(() => this.#expire(), expiryPeriodMs).unref();
      batch.send();
    });
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

  #timeoutOf(request: OperationRequest): number {
    const shorter = Number(request.query.get('timeoutMs') ?? Infinity);
    const left = this.#answerBy === Infinity ? Infinity : Math.max(1, this.#answerBy - Date.now());
    return Math.min(this.#options.requestTimeoutMs, shorter, left);
  }
}

function highestPartition({ records }: EncodedBatch): number {
  let highest = -1;
  for (const { partition } of records) if (partition > highest) highest = partition;
  return highest;
}

/** A look-up that outlasts the request's time is answered like an unreachable broker: nothing was sent. */
async function withinDeadline(topics: TopicDirectory, topic: string, timeoutMs: number): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new SidecarError('ERR12227', `topic ${topic} could not be looked up in time; nothing was produced`);
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  try {
    return await Promise.race([topics.lookup(topic), late]);
  } finally {
    clearTimeout(timer);
  }
}
