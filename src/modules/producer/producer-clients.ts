import type { Resource } from '../../foundation/lifecycle.ts';
import type { ProducerClient } from '../../clients/kafka/producer-client.ts';

/** `all` replicas in sync, the leader alone, or nobody acknowledges. */
export type AcksLevel = 'all' | '1' | '0';

/** What a level's producer changes in the properties of the main one. Only `all` can be idempotent. */
const levelProperties = {
  '1': { acks: '1', 'enable.idempotence': false },
  '0': { acks: '0', 'enable.idempotence': false },
} as const;

/** One producer per level of acknowledgement; all but the main one are made when first asked for. */
export class ProducerClients implements Resource {
  readonly name = 'producers';
  readonly main: ProducerClient;
  /** Sends each record in a batch of its own, for those whose batch was refused. */
  readonly single: ProducerClient;
  readonly #create: (name: string, changes: Readonly<Record<string, unknown>>) => ProducerClient;
  readonly #others = new Map<AcksLevel, Promise<ProducerClient>>();

  constructor(create: (name: string, changes: Readonly<Record<string, unknown>>) => ProducerClient) {
    this.#create = create;
    this.main = create('producer', {});
    this.single = create('single-record producer', { 'batch.num.messages': 1, 'linger.ms': 0 });
  }

  /** The producer of a level other than `all`, connected or trying to. */
  other(level: '1' | '0'): Promise<ProducerClient> {
    const known = this.#others.get(level);
    if (known !== undefined) return known;
    const client = this.#create(`producer with acks ${level}`, levelProperties[level]);
    const starting = client.start().then(() => client);
    this.#others.set(level, starting);
    return starting;
  }

  async start(): Promise<void> {
    await Promise.all([this.main.start(), this.single.start()]);
  }

  async stop(deadline: number): Promise<void> {
    const others = await Promise.all(this.#others.values());
    await Promise.all([this.main, this.single, ...others].map((client) => client.stop(deadline)));
  }
}
