import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OwnedPartitions } from '../../../src/modules/active-consumer/owned-partitions.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const place = (partition: number) => ({ topic: 't', partition });
const places = (owned: OwnedPartitions) => owned.all().map(({ topic, partition }) => ({ topic, partition }));

describe('OwnedPartitions', () => {
  it('holds what was assigned until it is revoked', () => {
    const owned = new OwnedPartitions();
    owned.begin([place(0), place(1)]);
    const stay = owned.get('t', 0)!;
    owned.end([place(0), place(7)]);
    expect([places(owned), owned.size, stay.isCurrent, owned.get('t', 1)?.isCurrent]).toEqual([
      [place(1)],
      1,
      false,
      true,
    ]);
    owned.endAll();
    expect(owned.size).toBe(0);
  });

  it('begins a new stay of a partition that is sought, without the positions of the old one', () => {
    const owned = new OwnedPartitions();
    owned.begin([place(0)]);
    const old = owned.get('t', 0)!;
    Object.assign(old, { delivered: 5, acknowledged: 5, committed: 5 });
    owned.begin([place(0)]);
    const { isCurrent, delivered, acknowledged, committed } = owned.get('t', 0)!;
    expect({ wasCurrent: old.isCurrent, isCurrent, delivered, acknowledged, committed }).toEqual({
      wasCurrent: false,
      isCurrent: true,
      delivered: undefined,
      acknowledged: undefined,
      committed: undefined,
    });
  });

  it('counts the partitions that bring nothing until they are sought', () => {
    const owned = new OwnedPartitions();
    owned.begin([place(0), place(1)], ({ partition }) => partition === 1);
    const before = owned.stoppedCount;
    owned.begin([place(1)]);
    expect([before, owned.stoppedCount]).toEqual([1, 0]);
  });

  it('tells those who wait of every change, or that their time is over', async () => {
    const owned = new OwnedPartitions();
    const log: string[] = [];
    const wait = (name: string) => void owned.changed(100).then(() => log.push(name));
    wait('assigned');
    owned.begin([place(0)]);
    await jest.advanceTimersByTimeAsync(0);
    wait('revoked');
    wait('revoked too');
    owned.endAll();
    await jest.advanceTimersByTimeAsync(0);
    wait('late');
    await jest.advanceTimersByTimeAsync(99);
    expect(log).toEqual(['assigned', 'revoked', 'revoked too']);
    await jest.advanceTimersByTimeAsync(1);
    expect([log.at(-1), jest.getTimerCount()]).toEqual(['late', 0]);
  });
});
