import { describe, expect, it } from '@jest/globals';
import {
  matchingTopics,
  parseSubscription,
  subscribedTopics,
} from '../../../src/modules/active-consumer/subscription.ts';

const topicsOf = (...names: readonly string[]) => names.map((name) => ({ name, partitions: 1 }));

describe('parseSubscription', () => {
  it('takes topics, each once, in their order', () => {
    expect(parseSubscription(['b', 'a.b_c-1', 'b'], undefined)).toEqual({ kind: 'topics', topics: ['b', 'a.b_c-1'] });
  });

  it('takes a pattern that matches whole names, internal ones never', () => {
    const request = parseSubscription(undefined, 'orders(-.*)?');
    expect(request.kind).toBe('pattern');
    const matches = request.kind === 'pattern' ? request.matches : () => false;
    expect(matchingTopics(matches, topicsOf('x-orders', 'orders-eu', '__orders', 'orders'))).toEqual([
      'orders',
      'orders-eu',
    ]);
  });

  it.each([
    ['both', ['a'], 'b', 'body must have either topics or topic_pattern'],
    ['neither', undefined, undefined, 'body must have either topics or topic_pattern'],
    [
      'an illegal name',
      ['a', 'b c'],
      undefined,
      'body #/topics/1 is no topic name: 1 to 249 of a-z A-Z 0-9 . _ -, not . or ..',
    ],
    ['a bad pattern', undefined, '(', expect.stringMatching(/^topic_pattern is no regular expression in RE2 syntax: /)],
  ])('refuses %s with 400', (_, topics, pattern, description) => {
    expect(() => parseSubscription(topics, pattern)).toThrow(
      expect.objectContaining({ code: 'ERR11004', description }),
    );
  });
});

describe('subscribedTopics', () => {
  it('lists topics by name and those a pattern matched, and none of partitions assigned by hand', () => {
    expect([
      subscribedTopics({ kind: 'topics', topics: ['a'] }),
      subscribedTopics({ kind: 'pattern', matches: () => true, topics: ['b'] }),
      subscribedTopics({ kind: 'partitions', partitions: [{ topic: 'c', partition: 0 }] }),
      subscribedTopics({ kind: 'none' }),
    ]).toEqual([['a'], ['b'], [], []]);
  });
});
