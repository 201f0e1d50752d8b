import type { ConsumerClient, StartPosition } from '../../clients/kafka/consumer-client.ts';
import type { OffsetLookup } from '../../clients/kafka/offset-lookup.ts';
import type { TopicPartition } from '../../clients/record.ts';
import type { Logger } from '../../foundation/logging.ts';

const committedTimeoutMs = 3_000;

export interface StartOptions {
  /** librdkafka's `auto.offset.reset`. */
  readonly offsetReset: string;
  readonly offsetLookup: OffsetLookup;
  readonly logger: Logger;
}

/**
 * Where newly assigned partitions begin: at the group's committed offset, else where `auto.offset.reset` says.
 *
 * A partition assigned with its offset is never in the middle of a look-up of librdkafka's own when it is sought. Where the
 * look-up here fails, or `auto.offset.reset` is error, the offset is left to librdkafka, which keeps trying or reports it.
 */
export async function startPositions(
  client: ConsumerClient,
  partitions: readonly TopicPartition[],
  { offsetReset, offsetLookup, logger }: StartOptions,
): Promise<readonly StartPosition[]> {
  if (partitions.length === 0) return partitions;
  try {
    const committed = await client.committed(partitions, committedTimeoutMs);
    const known = partitions.map(({ topic, partition }, i): StartPosition => {
      const entry = committed[i];
      const offset = entry === undefined || entry instanceof Error ? undefined : entry.offset;
      return { topic, partition, ...(offset === undefined || offset < 0 ? {} : { offset }) };
    });
    const open = known.filter(({ offset }) => offset === undefined);
    if (open.length === 0 || !isEnd(offsetReset)) return known;
    const ends = await (offsetReset === 'latest' ? offsetLookup.latest(open) : offsetLookup.earliest(open));
    return known.map((position) => (position.offset === undefined ? ends[open.indexOf(position)]! : position));
  } catch (error) {
    logger.debug({ err: error }, 'offsets to begin at are left to the client library');
    return partitions;
  }
}

function isEnd(offsetReset: string): boolean {
  return offsetReset === 'latest' || offsetReset === 'earliest';
}
