import { isBatchRefusal, kafkaCodes, produceFailure } from '../../clients/kafka/kafka-errors.ts';
import type { DeliverySlot, OutgoingRecord, ProducerClient } from '../../clients/kafka/producer-client.ts';

/** Fate of one record: where it stands, or the librdkafka code for which it is not acknowledged. */
export type RecordOutcome = { readonly partition: number; readonly offset: number } | { readonly code: number };

const unknownOutcome: RecordOutcome = { code: kafkaCodes.messageTimedOut };

/** What is sent but not reported yet, over all requests. Counted before the first record of a body is queued. */
export class InFlight {
  records = 0;
  bytes = 0;
}

export interface ProduceBatchOptions {
  readonly topic: string;
  readonly records: readonly OutgoingRecord[];
  /** Sum over the records, for the in-flight count. */
  readonly bytes: number;
  readonly client: ProducerClient;
  /** Sends each record in a batch of its own, for those whose batch was refused. */
  readonly singleClient: ProducerClient;
  readonly inFlight: InFlight;
  /** When the request is answered with what is known, epoch ms. Whoever made the batch calls `expire` then. */
  readonly deadline: number;
  /** Called once, with one outcome for each record, in order: at the last report, or when the batch expires. */
  readonly onEnd: (outcomes: readonly RecordOutcome[]) => void;
  /** Called once all reports are in, after `onEnd`. */
  readonly onReported?: ((outcomes: readonly RecordOutcome[]) => void) | undefined;
}

/** The records of one request on their way: sends them, gathers their reports, ends at the last one or when it expires. */
export class ProduceBatch {
  readonly #options: ProduceBatchOptions;
  /** By the record's index; filled as the reports come. */
  readonly #outcomes: (RecordOutcome | undefined)[] = [];
  #unreported: number;
  #hasEnded = false;

  constructor(options: ProduceBatchOptions) {
    this.#options = options;
    this.#unreported = options.records.length;
  }

  get deadline(): number {
    return this.#options.deadline;
  }

  /** Sends every record. */
  send(): void {
    const { records, inFlight, bytes, client } = this.#options;
    inFlight.records += records.length;
    inFlight.bytes += bytes;
    for (let index = 0; index < records.length; index++) this.#sendOne(client, index, false);
  }

  #sendOne(client: ProducerClient, index: number, isRetry: boolean): void {
    const slot = new RecordSlot(this, index, isRetry);
    const code = client.send(this.#options.topic, this.#options.records[index]!, slot);
    if (code !== 0) this.#settle(index, { code });
  }

  /** The report of one record. Called by its slot. */
  report(index: number, isRetry: boolean, code: number, partition: number, offset: number): void {
    if (code === 0) this.#settle(index, { partition, offset });
    else if (isBatchRefusal(code) && !isRetry) this.#sendOne(this.#options.singleClient, index, true);
    else {
      if (produceFailure(code).status === 'ERR12219') this.#options.client.topics.forget(this.#options.topic);
      this.#settle(index, { code });
    }
  }

  #settle(index: number, outcome: RecordOutcome): void {
    this.#outcomes[index] = outcome;
    if (--this.#unreported > 0) return;
    const { inFlight, records, bytes, onReported } = this.#options;
    inFlight.records -= records.length;
    inFlight.bytes -= bytes;
    const outcomes = this.#outcomes as readonly RecordOutcome[];
    this.#end(outcomes);
    onReported?.(outcomes);
  }

  /** The deadline: what has no report yet is answered as unknown; its report still counts it out of flight. */
  expire(): void {
    this.#end(this.#options.records.map((_, index) => this.#outcomes[index] ?? unknownOutcome));
  }

  #end(outcomes: readonly RecordOutcome[]): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.onEnd(outcomes);
  }
}

class RecordSlot implements DeliverySlot {
  readonly #batch: ProduceBatch;
  readonly #index: number;
  readonly #isRetry: boolean;

  constructor(batch: ProduceBatch, index: number, isRetry: boolean) {
    this.#batch = batch;
    this.#index = index;
    this.#isRetry = isRetry;
  }

  settle(code: number, partition: number, offset: number): void {
    this.#batch.report(this.#index, this.#isRetry, code, partition, offset);
  }
}
