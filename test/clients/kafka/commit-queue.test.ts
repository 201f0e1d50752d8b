import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CommitQueue } from '../../../src/clients/kafka/commit-queue.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** How a commit ended. */
const fateOf = (commit: Promise<void>) =>
  commit.then(
    () => 'stored',
    (error: Error & { code: number }) => `${error.code} ${error.message}`,
  );

describe('CommitQueue', () => {
  it('gives each report to the oldest commit', async () => {
    const queue = new CommitQueue();
    const fates = Promise.all([fateOf(queue.add(1_000)), fateOf(queue.add(1_000)), fateOf(queue.add(1_000))]);
    queue.settleOldest(null);
    queue.settleOldest({ message: 'rebalance in progress', code: 27 });
    queue.settleOldest(undefined);
    expect(await fates).toEqual(['stored', '27 rebalance in progress', 'stored']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('says after its time that a commit’s fate is unknown, and keeps its place for the late report', async () => {
    const queue = new CommitQueue();
    const early = fateOf(queue.add(100));
    const later = fateOf(queue.add(1_000));
    await jest.advanceTimersByTimeAsync(100);
    expect(await early).toBe('-185 no report in time');
    queue.settleOldest({ message: 'meant for the early one', code: 22 });
    queue.settleOldest(null);
    expect(await later).toBe('stored');
  });

  it('tells whether somebody waits for a report', async () => {
    const queue = new CommitQueue();
    const states = [queue.isWaiting];
    const commit = fateOf(queue.add(100));
    states.push(queue.isWaiting);
    await jest.advanceTimersByTimeAsync(100);
    await commit;
    states.push(queue.isWaiting);
    expect(states).toEqual([false, true, false]);
  });

  it('fails all that wait when the consumer closes', async () => {
    const queue = new CommitQueue();
    const fates = Promise.all([fateOf(queue.add(1_000)), fateOf(queue.add(1_000))]);
    queue.failAll();
    expect(await fates).toEqual(['-185 closed before the report came', '-185 closed before the report came']);
    expect([queue.isWaiting, jest.getTimerCount()]).toEqual([false, 0]);
  });

  it('passes over a report that nobody waits for', async () => {
    const queue = new CommitQueue();
    queue.settleOldest(null);
    const commit = fateOf(queue.add(100));
    queue.settleOldest({ message: 'unknown member', code: 25 });
    expect(await commit).toBe('25 unknown member');
  });
});
