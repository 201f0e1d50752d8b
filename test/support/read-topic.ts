import kafka from '@confluentinc/kafka-javascript';
import { randomName } from './names.ts';

/** A record as it lies in the topic. */
export interface StoredRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: number;
  /** In wire order. */
  readonly headers: readonly (readonly [string, Buffer])[];
}

interface RawMessage {
  readonly partition: number;
  readonly offset: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: number;
  readonly headers?: readonly Readonly<Record<string, Buffer>>[];
}

interface RawConsumer {
  connect(options: { timeout: number }, callback: (error: Error | null) => void): void;
  disconnect(callback: () => void): void;
  assign(list: readonly { topic: string; partition: number; offset: number }[]): void;
  setDefaultConsumeTimeout(ms: number): void;
  consume(count: number, callback: (error: Error | null, messages: RawMessage[]) => void): void;
}

/**
 * Reads a topic from its start with a client of its own, until `count` records are there or `timeoutMs` is over.
 *
 * @returns the records sorted by partition and offset
 */
export async function readTopic(
  bootstrap: string,
  topic: string,
  count: number,
  { partitions = 1, timeoutMs = 15_000 }: { partitions?: number; timeoutMs?: number } = {},
): Promise<StoredRecord[]> {
  const consumer = new kafka.KafkaConsumer({
    'bootstrap.servers': bootstrap,
    'group.id': randomName('reader'),
    'enable.auto.commit': false,
    'fetch.wait.max.ms': 10,
    'auto.offset.reset': 'earliest',
  } as never) as unknown as RawConsumer;
  await new Promise<void>((resolve, reject) => {
    consumer.connect({ timeout: 10_000 }, (error) => (error ? reject(new Error(error.message)) : resolve()));
  });
  try {
    consumer.setDefaultConsumeTimeout(100);
    const start = -2;
    consumer.assign(Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: start })));
    return await collect(consumer, count, Date.now() + timeoutMs);
  } finally {
    await new Promise<void>((resolve) => consumer.disconnect(() => resolve()));
  }
}

async function collect(consumer: RawConsumer, count: number, deadline: number): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  while (records.length < count && Date.now() < deadline) {
    const messages = await new Promise<RawMessage[]>((resolve, reject) => {
      consumer.consume(1000, (error, batch) => (error ? reject(new Error(error.message)) : resolve(batch)));
    });
    for (const { partition, offset, key, value, timestamp, headers = [] } of messages) {
      records.push({
        partition,
        offset,
        key,
        value,
        timestamp,
        headers: headers.map(nameAndValue),
      });
    }
  }
  return records.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** The library sets `__proto__` like any member, so that header's value becomes the prototype of its object. */
function nameAndValue(header: Readonly<Record<string, Buffer>>): readonly [string, Buffer] {
  return Object.entries(header)[0] ?? ['__proto__', Object.getPrototypeOf(header) as Buffer];
}
