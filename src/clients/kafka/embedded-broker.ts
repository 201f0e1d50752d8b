import type { Resource } from '../../foundation/lifecycle.ts';
import { connectProducer, createRawProducer, disconnectProducer, fetchMetadata, type RawProducer } from './native.ts';

/**
 * librdkafka's mock cluster inside this process: a broker for trying things out. Memory only; keeps about the last 5 MiB of
 * each partition; topics appear on first use with 4 partitions.
 */
export class EmbeddedBroker implements Resource {
  readonly name = 'embedded broker';
  #host: RawProducer | undefined;
  #bootstrapServers = '';

  /** `host:port`, known once started. */
  get bootstrapServers(): string {
    return this.#bootstrapServers;
  }

  async start(): Promise<void> {
    const host = createRawProducer({ 'test.mock.num.brokers': 1 });
    await connectProducer(host, 5_000);
    this.#host = host;
    const { brokers } = await fetchMetadata(host, 5_000);
    this.#bootstrapServers = brokers.map((broker) => `${broker.host}:${broker.port}`).join(',');
  }

  async stop(): Promise<void> {
    if (this.#host !== undefined) await disconnectProducer(this.#host, 1);
    this.#host = undefined;
  }
}
