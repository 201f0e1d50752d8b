import type { OffsetLookup, TimeInPartition } from '../../clients/kafka/offset-lookup.ts';
import type { TopicPartition, TopicPartitionOffset } from '../../clients/record.ts';

/** Where to: given offsets and times, or an end of the log. */
export type SeekTarget =
  | {
      readonly kind: 'positions';
      readonly offsets: readonly TopicPartitionOffset[];
      readonly timestamps: readonly TimeInPartition[];
    }
  | { readonly kind: 'first' | 'last'; readonly partitions: readonly TopicPartition[] };

export function targetPartitions(target: SeekTarget): readonly TopicPartition[] {
  return target.kind === 'positions' ? [...target.offsets, ...target.timestamps] : target.partitions;
}

/**
 * The offsets a seek goes to, all within the log: below its start means the start, past its end means the end, a time
 * after the last record means the end.
 *
 * @throws SidecarError ERR12219 when a topic or partition does not exist
 */
export async function resolveTarget(target: SeekTarget, lookup: OffsetLookup): Promise<TopicPartitionOffset[]> {
  if (target.kind !== 'positions') {
    return target.kind === 'first' ? lookup.earliest(target.partitions) : lookup.latest(target.partitions);
  }
  const [starts, ends, byTime] = await Promise.all([
    lookup.earliest(target.offsets),
    lookup.latest(target.offsets),
    lookup.byTimestamp(target.timestamps),
  ]);
  const byOffset = target.offsets.map(({ topic, partition, offset }, i) => ({
    topic,
    partition,
    offset: Math.min(Math.max(offset, starts[i]!.offset), ends[i]!.offset),
  }));
  return [...byOffset, ...byTime];
}
