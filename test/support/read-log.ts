import { AdminConnection } from '../../src/clients/kafka/admin-connection.ts';
import { offsetSpecs } from '../../src/clients/kafka/native-admin.ts';
import { readTopic, type StoredRecord } from './read-topic.ts';

const adminTimeoutMs = 10_000;

/**
 * Reads everything a topic of `partitions` partitions holds, up to its end as it stands now. Only for topics where no
 * record was ever deleted or compacted.
 *
 * @returns the records sorted by partition and offset
 */
export async function readLog(bootstrap: string, topic: string, partitions: number): Promise<StoredRecord[]> {
  const count = await logSize(bootstrap, topic, partitions);
  const records = await readTopic(bootstrap, topic, count, { partitions, timeoutMs: 20_000 });
  if (records.length < count) throw new Error(`read ${records.length} of the ${count} records of ${topic}`);
  return records;
}

/** Sum of the partitions' end offsets. */
export async function logSize(bootstrap: string, topic: string, partitions: number): Promise<number> {
  const admin = new AdminConnection({ properties: { 'bootstrap.servers': bootstrap } });
  try {
    const specs = Array.from({ length: partitions }, (_, partition) => ({
      topic,
      partition,
      offset: offsetSpecs.latest,
    }));
    const ends = await admin.listOffsets(specs, adminTimeoutMs);
    return ends.reduce((sum, { offset }) => sum + offset, 0);
  } finally {
    await admin.stop(Date.now() + adminTimeoutMs);
  }
}
