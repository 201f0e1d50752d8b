import { existsSync } from 'node:fs';
import kafka from '@confluentinc/kafka-javascript';
import { tsImport } from 'tsx/esm/api';

const starterFile = new URL('../../test/support/real-kafka.ts', import.meta.url);
const topicTimeoutMs = 10_000;

/**
 * The broker to measure against: the one KAFKA_BOOTSTRAP_SERVERS names, else one of our own, run as in production
 * (all JVM tiers, 1 GiB of heap) and not as the tests run it.
 *
 * @returns {Promise<{bootstrap: string, description: string, close: () => Promise<void>}>}
 */
export async function openBroker() {
  const bootstrap = process.env.KAFKA_BOOTSTRAP_SERVERS;
  if (bootstrap) return { bootstrap, description: 'external broker', close: async () => {} };
  if (!existsSync(starterFile)) throw new Error('no broker to start: set KAFKA_BOOTSTRAP_SERVERS');
  const { startRealKafka } = await tsImport(starterFile.href, import.meta.url);
  const broker = await startRealKafka({ bench: true });
  const description = `Apache Kafka ${broker.version ?? ''}`.trim();
  return { bootstrap: broker.bootstrap, description, close: () => broker.close() };
}

/** Creates the topics of a run and deletes them, since the broker may be one that stays. */
export class Topics {
  #admin;
  #names = [];
  #count = 0;
  #prefix = `bench-${process.pid}-${Date.now()}`;

  constructor(bootstrap) {
    this.#admin = kafka.AdminClient.create({ 'bootstrap.servers': bootstrap });
  }

  async create(name, partitions = 4) {
    const topic = `${this.#prefix}-${name}-${this.#count++}`;
    await new Promise((resolve, reject) => {
      const definition = { topic, num_partitions: partitions, replication_factor: 1 };
      this.#admin.createTopic(definition, topicTimeoutMs, (error) => (error ? reject(error) : resolve()));
    });
    this.#names.push(topic);
    return topic;
  }

  /** Deletes what was created so far: a row of produce runs leaves gigabytes. */
  async delete() {
    const names = this.#names.splice(0);
    const deleted = (name) => new Promise((resolve) => this.#admin.deleteTopic(name, topicTimeoutMs, () => resolve()));
    await Promise.all(names.map(deleted));
  }

  async close() {
    await this.delete();
    this.#admin.disconnect();
  }
}
