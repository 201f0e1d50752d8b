import kafka from '@confluentinc/kafka-javascript';
import { AdminConnection } from '../../src/clients/kafka/admin-connection.ts';
import { OffsetLookup } from '../../src/clients/kafka/offset-lookup.ts';
import { TopicList } from '../../src/clients/kafka/topic-list.ts';
import { silentLogger } from '../../src/foundation/logging.ts';
import { createActiveConsumer, type ActiveConsumerConfig } from '../../src/modules/active-consumer/index.ts';
import type { Module, OperationId } from '../../src/modules/module.ts';
import { call, FakeRequest, type Seen } from './request.ts';

/** A record as it stands in an answer. */
export interface ReadRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key?: unknown;
  readonly value?: unknown;
  readonly headers: unknown;
  readonly timestamp?: number;
  readonly error?: { readonly code: string };
}

export interface ActiveConsumerSetup {
  readonly bootstrapServers: string;
  readonly embedded?: boolean;
  readonly config?: Partial<ActiveConsumerConfig>;
  readonly isClusterReachable?: () => boolean;
}

/** An active consumer of its own, without HTTP. */
export class ActiveConsumerBench {
  readonly module: Module;
  readonly #admin: AdminConnection;

  constructor({ bootstrapServers, embedded = false, config = {}, isClusterReachable }: ActiveConsumerSetup) {
    const properties = { 'bootstrap.servers': bootstrapServers, 'reconnect.backoff.max.ms': 500 };
    this.#admin = new AdminConnection({ properties });
    this.module = createActiveConsumer({
      config: {
        activeEnabled: true,
        requestTimeoutMs: 1_000,
        requestMaxBytes: 1_048_576,
        fetchMinBytes: -1,
        instanceTimeoutMs: 300_000,
        maxConsumerInstances: 200,
        serverId: 'id',
        properties: {},
        ...config,
      },
      bootstrapServers,
      embedded,
      logger: silentLogger,
      offsetLookup: new OffsetLookup(this.#admin, { embedded }),
      topicList: new TopicList(this.#admin, { logger: silentLogger, pollIntervalMs: 500 }),
      ...(isClusterReachable === undefined ? {} : { isClusterReachable }),
    });
  }

  async start(): Promise<this> {
    await this.module.start();
    return this;
  }

  async stop(): Promise<void> {
    await this.module.stop(Date.now() + 10_000);
    await this.#admin.stop(Date.now() + 5_000);
  }

  /** Creates an instance. */
  async create(group: string, json?: unknown): Promise<TestInstance> {
    const { body } = await call(this.module.operations, 'createConsumerInstance', { path: { group }, json });
    const { instance_id } = body as { instance_id: string };
    return new TestInstance(this.module, { group, instance: instance_id });
  }

  /** Creates an instance and subscribes it. */
  async subscribed(group: string, topics: readonly string[], json?: unknown): Promise<TestInstance> {
    const instance = await this.create(group, json);
    await instance.call('subscribe', { topics });
    return instance;
  }
}

/** One consumer instance as a client uses it. */
export class TestInstance {
  readonly #module: Module;
  readonly path: Readonly<Record<string, string>>;

  constructor(module: Module, path: Readonly<Record<string, string>>) {
    this.#module = module;
    this.path = path;
  }

  /** Runs an operation. */
  call(operationId: OperationId, json?: unknown, query: Readonly<Record<string, number>> = {}): Promise<Seen> {
    return call(this.#module.operations, operationId, { path: this.path, json, query });
  }

  /** One read whose answer reaches the client. */
  async read(query: Readonly<Record<string, number>> = {}): Promise<ReadRecord[]> {
    const { body } = await this.call('readRecords', undefined, query);
    return body as ReadRecord[];
  }

  /** A read whose client and answer the test controls. */
  open(query: Readonly<Record<string, number>> = {}) {
    const request = new FakeRequest('readRecords', { path: this.path, query });
    return { request, answer: Promise.resolve(this.#module.operations['readRecords']!(request)) };
  }

  /** Reads until `count` records came or `timeoutMs` is over. */
  async readAll(
    count: number,
    timeoutMs = 15_000,
    query: Readonly<Record<string, number>> = {},
  ): Promise<ReadRecord[]> {
    const records: ReadRecord[] = [];
    const deadline = Date.now() + timeoutMs;
    while (records.length < count && Date.now() < deadline)
      records.push(...(await this.read({ timeout: 500, ...query })));
    return records;
  }

  commit(...offsets: readonly object[]): Promise<Seen> {
    return this.call('commitOffsets', offsets.length === 0 ? undefined : { offsets });
  }

  delete(): Promise<Seen> {
    return this.call('deleteConsumerInstance');
  }
}

export interface TestRecord {
  readonly key?: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly partition?: number;
  readonly headers?: readonly Readonly<Record<string, string | Buffer>>[];
  readonly timestamp?: number;
}

/** Writes records and answers their offsets. */
export async function produce(
  bootstrapServers: string,
  topic: string,
  records: readonly TestRecord[],
): Promise<{ partition: number; offset: number }[]> {
  const producer = await TestProducer.connect(bootstrapServers);
  const offsets = await producer.send(topic, records);
  await producer.close();
  return offsets;
}

/** A producer that stays open, for tests that measure. */
export class TestProducer {
  readonly #raw: InstanceType<typeof kafka.Producer>;

  private constructor(raw: InstanceType<typeof kafka.Producer>) {
    this.#raw = raw;
  }

  static async connect(bootstrapServers: string): Promise<TestProducer> {
    const raw = new kafka.Producer({
      'bootstrap.servers': bootstrapServers,
      'linger.ms': 0,
      dr_cb: true,
      'reconnect.backoff.max.ms': 500,
    });
    await new Promise<void>((resolve, reject) =>
      raw.connect({ timeout: 10_000 }, (error) => (error ? reject(new Error(error.message)) : resolve())),
    );
    raw.setPollInBackground(true);
    raw.on('delivery-report', (error, report) => {
      (report.opaque as (error: unknown, report: { partition: number; offset: number }) => void)(error, report);
    });
    return new TestProducer(raw);
  }

  /** Resolves when all are acknowledged. */
  async send(topic: string, records: readonly TestRecord[]): Promise<{ partition: number; offset: number }[]> {
    return Promise.all(
      records.map(
        ({ key = null, value, partition = 0, headers = [], timestamp }) =>
          new Promise<{ partition: number; offset: number }>((resolve, reject) => {
            const done = (error: Error | null, report: { partition: number; offset: number }) =>
              error
                ? reject(new Error(error.message))
                : resolve({ partition: report.partition, offset: report.offset });
            const bytes = typeof value === 'string' ? Buffer.from(value) : value;
            this.#raw.produce(topic, partition, bytes, key, timestamp ?? null, done, [...headers]);
          }),
      ),
    );
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#raw.disconnect(5_000, () => resolve());
    });
  }
}
