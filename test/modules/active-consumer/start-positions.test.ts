import { describe, expect, it } from '@jest/globals';
import type { ConsumerClient } from '../../../src/clients/kafka/consumer-client.ts';
import type { CommittedOffset } from '../../../src/clients/kafka/native-consumer.ts';
import type { OffsetLookup } from '../../../src/clients/kafka/offset-lookup.ts';
import type { TopicPartition } from '../../../src/clients/record.ts';
import { silentLogger } from '../../../src/foundation/logging.ts';
import { startPositions } from '../../../src/modules/active-consumer/start-positions.ts';

const place = (partition: number) => ({ topic: 't', partition });
const places = [place(0), place(1), place(2)];
const at = (offset: number) => (partitions: readonly TopicPartition[]) =>
  Promise.resolve(partitions.map((partition) => ({ ...partition, offset })));

/** Where partitions begin whose group committed this. */
function begin(committed: readonly (CommittedOffset | Error)[] | Error, offsetReset = 'earliest') {
  const answer = () => (committed instanceof Error ? Promise.reject(committed) : Promise.resolve(committed));
  return startPositions({ committed: answer } as unknown as ConsumerClient, places, {
    offsetReset,
    offsetLookup: { earliest: at(5), latest: at(10) } as unknown as OffsetLookup,
    logger: silentLogger,
  });
}

const someCommitted = [{ ...place(0), offset: 7 }, place(1), { ...place(2), offset: -1001 }];

describe('startPositions', () => {
  it('begins at the committed offset, else at the end that auto.offset.reset names', async () => {
    const begun = [await begin(someCommitted), await begin(someCommitted, 'latest')];
    expect(begun.map((positions) => positions.map(({ offset }) => offset))).toEqual([
      [7, 5, 5],
      [7, 10, 10],
    ]);
  });

  it('leaves a partition without an offset where auto.offset.reset forbids to choose one', async () => {
    expect(await begin(someCommitted, 'error')).toEqual([{ ...place(0), offset: 7 }, place(1), place(2)]);
  });

  it('begins a partition whose committed offset could not be told like one without', async () => {
    const committed = [new Error('unknown'), { ...place(1), offset: 0 }, { ...place(2), offset: 3 }];
    expect((await begin(committed)).map(({ offset }) => offset)).toEqual([5, 0, 3]);
  });

  it('leaves the offsets to the client library when nobody answers', async () => {
    expect(await begin(new Error('timed out'))).toEqual(places);
  });
});
