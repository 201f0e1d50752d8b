import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

/** A process of the sidecar with what it has printed so far. */
function started(env: Readonly<Record<string, string>>) {
  const spawned = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], SERVER_HTTPPORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = spawned;
  const seen = { output: '' };
  spawned.stdout.setEncoding('utf8').on('data', (text: string) => (seen.output += text));
  const exit = new Promise((resolve) => spawned.once('exit', (code, signal) => resolve({ code, signal })));
  return { seen, exit, kill: (signal: NodeJS.Signals) => spawned.kill(signal) };
}

describe('the process', () => {
  // As the first process of a container it would not hear a signal before its handlers are there; elsewhere it died of it
  // with everything open.
  it('stops cleanly when it is told to while it is starting', async () => {
    const { seen, exit, kill } = started({ LOGGING_FORMAT: 'json' });
    await eventually(() => expect(seen.output).toContain('kafka cluster is reachable'), { intervalMs: 1 });
    kill('SIGTERM');
    expect(await exit).toEqual({ code: 0, signal: null });
    expect(seen.output).toContain('"to":"stopped"');
  });

  it('tells a collector where it listens in a JSON line, like everything else', async () => {
    const { seen, exit, kill } = started({ LOGGING_FORMAT: 'json' });
    const lines = () =>
      seen.output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    await eventually(() => expect(seen.output).toContain('"msg":"listening"'));
    expect(lines().find(({ msg }) => msg === 'listening')).toEqual({
      level: 30,
      time: expect.any(String),
      module: 'sidecar',
      version: expect.any(String),
      addresses: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)],
      broker: 'embedded: memory',
      msg: 'listening',
    });
    kill('SIGTERM');
    await exit;
    expect(() => lines()).not.toThrow();
  });

  it('tells a person where it listens, with a line to try', async () => {
    const { seen, exit, kill } = started({ LOGGING_LEVEL: 'silent' });
    await eventually(() => expect(seen.output).toMatch(/listening +http:\/\/127\.0\.0\.1:\d+\n/));
    expect(seen.output).toMatch(/Try it:\n +curl -s http:\/\/127\.0\.0\.1:\d+\/producers\/test1 /);
    kill('SIGTERM');
    await exit;
  });
});
