import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TopicDirectory } from '../../../src/clients/kafka/topic-directory.ts';
import type { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A cluster with these topics, that answers when it is told to or at once. */
class FakeCluster {
  readonly questions: string[] = [];
  readonly topics: Map<string, number>;
  readonly #open: (() => void)[] = [];
  isSlow = false;
  isAway = false;

  constructor(topics: Readonly<Record<string, number>> = {}) {
    this.topics = new Map(Object.entries(topics));
  }

  readonly partitionCount = async (topic: string): Promise<number> => {
    this.questions.push(topic);
    if (this.isSlow) await new Promise<void>((resolve) => this.#open.push(resolve));
    if (this.isAway) throw new Error('not connected');
    return this.topics.get(topic) ?? 0;
  };

  answerOldest(): void {
    this.#open.shift()?.();
  }
}

/** A look-up's answer: a number, or the code of its error. */
const fateOf = (lookup: Promise<number>): Promise<number | string> =>
  lookup.catch((error: SidecarError) => `${error.code} ${error.description}`);

const absent = (topic: string) => `ERR12219 topic ${topic} does not exist; create it, or check its name`;

describe('TopicDirectory', () => {
  it('knows a topic after its first look-up without asking again', async () => {
    const cluster = new FakeCluster({ a: 3 });
    const directory = new TopicDirectory(cluster.partitionCount);
    expect(directory.known('a')).toBeUndefined();
    expect(await directory.lookup('a')).toBe(3);
    expect([directory.known('a'), cluster.questions]).toEqual([3, ['a']]);
  });

  it('makes one question of many look-ups of the same topic', async () => {
    const cluster = new FakeCluster({ a: 3 });
    const directory = new TopicDirectory(cluster.partitionCount);
    expect(await Promise.all([directory.lookup('a'), directory.lookup('a'), directory.lookup('a')])).toEqual([3, 3, 3]);
    expect(cluster.questions).toEqual(['a']);
  });

  it('answers within a second that a topic is not there, after more than one try', async () => {
    const cluster = new FakeCluster();
    const begunAt = Date.now();
    const fate = fateOf(new TopicDirectory(cluster.partitionCount).lookup('a')).then((text) => [text, Date.now()]);
    await jest.advanceTimersByTimeAsync(1_500);
    const [text, endedAt] = await fate;
    expect(text).toBe(absent('a'));
    expect(Number(endedAt) - begunAt).toBeLessThan(1_000);
    expect(cluster.questions.length).toBeGreaterThan(1);
  });

  it('asks no more for a topic that was just absent, and again after 500 ms', async () => {
    const cluster = new FakeCluster();
    const directory = new TopicDirectory(cluster.partitionCount);
    const first = fateOf(directory.lookup('a'));
    await jest.advanceTimersByTimeAsync(720);
    expect(await first).toBe(absent('a'));
    const asked = cluster.questions.length;
    expect([await fateOf(directory.lookup('a')), cluster.questions.length]).toEqual([absent('a'), asked]);
    cluster.topics.set('a', 2);
    await jest.advanceTimersByTimeAsync(500);
    expect([await fateOf(directory.lookup('a')), directory.known('a')]).toEqual([2, 2]);
  });

  it('waits for a topic that is just being created', async () => {
    const cluster = new FakeCluster();
    const directory = new TopicDirectory(cluster.partitionCount);
    const lookup = fateOf(directory.lookup('a'));
    await jest.advanceTimersByTimeAsync(200);
    cluster.topics.set('a', 4);
    await jest.advanceTimersByTimeAsync(100);
    expect(await lookup).toBe(4);
  });

  it('answers 503 when the cluster cannot be asked, and remembers nothing of it', async () => {
    const cluster = new FakeCluster({ a: 1 });
    const directory = new TopicDirectory(cluster.partitionCount);
    cluster.isAway = true;
    expect(await fateOf(directory.lookup('a'))).toBe('ERR12227 no broker answered the look-up of the topic; try again');
    cluster.isAway = false;
    expect(await fateOf(directory.lookup('a'))).toBe(1);
  });

  it('asks at most four questions at a time, so that unknown topics leave threads for the others', async () => {
    const cluster = new FakeCluster({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 });
    cluster.isSlow = true;
    const directory = new TopicDirectory(cluster.partitionCount);
    const lookups = Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((topic) => directory.lookup(topic)));
    await jest.advanceTimersByTimeAsync(0);
    expect(cluster.questions).toEqual(['a', 'b', 'c', 'd']);
    cluster.answerOldest();
    await jest.advanceTimersByTimeAsync(0);
    expect(cluster.questions).toEqual(['a', 'b', 'c', 'd', 'e']);
    cluster.isSlow = false;
    for (let i = 0; i < 6; i++) cluster.answerOldest();
    expect(await lookups).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('looks an entry up again behind the request that finds it older than a minute', async () => {
    const cluster = new FakeCluster({ a: 1 });
    const directory = new TopicDirectory(cluster.partitionCount);
    await directory.lookup('a');
    cluster.topics.set('a', 8);
    await jest.advanceTimersByTimeAsync(60_001);
    expect([directory.known('a'), directory.known('a')]).toEqual([1, 1]);
    await jest.advanceTimersByTimeAsync(0);
    expect([directory.known('a'), cluster.questions]).toEqual([8, ['a', 'a']]);
  });

  it('keeps an old entry while the cluster cannot be asked', async () => {
    const cluster = new FakeCluster({ a: 1 });
    const directory = new TopicDirectory(cluster.partitionCount);
    await directory.lookup('a');
    cluster.isAway = true;
    await jest.advanceTimersByTimeAsync(60_001);
    directory.known('a');
    await jest.advanceTimersByTimeAsync(0);
    expect(directory.known('a')).toBe(1);
  });

  it('forgets a topic that a delivery report calls unknown', async () => {
    const directory = new TopicDirectory(new FakeCluster({ a: 1 }).partitionCount);
    await directory.lookup('a');
    directory.forget('a');
    expect(directory.known('a')).toBeUndefined();
  });
});
