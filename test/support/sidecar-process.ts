import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const startTimeoutMs = 15_000;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A sidecar in a process of its own, on a free port; `dist` must be built. */
export class SidecarProcess {
  readonly url: string;
  /** Resolves when the process has ended. */
  readonly exit: Promise<Exit>;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess, exit: Promise<Exit>) {
    this.url = url;
    this.#child = child;
    this.exit = exit;
  }

  /** Resolves when it listens. */
  static async start(env: Readonly<Record<string, string>>): Promise<SidecarProcess> {
    const child = spawn(process.execPath, [main], {
      env: { PATH: process.env['PATH'], UV_THREADPOOL_SIZE: '16', SERVER_HTTPPORT: '0', LOGGING_LEVEL: 'warn', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    let output = '';
    const keep = (text: string) => {
      output = (output + text).slice(-10_000);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    try {
      const url = await eventually(
        () => {
          const address = /listening +(\S+)/.exec(output)?.[1];
          if (address === undefined) throw new Error(`the sidecar does not listen:\n${output}`);
          return address;
        },
        { timeoutMs: startTimeoutMs, intervalMs: 10 },
      );
      return new SidecarProcess(url, child, exit);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Asks it to stop, as an orchestrator does. */
  terminate(): Promise<Exit> {
    this.#child.kill('SIGTERM');
    return this.exit;
  }

  /** The process is gone at once. */
  kill(): Promise<Exit> {
    this.#child.kill('SIGKILL');
    return this.exit;
  }
}
