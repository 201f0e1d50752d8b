import type { DeliverySlot, OutgoingRecord, ProducerClient } from '../../../src/clients/kafka/producer-client.ts';
import { TopicDirectory } from '../../../src/clients/kafka/topic-directory.ts';

/** A producer client whose reports the test makes. */
export class FakeProducerClient {
  readonly topics: TopicDirectory;
  isConnected = true;
  /** Records queued and not reported, oldest first. */
  readonly queued: { readonly topic: string; readonly record: OutgoingRecord; readonly slot: DeliverySlot }[] = [];
  /** Code answered for a record instead of queueing it. */
  refuses: (record: OutgoingRecord) => number = () => 0;

  constructor(partitions: Readonly<Record<string, number>> = {}) {
    this.topics = new TopicDirectory((topic) => Promise.resolve(partitions[topic] ?? 0));
  }

  isStopped = false;

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.isStopped = true;
  }

  /** As the type that modules take. */
  get client(): ProducerClient {
    return this as unknown as ProducerClient;
  }

  send(topic: string, record: OutgoingRecord, slot: DeliverySlot): number {
    const code = this.refuses(record);
    if (code === 0) this.queued.push({ topic, record, slot });
    return code;
  }

  /** Reports the oldest record; with code 0 as stored. */
  report(code: number, partition = 0, offset = 0): void {
    this.queued.shift()!.slot.settle(code, partition, offset);
  }

  /** Values queued, as text. */
  get values(): string[] {
    return this.queued.map(({ record }) => String(record.value));
  }
}
