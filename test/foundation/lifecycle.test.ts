import { describe, expect, it } from '@jest/globals';
import { startAll, stopAll, type Resource } from '../../src/foundation/lifecycle.ts';
import { silentLogger, type Logger } from '../../src/foundation/logging.ts';

/** A resource that writes down what is done with it. */
function resource(name: string, log: string[], fails: 'start' | 'stop' | 'never' = 'never'): Resource {
  const act = async (action: 'start' | 'stop') => {
    log.push(`${action} ${name}`);
    await Promise.resolve();
    if (fails === action) throw new Error(`${name} does not ${action}`);
    log.push(`${name} ${action === 'start' ? 'started' : 'stopped'}`);
  };
  return { name, start: () => act('start'), stop: () => act('stop') };
}

function recordingLogger(errors: unknown[]): Logger {
  const error = (...line: unknown[]) => void errors.push(line);
  return Object.assign(Object.create(silentLogger) as Logger, { error });
}

describe('startAll', () => {
  it('starts one resource after the other, in order', async () => {
    const log: string[] = [];
    await startAll([resource('a', log), resource('b', log)], silentLogger);
    expect(log).toEqual(['start a', 'a started', 'start b', 'b started']);
  });

  it('stops what was started, in reverse, when one does not start, and rejects with its error', async () => {
    const log: string[] = [];
    const resources = [resource('a', log), resource('b', log), resource('c', log, 'start'), resource('d', log)];
    await expect(startAll(resources, silentLogger)).rejects.toThrow('c does not start');
    expect(log.slice(4)).toEqual(['start c', 'stop b', 'b stopped', 'stop a', 'a stopped']);
  });

  it('rejects with the error of the start also when a stop fails after it', async () => {
    const errors: unknown[] = [];
    const log: string[] = [];
    const resources = [resource('a', log), resource('b', log, 'stop'), resource('c', log, 'start')];
    await expect(startAll(resources, recordingLogger(errors))).rejects.toThrow('c does not start');
    expect(log.at(-1)).toBe('a stopped');
    expect(errors).toEqual([[{ err: new Error('b does not stop'), resource: 'b' }, 'resource did not stop cleanly']]);
  });
});

describe('stopAll', () => {
  it('stops in reverse order and passes the deadline on', async () => {
    const seen: [string, number][] = [];
    const named = (name: string): Resource => ({
      name,
      start: () => Promise.resolve(),
      stop: (deadline) => {
        seen.push([name, deadline]);
        return Promise.resolve();
      },
    });
    await stopAll([named('a'), named('b'), named('c')], 12_345, silentLogger);
    expect(seen).toEqual([
      ['c', 12_345],
      ['b', 12_345],
      ['a', 12_345],
    ]);
  });

  it('logs each failure and stops the others', async () => {
    const errors: unknown[] = [];
    const log: string[] = [];
    const resources = [resource('a', log), resource('b', log, 'stop'), resource('c', log, 'stop')];
    await stopAll(resources, Date.now(), recordingLogger(errors));
    expect(log).toEqual(['stop c', 'stop b', 'stop a', 'a stopped']);
    expect(errors).toEqual([
      [{ err: new Error('c does not stop'), resource: 'c' }, 'resource did not stop cleanly'],
      [{ err: new Error('b does not stop'), resource: 'b' }, 'resource did not stop cleanly'],
    ]);
  });
});
