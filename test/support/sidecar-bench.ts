import { AdminConnection } from '../../src/clients/kafka/admin-connection.ts';
import { offsetSpecs } from '../../src/clients/kafka/native-admin.ts';
import { call, type HttpAnswer } from './http.ts';
import { randomName } from './names.ts';
import { readTopic, type StoredRecord } from './read-topic.ts';
import { startRealKafka, type KafkaHandle, type TopicOptions } from './real-kafka.ts';
import { startRealRegistry, type RegistryHandle } from './real-registry.ts';
import type { SchemaDefinition } from './registry-client.ts';
import { startSidecar, type RunningSidecar } from './start-sidecar.ts';

const adminTimeoutMs = 10_000;

type Headers = Readonly<Record<string, string>>;

/** A produce request: the body, and what goes beside it. */
export interface ProduceCall {
  readonly query?: string;
  readonly headers?: Headers;
}

/** A sidecar between a real broker and a real registry, as a user has it. */
export class SidecarBench {
  readonly kafka: KafkaHandle;
  readonly registry: RegistryHandle;
  readonly #sidecars: RunningSidecar[];
  readonly #admin: AdminConnection;

  private constructor(kafka: KafkaHandle, registry: RegistryHandle, sidecar: RunningSidecar) {
    this.#admin = new AdminConnection({ properties: { 'bootstrap.servers': kafka.bootstrap } });
    this.kafka = kafka;
    this.registry = registry;
    this.#sidecars = [sidecar];
  }

  static async start(env: Headers = {}): Promise<SidecarBench> {
    const [kafka, registry] = await Promise.all([startRealKafka(), startRealRegistry()]);
    return SidecarBench.on(kafka, registry, env);
  }

  /** On a broker and a registry that run already, and end with it. */
  static async on(kafka: KafkaHandle, registry: RegistryHandle, env: Headers = {}): Promise<SidecarBench> {
    const bench = { KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap, SCHEMA_REGISTRY_URL: registry.url };
    return new SidecarBench(kafka, registry, await startSidecar({ ...bench, ...env }));
  }

  /** Of the sidecar it was started with. */
  get url(): string {
    return this.#sidecars[0]!.url;
  }

  /** Another sidecar on the same broker and registry, stopped with this one. Answers its URL. */
  async another(env: Headers): Promise<string> {
    const bench = { KAFKA_BOOTSTRAP_SERVERS: this.kafka.bootstrap, SCHEMA_REGISTRY_URL: this.registry.url };
    const sidecar = await startSidecar({ ...bench, ...env });
    this.#sidecars.push(sidecar);
    return sidecar.url;
  }

  async newTopic(prefix: string, options?: TopicOptions): Promise<string> {
    const topic = randomName(prefix);
    await this.kafka.createTopic(topic, options);
    return topic;
  }

  /** A topic whose values, and keys where a schema is given, have a schema. Answers its name and the schemas' ids. */
  async topicWith(
    value: Omit<SchemaDefinition, 'subject'>,
    key?: Omit<SchemaDefinition, 'subject'>,
  ): Promise<{ readonly topic: string; readonly valueId: number; readonly keyId: number }> {
    const topic = await this.newTopic('schema');
    const valueId = await this.registry.register({ subject: `${topic}-value`, ...value });
    const keyId = key === undefined ? 0 : await this.registry.register({ subject: `${topic}-key`, ...key });
    return { topic, valueId, keyId };
  }

  produce(topic: string, body: unknown, { query = '', headers = {} }: ProduceCall = {}): Promise<HttpAnswer> {
    return call('POST', `${this.url}/producers/${topic}${query}`, body, headers);
  }

  /** The first `count` records of a topic with one partition, or with `partitions`, as they lie there. */
  stored(topic: string, count: number, partitions = 1): Promise<StoredRecord[]> {
    return readTopic(this.kafka.bootstrap, topic, count, { partitions });
  }

  /** How many records were ever written to a topic. */
  async size(topic: string, partitions = 1): Promise<number> {
    const ends = await this.#admin.listOffsets(
      Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: offsetSpecs.latest })),
      adminTimeoutMs,
    );
    return ends.reduce((sum, { offset }) => sum + offset, 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#sidecars.map((sidecar) => sidecar.stop()));
    await this.#admin.stop(Date.now() + adminTimeoutMs);
    await Promise.all([this.kafka.close(), this.registry.close()]);
  }
}

/** What stands before a value with a schema. */
export function frame(id: number, ...rest: readonly number[]): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeInt32BE(id, 1);
  return Buffer.concat([bytes, Buffer.from(rest)]);
}

/** Names and texts of a record's headers, in their order. */
export function headerTexts({ headers }: StoredRecord): [string, string][] {
  return headers.map(([name, value]): [string, string] => [name, value.toString()]);
}

/** Consecutive offsets from 0 in partition 0, as an answer tells them. */
export function firstOffsets(count: number): { partition: number; offset: number }[] {
  return Array.from({ length: count }, (_, offset) => ({ partition: 0, offset }));
}
