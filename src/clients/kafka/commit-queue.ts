import { kafkaCodes } from './kafka-errors.ts';
import { KafkaClientError, type KafkaError } from './native.ts';

interface Waiter {
  resolve(): void;
  reject(error: KafkaClientError): void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Commits sent and not yet reported, oldest first.
 *
 * librdkafka reports strictly in the order of sending, without a name for the commit meant. So an entry whose time is over
 * keeps its place until its report comes.
 */
export class CommitQueue {
  readonly #waiters: Waiter[] = [];
  #unanswered = 0;

  /** True while somebody waits for a report: the consumer must be polled, for reports come only then. */
  get isWaiting(): boolean {
    return this.#unanswered > 0;
  }

  /** Call right after the commit was sent. Rejects with the broker's code, or with -185 when no report came in time. */
  add(timeoutMs: number): Promise<void> {
    this.#unanswered++;
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(noReport('no report in time')), timeoutMs);
      this.#waiters.push({ resolve, reject, timer });
    }).finally(() => this.#unanswered--);
  }

  settleOldest(error: KafkaError | null | undefined): void {
    const waiter = this.#waiters.shift();
    if (waiter === undefined) return;
    clearTimeout(waiter.timer);
    if (error) waiter.reject(new KafkaClientError(error));
    else waiter.resolve();
  }

  /** The consumer closes: no more reports will come. */
  failAll(): void {
    for (const waiter of this.#waiters.splice(0)) {
      clearTimeout(waiter.timer);
      waiter.reject(noReport('closed before the report came'));
    }
  }
}

function noReport(message: string): KafkaClientError {
  return new KafkaClientError({ message, code: kafkaCodes.timedOut });
}
