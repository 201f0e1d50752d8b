import type { OffsetCommit } from '../../clients/kafka/native-consumer.ts';
import type { TopicPartition } from '../../clients/record.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { BodyOf } from '../module.ts';
import type { SeekTarget } from './positions.ts';

/** Bodies arrive validated against the specification; here they get their meaning. All throw SidecarError ERR11004. */

export function parsePartitions(json: unknown): TopicPartition[] {
  const { partitions } = json as BodyOf<'assign' | 'seekToFirst' | 'seekToLast'>;
  return unique(partitions).map(partitionOf);
}

export function parseSeek(json: unknown): SeekTarget {
  const { offsets = [], timestamps = [] } = json as BodyOf<'seek'>;
  if (offsets.length + timestamps.length === 0) {
    throw new SidecarError('ERR11004', 'body must have an entry in offsets or timestamps');
  }
  unique([...offsets, ...timestamps]);
  return { kind: 'positions', offsets, timestamps };
}

/** The request names the last record processed; the group stores the next one to read. */
export function parseCommit(json: unknown): OffsetCommit[] {
  const { offsets } = json as BodyOf<'commitOffsets'>;
  return unique(offsets).map((entry, i) => {
    const { metadata, offset } = entry;
    if (offset === Number.MAX_SAFE_INTEGER) {
      throw new SidecarError('ERR11004', `body #/offsets/${i}/offset must be less than ${Number.MAX_SAFE_INTEGER}`);
    }
    // The client library ends the text at a NUL.
    if (metadata?.includes('\0'))
      throw new SidecarError('ERR11004', `body #/offsets/${i}/metadata must not hold U+0000`);
    return { ...partitionOf(entry), offset: offset + 1, ...(metadata ? { metadata } : {}) };
  });
}

/** `partitions`, or `offsets` as older clients send it. */
export function parseCommittedQuery(json: unknown): TopicPartition[] {
  const { partitions, offsets } = json as BodyOf<'getCommittedOffsets'>;
  return unique(partitions ?? offsets ?? []).map(partitionOf);
}

/** A whole number of the query, by the first of its spellings that is there. */
export function queryNumber(query: URLSearchParams, ...names: readonly string[]): number | undefined {
  const text = names.map((name) => query.get(name)).find((value) => value !== null);
  return text === undefined ? undefined : Number(text);
}

function partitionOf({ topic, partition }: TopicPartition): TopicPartition {
  return { topic, partition };
}

function unique<T extends TopicPartition>(partitions: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  for (const { topic, partition } of partitions) {
    const place = `${topic}/${partition}`;
    if (seen.has(place)) {
      throw new SidecarError('ERR11004', `body names partition ${partition} of topic ${topic} twice`);
    }
    seen.add(place);
  }
  return partitions;
}
