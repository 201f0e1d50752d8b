import { Client } from 'undici';
import { Ledger } from './ledger.ts';

const recordsPerRequest = 3;

export interface ClosedLoopOptions {
  readonly url: string;
  readonly topic: string;
  /** Clients, each with one keep-alive connection and one request at a time. */
  readonly clients: number;
}

/** Clients that send the next produce request as soon as the last is answered. */
export class ClosedLoop {
  readonly ledger = new Ledger();
  /** What the connections ended with, where a request stayed without an answer. */
  readonly breaks: string[] = [];
  readonly #options: ClosedLoopOptions;
  readonly #loops: Promise<void>[];
  #isStopped = false;

  constructor(options: ClosedLoopOptions) {
    this.#options = options;
    this.#loops = Array.from({ length: options.clients }, (_, number) => this.#run(number));
  }

  /** Resolves after the requests under way. */
  async stop(): Promise<Ledger> {
    this.#isStopped = true;
    await Promise.all(this.#loops);
    return this.ledger;
  }

  /** One client; it ends when the server is gone. */
  async #run(number: number): Promise<void> {
    const client = new Client(this.#options.url);
    for (let request = 0; !this.#isStopped; request++) {
      const ids = Array.from({ length: recordsPerRequest }, (_, i) => `${number}.${request}.${i}`);
      if (!(await this.#send(client, number, ids))) break;
    }
    await client.destroy();
  }

  async #send(client: Client, number: number, ids: readonly string[]): Promise<boolean> {
    const records = ids.map((id) => ({ key: `client-${number}`, value: { id } }));
    const entry = this.ledger.begin(ids, `client ${number}`);
    try {
      const { statusCode, body } = await client.request({
        path: `/producers/${this.#options.topic}`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ records }),
      });
      this.ledger.answered(entry, statusCode, await body.json());
      return true;
    } catch (error) {
      const { code = 'unknown', message } = error as NodeJS.ErrnoException;
      const isRefused = code === 'ECONNREFUSED';
      this.ledger.failed(entry, isRefused);
      if (!isRefused) this.breaks.push(`${code}: ${message}`);
      return false;
    }
  }
}
