import { describe, expect, it } from '@jest/globals';
import { OwnedPartitions } from '../../../src/modules/active-consumer/owned-partitions.ts';
import { RecordBuffer } from '../../../src/modules/active-consumer/record-buffer.ts';
import { messageOf, stayIn } from './messages.ts';

const noLimit = { maxBytes: 1_000, maxRecords: 1_000 };

/** A buffer with a record of each size, offsets counting up, of one partition. */
function bufferOf(sizes: readonly number[]) {
  const owned = new OwnedPartitions();
  const stay = stayIn(owned);
  const buffer = new RecordBuffer();
  sizes.forEach((size, offset) => buffer.push(messageOf({ offset, value: Buffer.alloc(size) }), stay));
  return { buffer, owned, stay };
}

const offsets = (records: ReturnType<RecordBuffer['take']>) => records.map(({ message }) => message.offset);

describe('RecordBuffer', () => {
  it('gives records in the order they came, and counts what is left', () => {
    const { buffer } = bufferOf([10, 20, 30]);
    expect([
      buffer.size,
      buffer.bytes,
      offsets(buffer.take({ ...noLimit, maxRecords: 2 })),
      buffer.size,
      buffer.bytes,
    ]).toEqual([3, 60, [0, 1], 1, 30]);
    expect([offsets(buffer.take(noLimit)), offsets(buffer.take(noLimit)), buffer.bytes]).toEqual([[2], [], 0]);
  });

  it('takes as much as fits the limit, the first record however big', () => {
    const take = (sizes: readonly number[], maxBytes: number) =>
      offsets(bufferOf(sizes).buffer.take({ ...noLimit, maxBytes }));
    expect([take([10, 20, 30], 30), take([10, 20, 30], 29), take([50, 1], 30), take([0, 0, 31], 30)]).toEqual([
      [0, 1],
      [0],
      [0],
      [0, 1],
    ]);
  });

  it('puts back what did not reach its reader, before all others', () => {
    const { buffer } = bufferOf([10, 20, 30]);
    const taken = buffer.take({ ...noLimit, maxRecords: 2 });
    buffer.putBack(taken);
    expect([buffer.bytes, offsets(buffer.take(noLimit))]).toEqual([60, [0, 1, 2]]);
  });

  it('drops the records of partitions that went or were sought, also those put back', () => {
    const { buffer, owned } = bufferOf([10, 20]);
    const other = stayIn(owned, 1);
    buffer.push(messageOf({ partition: 1, offset: 9, value: Buffer.alloc(5) }), other);
    const taken = buffer.take({ ...noLimit, maxRecords: 1 });
    owned.begin([{ topic: 't', partition: 0 }]);
    buffer.dropEnded();
    buffer.putBack(taken);
    expect([buffer.size, buffer.bytes, offsets(buffer.take(noLimit))]).toEqual([1, 5, [9]]);
  });
});
