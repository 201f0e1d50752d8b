import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import { silentLogger } from '../../../src/foundation/logging.ts';
import { InstanceRegistry } from '../../../src/modules/active-consumer/instance-registry.ts';
import type { ConsumerInstance } from '../../../src/modules/active-consumer/instance.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** An instance that notes why it was closed. */
function instanceOf(closed: string[], closing = Promise.resolve()): ConsumerInstance {
  const close = async ({ code, description }: SidecarError) => {
    closed.push(`${code} ${description}`);
    await closing;
  };
  return { close } as unknown as ConsumerInstance;
}

function registryOf({ maxInstances = 2, instanceTimeoutMs = 1_000 } = {}) {
  const registry = new InstanceRegistry({ maxInstances, instanceTimeoutMs, logger: silentLogger });
  registry.start();
  const closed: string[] = [];
  const create = (name: string, group = 'g') => registry.create(group, name, () => Promise.resolve(instanceOf(closed)));
  return { registry, closed, create };
}

/** The error of a call, or that there was none. */
async function refusalOf(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    const { code, description } = error as SidecarError;
    return `${code} ${description}`;
  }
  return 'none';
}

const missing = (name: string) =>
  `ERR12200 group g has no consumer instance ${name}: create it with POST /consumers/{group}; it may have expired`;

describe('InstanceRegistry', () => {
  it('finds an instance by group and name', async () => {
    const { registry, create } = registryOf();
    await create('a');
    await create('a', 'other');
    const [one, other] = [registry.call('g', 'a'), registry.call('other', 'a')];
    expect([one.instance === other.instance, registry.size]).toEqual([false, 2]);
    expect(await refusalOf(() => registry.call('g', 'b'))).toBe(missing('b'));
  });

  it('refuses a name that is in use, from the moment its creation begins', async () => {
    const { registry, create, closed } = registryOf();
    let made: (instance: ConsumerInstance) => void = () => undefined;
    const making = registry.create('g', 'a', () => new Promise((resolve) => (made = resolve)));
    const inUse = 'ERR12202 group g already has an instance a; delete it or take another name';
    expect([await refusalOf(() => create('a')), await refusalOf(() => registry.call('g', 'a'))]).toEqual([
      inUse,
      missing('a'),
    ]);
    made(instanceOf(closed));
    await making;
    expect([await refusalOf(() => create('a')), await refusalOf(() => registry.call('g', 'a'))]).toEqual([
      inUse,
      'none',
    ]);
  });

  it('frees the name when the creation fails', async () => {
    const { registry, create } = registryOf();
    await expect(registry.create('g', 'a', () => Promise.reject(new Error('no broker')))).rejects.toThrow('no broker');
    expect([registry.size, await refusalOf(() => create('a'))]).toEqual([0, 'none']);
  });

  it('refuses more instances than allowed, with 429', async () => {
    const { create } = registryOf();
    await create('a');
    await create('b');
    expect(await refusalOf(() => create('c'))).toBe(
      'ERR12223 there are 2 consumer instances; delete some or raise kafka-consumer.maxConsumerInstances',
    );
  });

  it('closes an instance that is deleted, and knows it no more', async () => {
    const { registry, create, closed } = registryOf();
    await create('a');
    await registry.delete('g', 'a');
    expect([closed, registry.size, await refusalOf(() => registry.delete('g', 'a'))]).toEqual([
      ['ERR12200 group g has no consumer instance a: it was deleted'],
      0,
      missing('a'),
    ]);
  });

  it('resolves a deletion when the group was left', async () => {
    const { registry } = registryOf();
    let left: () => void = () => undefined;
    const closing = new Promise<void>((resolve) => (left = resolve));
    await registry.create('g', 'a', () => Promise.resolve(instanceOf([], closing)));
    const log: string[] = [];
    const deletion = registry.delete('g', 'a').then(() => log.push('deleted'));
    await jest.advanceTimersByTimeAsync(100);
    log.push('left');
    left();
    await deletion;
    expect(log).toEqual(['left', 'deleted']);
  });

  it('closes an instance that nobody called for its idle time', async () => {
    const { registry, create, closed } = registryOf();
    await create('a');
    await jest.advanceTimersByTimeAsync(999);
    expect(closed).toEqual([]);
    await jest.advanceTimersByTimeAsync(251);
    expect([closed, registry.size]).toEqual([['ERR12200 group g has no consumer instance a: it expired'], 0]);
  });

  it('counts the idle time from the end of the last call, and never ends one under way', async () => {
    const { registry, create, closed } = registryOf();
    await create('a');
    const call = registry.call('g', 'a');
    const other = registry.call('g', 'a');
    await jest.advanceTimersByTimeAsync(5_000);
    other.end();
    other.end();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(closed).toEqual([]);
    call.end();
    await jest.advanceTimersByTimeAsync(999);
    expect(closed).toEqual([]);
    await jest.advanceTimersByTimeAsync(251);
    expect(closed).toHaveLength(1);
  });

  it('does not count the time of a slow creation as idle', async () => {
    const { registry, closed } = registryOf();
    const slow = new Promise<ConsumerInstance>((resolve) => setTimeout(() => resolve(instanceOf(closed)), 3_000));
    const making = registry.create('g', 'a', () => slow);
    await jest.advanceTimersByTimeAsync(3_500);
    await making;
    expect([closed, registry.size]).toEqual([[], 1]);
  });

  it('closes all when it stops, also one whose creation ends after that', async () => {
    const { registry, create, closed } = registryOf({ maxInstances: 3 });
    await create('a');
    await create('b');
    let made: (instance: ConsumerInstance) => void = () => undefined;
    const making = registry.create('g', 'c', () => new Promise((resolve) => (made = resolve)));
    await registry.stop();
    expect([closed.length, registry.size, jest.getTimerCount()]).toEqual([2, 0, 0]);
    made(instanceOf(closed));
    await making;
    expect(closed).toEqual(
      ['a', 'b', 'c'].map((name) => `ERR12200 group g has no consumer instance ${name}: the sidecar stops`),
    );
  });

  it('stops also when an instance does not close cleanly', async () => {
    const { registry, create, closed } = registryOf();
    await registry.create('g', 'a', () => Promise.resolve(instanceOf(closed, Promise.reject(new Error('broken')))));
    await create('b');
    await expect(registry.stop()).resolves.toBeUndefined();
    expect(closed).toHaveLength(2);
  });
});
