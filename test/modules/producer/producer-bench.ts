import type { SchemaRegistry } from '../../../src/clients/schema-registry/schema-registry.ts';
import { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import type { Logger } from '../../../src/foundation/logging.ts';
import { ProducerClients } from '../../../src/modules/producer/producer-clients.ts';
import { RecordProducer, type RecordProducerOptions } from '../../../src/modules/producer/produce.ts';
import { FakeRequest, type RequestParts } from '../../support/request.ts';
import { FakeProducerClient } from './fake-producer-client.ts';

export interface ProduceParts extends RequestParts {
  readonly topic?: string;
}

/** What a client sees of an answer, its headers included where there are some. */
export interface SeenAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: unknown;
}

/** A producer over fake clients, one for each level of acknowledgement; topic `t` has two partitions. */
export class ProducerBench {
  /** The clients made, by name, and what each changes in the properties of the main one. */
  readonly clients = new Map<string, FakeProducerClient>();
  readonly changes = new Map<string, unknown>();
  readonly cluster = { isReachable: true, isCredentialRefused: false, lastError: '' };
  /** Lines logged as errors. */
  readonly errors: unknown[] = [];
  readonly levels: ProducerClients;
  readonly producer: RecordProducer;

  constructor(options: Partial<RecordProducerOptions> & { registry?: SchemaRegistry | undefined } = {}) {
    this.levels = new ProducerClients((name, changes) => {
      const made = new FakeProducerClient({ t: 2 });
      this.clients.set(name, made);
      this.changes.set(name, changes);
      return made.client;
    });
    this.producer = new RecordProducer({
      keyFormat: 'STRING',
      valueFormat: 'JSON',
      maxRecordBytes: 1_000,
      maxInFlightRecords: 3,
      maxInFlightBytes: 1_000,
      requestTimeoutMs: 5_000,
      partialFailureStatus: 207,
      idempotencyTtlMs: 60_000,
      maxIdempotencyKeys: 100,
      forwardHeaders: [],
      callerId: undefined,
      clients: this.levels,
      registry: undefined,
      cluster: this.cluster,
      logger: { error: (details: unknown, text: string) => this.errors.push([details, text]) } as unknown as Logger,
      ...options,
    });
  }

  get main(): FakeProducerClient {
    return this.clients.get('producer')!;
  }

  /** The client of a level, made by the first request that asks for it. */
  level(acks: '1' | '0'): FakeProducerClient | undefined {
    return this.clients.get(`producer with acks ${acks}`);
  }

  /** The answer, or the refusal. */
  async produce(records: readonly object[], parts: ProduceParts = {}): Promise<SeenAnswer> {
    const { topic = 't', ...rest } = parts;
    const request = new FakeRequest('produceRecords', { path: { topic }, json: { records }, ...rest });
    try {
      const { status, body, headers } = await this.producer.produce(request);
      return { status, body: JSON.parse(String(body)) as unknown, ...(headers === undefined ? {} : { headers }) };
    } catch (error) {
      if (!(error instanceof SidecarError)) throw error;
      return { status: error.status, body: `${error.code} ${error.description}` };
    }
  }
}
