import { setTimeout } from 'node:timers/promises';
import { Agent } from 'undici';
import { Ledger } from './ledger.ts';
import { Pipeline } from './pipeline.ts';

const tickMs = 10;
/** Every so many requests, one is a batch. */
const batchEvery = 5;
const batchSize = 10;
/** Every so many requests, one goes down the pipelined connection, where order is total. */
const laneEvery = 4;
const keys = 40;
/** What is not answered by then counts as unanswered. */
const answerTimeoutMs = 20_000;

export interface LoadOptions {
  readonly url: string;
  readonly topic: string;
  readonly ratePerSecond?: number;
  /** Bytes added to each value. */
  readonly padding?: number;
}

/**
 * Produce requests at a steady rate that does not wait for answers: single records and batches, on as many keep-alive
 * connections as are needed and on one pipelined connection.
 */
export class Load {
  readonly ledger = new Ledger();
  readonly #options: Required<LoadOptions>;
  readonly #agent = new Agent({ headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs, pipelining: 1 });
  readonly #running = new Set<Promise<void>>();
  readonly #startedAt = performance.now();
  #lane: Pipeline | undefined;
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped: Promise<Ledger> | undefined;

  private constructor(options: Required<LoadOptions>) {
    this.#options = options;
  }

  static async start(options: LoadOptions): Promise<Load> {
    const load = new Load({ ratePerSecond: 200, padding: 0, ...options });
    load.#lane = await Pipeline.open(options.url);
    load.#timer = setInterval(() => load.#tick(), tickMs);
    return load;
  }

  /** Sends nothing more and resolves when everything is answered; safe to call again. */
  stop(): Promise<Ledger> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<Ledger> {
    clearInterval(this.#timer);
    const isLate = new AbortController();
    const late = setTimeout(answerTimeoutMs, undefined, { signal: isLate.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#running), late]);
    isLate.abort();
    this.#lane?.close();
    await this.#agent.destroy();
    await Promise.all(this.#running);
    return this.ledger;
  }

  #tick(): void {
    const due = ((performance.now() - this.#startedAt) / 1_000) * this.#options.ratePerSecond;
    while (this.#sent < due) {
      const sending = this.#send(this.#sent++).finally(() => this.#running.delete(sending));
      this.#running.add(sending);
    }
  }

  async #send(number: number): Promise<void> {
    const { topic, url } = this.#options;
    const ids = Array.from({ length: number % batchEvery === 0 ? batchSize : 1 }, (_, i) => `${number}.${i}`);
    const pad = 'x'.repeat(this.#options.padding);
    const records = ids.map((id, i) => ({ key: `key-${(number + i) % keys}`, value: { id, pad } }));
    const body = JSON.stringify({ records });
    if (number % laneEvery === 1) await this.#sendDownLane(ids, `/producers/${topic}`, body);
    else await this.#sendAlone(ids, `${url}/producers/${topic}`, body);
  }

  async #sendAlone(ids: readonly string[], url: string, body: string): Promise<void> {
    const entry = this.ledger.begin(ids);
    const { origin, pathname } = new URL(url);
    try {
      const answer = await this.#agent.request({
        origin,
        path: pathname,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      this.ledger.answered(entry, answer.statusCode, await answer.body.json());
    } catch (error) {
      this.ledger.failed(entry, (error as NodeJS.ErrnoException).code === 'ECONNREFUSED');
    }
  }

  async #sendDownLane(ids: readonly string[], path: string, body: string): Promise<void> {
    const lane = this.#lane!;
    if (!lane.isOpen) {
      await this.#sendAlone(ids, `${this.#options.url}${path}`, body);
      return;
    }
    const entry = this.ledger.begin(ids, 'pipelined');
    try {
      const { status, body: answer } = await lane.post(path, body);
      this.ledger.answered(entry, status, answer);
    } catch {
      this.ledger.failed(entry, false);
    }
  }
}
