import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AdminConnection } from '../../../src/clients/kafka/admin-connection.ts';
import { KafkaClientError } from '../../../src/clients/kafka/native.ts';
import { compileTopicPattern, TopicList, type TopicSummary } from '../../../src/clients/kafka/topic-list.ts';
import { silentLogger } from '../../../src/foundation/logging.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** An admin connection to a cluster with these topics, one partition each. */
function fakeAdmin(names: string[]) {
  const state = { questions: 0, failure: undefined as Error | undefined };
  const admin = {
    metadata: () => {
      state.questions++;
      if (state.failure !== undefined) return Promise.reject(state.failure);
      return Promise.resolve({
        brokers: [],
        topics: names.map((name) => ({ name, partitions: [{ id: 0, leader: 1 }] })),
      });
    },
  } as unknown as AdminConnection;
  return { admin, state };
}

const logger = silentLogger;

describe('TopicList', () => {
  it('lists the topics of the cluster without internal ones', async () => {
    const { admin } = fakeAdmin(['b', '__consumer_offsets', 'a']);
    expect(await new TopicList(admin, { logger }).fetch()).toEqual([
      { name: 'b', partitions: 1 },
      { name: 'a', partitions: 1 },
    ]);
  });

  it('asks once for calls at the same time, and anew afterwards', async () => {
    const { admin, state } = fakeAdmin(['a']);
    const list = new TopicList(admin, { logger });
    await Promise.all([list.fetch(), list.fetch()]);
    const together = state.questions;
    await list.fetch();
    expect([together, state.questions]).toEqual([1, 2]);
  });

  it('answers 503 when no broker answers', async () => {
    const { admin, state } = fakeAdmin([]);
    state.failure = new KafkaClientError({ message: 'timed out', code: -185 });
    await expect(new TopicList(admin, { logger }).fetch()).rejects.toMatchObject({ code: 'ERR12227', status: 503 });
  });

  it('polls for all watchers together, only while there are any, and goes on after a failure', async () => {
    const names = ['a'];
    const { admin, state } = fakeAdmin(names);
    const list = new TopicList(admin, { logger, pollIntervalMs: 1_000 });
    const seen: TopicSummary[][] = [];
    const watch = () => list.watch((topics) => seen.push([...topics]));
    const unwatch = [watch(), watch()];
    await jest.advanceTimersByTimeAsync(1_000);
    expect([seen.length, state.questions]).toEqual([2, 1]);
    state.failure = new Error('away');
    await jest.advanceTimersByTimeAsync(1_000);
    state.failure = undefined;
    names.push('b');
    unwatch[0]!();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(seen.slice(2).map((topics) => topics.map(({ name }) => name))).toEqual([['a', 'b']]);
    unwatch[1]!();
    await jest.advanceTimersByTimeAsync(10_000);
    expect([state.questions, jest.getTimerCount()]).toEqual([3, 0]);
  });
});

describe('compileTopicPattern', () => {
  const matching = (pattern: string) =>
    ['orders', 'orders-eu', 'x-orders', '__orders'].filter(compileTopicPattern(pattern));

  it.each([
    ['orders', ['orders']],
    ['orders.*', ['orders', 'orders-eu']],
    ['.*orders', ['orders', 'x-orders']],
    ['^orders$|x-.*', ['orders', 'x-orders']],
    ['(?i)ORDERS', ['orders']],
    ['.*', ['orders', 'orders-eu', 'x-orders']],
    ['__.*', []],
  ])('matches whole names, internal ones never: %s', (pattern, names) => {
    expect(matching(pattern)).toEqual(names);
  });

  it.each(['(', '[a', 'a(?=b)', '(a)\\1', '*'])('refuses %s, which is no RE2 expression, with 400', (pattern) => {
    expect(() => compileTopicPattern(pattern)).toThrow(
      expect.objectContaining({
        code: 'ERR11004',
        description: expect.stringMatching(/^topic_pattern is no regular expression in RE2 syntax: /),
      }),
    );
  });

  it('needs no more than linear time', () => {
    const matches = compileTopicPattern('(a+)+b');
    const begunAt = performance.now();
    expect(matches('a'.repeat(249))).toBe(false);
    expect(performance.now() - begunAt).toBeLessThan(2_000);
  });
});
