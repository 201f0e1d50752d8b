import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AdminConnection } from '../../../src/clients/kafka/admin-connection.ts';
import type { ListedOffset, OffsetSpec } from '../../../src/clients/kafka/native-admin.ts';
import { KafkaClientError } from '../../../src/clients/kafka/native.ts';
import { OffsetLookup } from '../../../src/clients/kafka/offset-lookup.ts';
import type { TopicPartition } from '../../../src/clients/record.ts';
import type { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

type Spec = TopicPartition & { readonly offset: OffsetSpec };

/** A cluster whose partition `t/0` holds the offsets 5 to 9, a record a second from time 5000 on. */
class FakeAdmin {
  readonly partitions = new Set(['t/0', 't/1']);
  /** Codes answered before the truth, one a question. */
  readonly lies: number[] = [];
  failure: KafkaClientError | undefined;
  questions: OffsetSpec[] = [];

  listOffsets(specs: readonly Spec[]): Promise<ListedOffset[]> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const lie = this.lies.shift();
    return Promise.resolve(
      specs.map(({ topic, partition, offset: spec }) => {
        this.questions.push(spec);
        if (lie !== undefined || !this.partitions.has(`${topic}/${partition}`)) {
          return { topic, partition, offset: -1, error: { message: 'unknown', code: lie ?? 3 } };
        }
        return { topic, partition, offset: offsetOf(spec) };
      }),
    );
  }

  metadata() {
    const places = [...this.partitions].map((place) => place.split('/'));
    const names = new Set(places.map(([name]) => name!));
    const topics = [...names].map((name) => ({
      name,
      partitions: places.filter(([topic]) => topic === name).map(([, id]) => ({ id: Number(id), leader: 1 })),
    }));
    return Promise.resolve({ brokers: [], topics });
  }
}

function offsetOf({ timestamp }: OffsetSpec): number {
  if (timestamp === -2) return 5;
  if (timestamp === -1) return 10;
  return timestamp > 9_000 ? -1 : Math.max(5, Math.ceil(timestamp / 1_000));
}

const lookupOf = (admin: FakeAdmin, embedded = false) =>
  new OffsetLookup(admin as unknown as AdminConnection, { embedded });

/** An answer's offsets, or the code and description of its error, after all retries. */
async function outcomeOf(lookup: Promise<{ offset: number }[]>): Promise<unknown> {
  const outcome = lookup.then(
    (found) => found.map(({ offset }) => offset),
    (error: SidecarError) => [error.code, error.description],
  );
  await jest.advanceTimersByTimeAsync(3_000);
  return outcome;
}

const places = [
  { topic: 't', partition: 1 },
  { topic: 't', partition: 0 },
];

describe('OffsetLookup', () => {
  it('answers both ends of the log, in the order asked', async () => {
    const lookup = lookupOf(new FakeAdmin());
    expect([await lookup.earliest(places), await lookup.latest(places), await lookup.latest([])]).toEqual([
      places.map((place) => ({ ...place, offset: 5 })),
      places.map((place) => ({ ...place, offset: 10 })),
      [],
    ]);
  });

  it('answers the first record at or after a time, and the end for a time after the last', async () => {
    const times = [6_500, 0, 9_001].map((timestamp, partition) => ({ topic: 't', partition, timestamp }));
    const admin = new FakeAdmin();
    admin.partitions.add('t/2');
    expect(await lookupOf(admin).byTimestamp(times)).toEqual([
      { topic: 't', partition: 0, offset: 7 },
      { topic: 't', partition: 1, offset: 5 },
      { topic: 't', partition: 2, offset: 10 },
    ]);
  });

  it('answers 501 for times on the embedded broker, but ends', async () => {
    const lookup = lookupOf(new FakeAdmin(), true);
    expect([
      await outcomeOf(lookup.byTimestamp([{ topic: 't', partition: 0, timestamp: 1 }])),
      await outcomeOf(lookup.latest(places)),
      await outcomeOf(lookup.byTimestamp([])),
    ]).toEqual([['ERR12230', expect.stringContaining('embedded broker')], [10, 10], []]);
  });

  it('answers 404 for a topic or partition that is not there, naming it', async () => {
    const lookup = lookupOf(new FakeAdmin());
    expect([
      await outcomeOf(lookup.earliest([{ topic: 't', partition: 7 }])),
      await outcomeOf(lookup.earliest([places[0]!, { topic: 'x', partition: 0 }])),
    ]).toEqual([
      ['ERR12219', 'partition 7 of topic t does not exist'],
      ['ERR12219', 'partition 0 of topic x does not exist (one of 2 asked for)'],
    ]);
  });

  it('asks again for a topic that was just created, which the client library still calls unknown', async () => {
    const admin = new FakeAdmin();
    admin.lies.push(-188, -188, 3);
    expect(await outcomeOf(lookupOf(admin).earliest(places))).toEqual([5, 5]);
  });

  it('answers 503 without an answer, 403 without permission, 404 where nothing of the topic has a leader', async () => {
    const admin = new FakeAdmin();
    const lookup = lookupOf(admin);
    const outcomes: unknown[] = [];
    for (const code of [-185, 29, -156]) {
      admin.failure = new KafkaClientError({ message: `code ${code}`, code });
      outcomes.push(await outcomeOf(lookup.earliest([{ topic: 'x', partition: 0 }])));
    }
    expect(outcomes).toEqual([
      ['ERR12227', expect.stringContaining('code -185')],
      ['ERR12235', expect.stringContaining('code 29')],
      ['ERR12219', 'partition 0 of topic x does not exist'],
    ]);
  });
});
