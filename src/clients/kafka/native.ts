import kafka from '@confluentinc/kafka-javascript';

/** librdkafka properties by their own names; callbacks only where this layer sets them. */
export type KafkaProperties = Readonly<Record<string, unknown>>;

/** Report of one record: given to the slot that was passed to `produce` as its opaque. */
interface DeliveryReport {
  readonly partition: number;
  readonly offset: number;
  readonly opaque: unknown;
}

/** The addon's own object below the package's Producer: its produce() returns the code instead of throwing. */
interface NativeProducer {
  produce(
    topic: string,
    partition: number,
    value: Buffer | null,
    key: Buffer | string | null,
    timestamp: number | null,
    opaque: unknown,
    headers: readonly Readonly<Record<string, string | Buffer>>[] | null,
  ): number | undefined;
}

export interface KafkaError {
  readonly message: string;
  readonly code: number;
  readonly isFatal?: boolean;
}

export interface TopicMetadata {
  readonly name: string;
  readonly partitions: readonly { readonly id: number; readonly leader: number }[];
}

export interface Metadata {
  readonly brokers: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  readonly topics: readonly TopicMetadata[];
}

/** The part of the package's raw Producer that is used; its own types lack some properties and all of the internals. */
export interface RawProducer {
  connect(options: { timeout: number }, callback: (error: KafkaError | null) => void): void;
  disconnect(timeoutMs: number, callback: (error: KafkaError | null) => void): void;
  disconnect(callback: (error: KafkaError | null) => void): void;
  isConnected(): boolean;
  setPollInBackground(set: boolean): void;
  flush(timeoutMs: number, callback: (error: KafkaError | null) => void): void;
  getMetadata(
    options: { topic?: string; allTopics?: boolean; timeout: number },
    callback: (error: KafkaError | null, metadata: Metadata) => void,
  ): void;
  getClient(): NativeProducer;
  on(event: 'delivery-report', listener: (error: KafkaError | null, report: DeliveryReport) => void): void;
  on(event: 'event.error', listener: (error: KafkaError) => void): void;
  on(event: 'event.log', listener: (line: { severity: number; fac: string; message: string }) => void): void;
}

export function createRawProducer(properties: KafkaProperties): RawProducer {
  // No second argument: an empty topic configuration would discard every topic-level key of the first.
  return new kafka.Producer(properties);
}

/** Resolves once connected; rejects after `timeoutMs` at the latest, and the client is closed again then. */
export function connectProducer(producer: RawProducer, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    producer.connect({ timeout: timeoutMs }, (error) => (error ? reject(new KafkaClientError(error)) : resolve()));
  });
}

/** Closes a producer once; what is still queued after `timeoutMs` is dropped and reported as purged. */
export function disconnectProducer(producer: RawProducer, timeoutMs: number): Promise<void> {
  if (!producer.isConnected()) return Promise.resolve();
  return new Promise((resolve) => producer.disconnect(Math.max(1, timeoutMs), () => resolve()));
}

/** Brokers, and one topic where asked for. A topic that does not exist has no partitions; auto-creation may create it. */
export function fetchMetadata(producer: RawProducer, timeoutMs: number, topic?: string): Promise<Metadata> {
  return new Promise((resolve, reject) => {
    if (!producer.isConnected()) {
      reject(new Error('not connected'));
      return;
    }
    const options = { allTopics: false, timeout: timeoutMs, ...(topic === undefined ? {} : { topic }) };
    producer.getMetadata(options, (error, metadata) =>
      error ? reject(new KafkaClientError(error)) : resolve(metadata),
    );
  });
}

/** An error of the client library with its number, for logs and for rows of `kafka-errors.ts`. */
export class KafkaClientError extends Error {
  readonly code: number;

  constructor(error: KafkaError) {
    super(error.message);
    this.name = 'KafkaClientError';
    this.code = error.code;
  }
}
