import { describe, expect, it } from '@jest/globals';
import type { ConsumerClient } from '../../../src/clients/kafka/consumer-client.ts';
import type { OffsetCommit } from '../../../src/clients/kafka/native-consumer.ts';
import { KafkaClientError } from '../../../src/clients/kafka/native.ts';
import type { OffsetLookup } from '../../../src/clients/kafka/offset-lookup.ts';
import type { TopicPartition } from '../../../src/clients/record.ts';
import { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import { silentLogger } from '../../../src/foundation/logging.ts';
import { Commits } from '../../../src/modules/active-consumer/commits.ts';
import { OwnedPartitions } from '../../../src/modules/active-consumer/owned-partitions.ts';

const place = (partition: number) => ({ topic: 't', partition });

class Bench {
  readonly owned = new OwnedPartitions();
  /** Every commit that reached the broker. */
  readonly stored: OffsetCommit[][] = [];
  isReachable = true;
  /** What the broker answers, and what happens before it is asked. */
  answer: () => void | Promise<void> = () => undefined;
  beforeSending: () => void = () => undefined;
  readonly commits: Commits;

  constructor({ isAutoCommit = false } = {}) {
    const client = {
      commit: async (offsets: OffsetCommit[], _: number, isOwned: () => void) => {
        this.beforeSending();
        isOwned();
        await this.answer();
        this.stored.push(offsets);
      },
    } as unknown as ConsumerClient;
    const earliest = (partitions: readonly TopicPartition[]) =>
      partitions[0]?.topic === 't'
        ? Promise.resolve([])
        : Promise.reject(new SidecarError('ERR12219', 'no such topic'));
    this.commits = new Commits({
      owned: this.owned,
      client: () => client,
      offsetLookup: { earliest } as unknown as OffsetLookup,
      isClusterReachable: () => this.isReachable,
      isAutoCommit,
      embedded: false,
      logger: silentLogger,
    });
    this.owned.begin([place(0), place(1)]);
  }

  deliver(partition: number, next: number): void {
    this.owned.get('t', partition)!.delivered = next;
  }
}

const fateOf = (commit: Promise<void>) =>
  commit.then(
    () => 'stored',
    ({ code }: SidecarError) => code,
  );

describe('a commit of listed offsets', () => {
  it('is stored for partitions that the instance owns', async () => {
    const bench = new Bench();
    await bench.commits.commit([{ ...place(0), offset: 5, metadata: 'm' }]);
    expect([bench.stored, bench.owned.get('t', 0)?.committed]).toEqual([
      [[{ ...place(0), offset: 5, metadata: 'm' }]],
      5,
    ]);
  });

  it('is refused whole for a partition that is another’s or not there', async () => {
    const bench = new Bench();
    expect([
      await fateOf(
        bench.commits.commit([
          { ...place(0), offset: 1 },
          { ...place(2), offset: 1 },
        ]),
      ),
      await fateOf(bench.commits.commit([{ topic: 'x', partition: 0, offset: 1 }])),
      bench.stored,
    ]).toEqual(['ERR12220', 'ERR12219', []]);
  });

  it('is refused when the partition goes before it is sent', async () => {
    const bench = new Bench();
    bench.beforeSending = () => bench.owned.end([place(0)]);
    expect([await fateOf(bench.commits.commit([{ ...place(0), offset: 1 }])), bench.stored]).toEqual(['ERR12220', []]);
  });

  it('is refused at once without a broker', async () => {
    const bench = new Bench();
    bench.isReachable = false;
    expect(await fateOf(bench.commits.commit([{ ...place(0), offset: 1 }]))).toBe('ERR12227');
  });

  it('tells what the broker said', async () => {
    const bench = new Bench();
    bench.answer = () => Promise.reject(new KafkaClientError({ message: 'no report in time', code: -185 }));
    expect(await fateOf(bench.commits.commit([{ ...place(0), offset: 1 }]))).toBe('ERR12228');
    expect(bench.owned.get('t', 0)?.committed).toBeUndefined();
  });
});

describe('a commit of what was delivered', () => {
  it('stores exactly that, and nothing twice', async () => {
    const bench = new Bench();
    await bench.commits.commitDelivered();
    bench.deliver(0, 5);
    await bench.commits.commitDelivered();
    await bench.commits.commitDelivered();
    bench.deliver(1, 3);
    await bench.commits.commitDelivered();
    expect(bench.stored).toEqual([[{ ...place(0), offset: 5 }], [{ ...place(1), offset: 3 }]]);
  });

  it('stores again what was delivered when another offset was committed meanwhile', async () => {
    const bench = new Bench();
    bench.deliver(0, 5);
    await bench.commits.commit([{ ...place(0), offset: 2 }]);
    await bench.commits.commitDelivered();
    expect(bench.stored.at(-1)).toEqual([{ ...place(0), offset: 5 }]);
  });
});

describe('auto commit', () => {
  it('stores at the next read what earlier reads delivered', async () => {
    const bench = new Bench({ isAutoCommit: true });
    bench.deliver(0, 5);
    bench.commits.onReadBegins();
    bench.deliver(0, 9);
    await bench.commits.flush();
    expect(bench.stored).toEqual([[{ ...place(0), offset: 5 }]]);
  });

  it('does nothing where the instance commits by hand', async () => {
    const bench = new Bench();
    bench.deliver(0, 5);
    bench.commits.onReadBegins();
    bench.commits.onRevoked([place(0)]);
    await bench.commits.flush();
    expect(bench.stored).toEqual([]);
  });

  it('sends what is acknowledged and not stored before a partition goes to another', async () => {
    const bench = new Bench({ isAutoCommit: true });
    bench.deliver(0, 5);
    bench.answer = () => Promise.reject(new KafkaClientError({ message: 'moving', code: 16 }));
    bench.commits.onReadBegins();
    await bench.commits.flush();
    bench.answer = () => undefined;
    bench.deliver(0, 9);
    bench.commits.onRevoked([place(0), place(1)]);
    await Promise.resolve();
    await Promise.resolve();
    expect(bench.stored).toEqual([[{ ...place(0), offset: 5 }]]);
  });

  it('stores after a failure with the next read', async () => {
    const bench = new Bench({ isAutoCommit: true });
    bench.deliver(0, 5);
    bench.answer = () => Promise.reject(new KafkaClientError({ message: 'moving', code: 16 }));
    bench.commits.onReadBegins();
    await bench.commits.flush();
    bench.answer = () => undefined;
    bench.commits.onReadBegins();
    await bench.commits.flush();
    expect(bench.stored).toEqual([[{ ...place(0), offset: 5 }]]);
  });
});
