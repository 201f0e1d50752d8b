import { describe, expect, it } from '@jest/globals';
import type { OffsetLookup } from '../../../src/clients/kafka/offset-lookup.ts';
import type { TopicPartition } from '../../../src/clients/record.ts';
import { resolveTarget, targetPartitions } from '../../../src/modules/active-consumer/positions.ts';

/** A log that holds the offsets 5 to 9 of every partition. */
const at = (offset: number) => (partitions: readonly TopicPartition[]) =>
  Promise.resolve(partitions.map(({ topic, partition }) => ({ topic, partition, offset })));
const lookup = { earliest: at(5), latest: at(10), byTimestamp: at(7) } as unknown as OffsetLookup;

const place = (partition: number) => ({ topic: 't', partition });

describe('resolveTarget', () => {
  it('keeps an offset within the log; one before its start means the start, one past its end the end', async () => {
    const offsets = [3, 5, 8, 10, 11].map((offset, partition) => ({ ...place(partition), offset }));
    expect(await resolveTarget({ kind: 'positions', offsets, timestamps: [] }, lookup)).toEqual(
      [5, 5, 8, 10, 10].map((offset, partition) => ({ ...place(partition), offset })),
    );
  });

  it('goes by time, beside offsets', async () => {
    const target = {
      kind: 'positions',
      offsets: [{ ...place(0), offset: 6 }],
      timestamps: [{ ...place(1), timestamp: 9 }],
    } as const;
    expect([await resolveTarget(target, lookup), targetPartitions(target).map(({ partition }) => partition)]).toEqual([
      [
        { ...place(0), offset: 6 },
        { ...place(1), offset: 7 },
      ],
      [0, 1],
    ]);
  });

  it('goes to both ends', async () => {
    const partitions = [place(1), place(0)];
    expect([
      await resolveTarget({ kind: 'first', partitions }, lookup),
      await resolveTarget({ kind: 'last', partitions }, lookup),
    ]).toEqual([
      partitions.map((partition) => ({ ...partition, offset: 5 })),
      partitions.map((partition) => ({ ...partition, offset: 10 })),
    ]);
    expect(targetPartitions({ kind: 'first', partitions })).toEqual(partitions);
  });
});
