import { isBatchRefusal, kafkaCodes, produceFailure } from '../../clients/kafka/kafka-errors.ts';
import type { DeliverySlot, OutgoingRecord, ProducerClient } from '../../clients/kafka/producer-client.ts';

/** Fate of one record: where it stands, or the librdkafka code for which it is not acknowledged. */
export type RecordOutcome = { readonly partition: number; readonly offset: number } | { readonly code: number };

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
  /** Time until the request is answered with what is known, milliseconds. */
  readonly timeoutMs: number;
}

/** The records of one request on their way: sends them, gathers their reports, ends at the last one or at the deadline. */
export class ProduceBatch {
  readonly #options: ProduceBatchOptions;
  readonly #outcomes: (RecordOutcome | undefined)[];
  #unreported: number;
  #timer: NodeJS.Timeout | undefined;
  #resolve: ((outcomes: readonly RecordOutcome[]) => void) | undefined;

  constructor(options: ProduceBatchOptions) {
    this.#options = options;
    this.#outcomes = Array.from({ length: options.records.length });
    this.#unreported = options.records.length;
  }

  /** Sends every record. Resolves with one outcome for each, in order; never rejects. */
  send(): Promise<readonly RecordOutcome[]> {
    const { records, inFlight, bytes, client, timeoutMs } = this.#options;
    inFlight.records += records.length;
    inFlight.bytes += bytes;
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#timer = setTimeout(() => this.expire(), timeoutMs);
      for (let index = 0; index < records.length; index++) this.#sendOne(client, index, false);
    });
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
    this.#outcomes[index] ??= outcome;
    if (--this.#unreported > 0) return;
    this.#options.inFlight.records -= this.#options.records.length;
    this.#options.inFlight.bytes -= this.#options.bytes;
    this.#finish();
  }

  /** The deadline: what has no report yet is answered as unknown; its report still counts it out of flight. */
  expire(): void {
    for (let index = 0; index < this.#outcomes.length; index++) {
      this.#outcomes[index] ??= { code: kafkaCodes.messageTimedOut };
    }
    this.#finish();
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#resolve?.(this.#outcomes as readonly RecordOutcome[]);
    this.#resolve = undefined;
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
