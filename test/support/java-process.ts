import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from './eventually.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const startTimeoutMs = 60_000;
/** What is kept of the output for a message, characters. */
const logKept = 4_000;
/** For a short start and little memory rather than speed. */
export const shortStart = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** The folder that one of the scripts fetches from Maven Central, if it is not there yet. */
export async function fetched(script: `${string}.mjs`): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [`scripts/${script}`], { cwd: root });
  return stdout.trim();
}

/** A server written in Java: a process that is started, ended one way or another, and started again. */
export class JavaProcess {
  readonly #name: string;
  readonly #args: readonly string[];
  readonly #cwd: string | undefined;
  #process: ChildProcess | undefined;

  constructor(name: string, args: readonly string[], cwd?: string) {
    this.#name = name;
    this.#args = args;
    this.#cwd = cwd;
  }

  /** Resolves when `probe` does. */
  async start(probe: () => Promise<unknown>): Promise<void> {
    let log = '';
    const keep = (text: string) => {
      log = (log + text).slice(-logKept);
    };
    const child = spawn('java', this.#args, { cwd: this.#cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    child.on('error', (error) => keep(String(error)));
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const attempt = async () => {
      if (!hasEnded(child)) await probe();
    };
    try {
      await eventually(attempt, { timeoutMs: startTimeoutMs, intervalMs: 100 });
    } catch (error) {
      await this.end('SIGKILL');
      throw new Error(`${this.#name} does not answer:\n${log}`, { cause: error });
    }
    if (hasEnded(child)) throw new Error(`${this.#name} ended with ${String(child.exitCode)}:\n${log}`);
  }

  /** Sends a signal, if the process lives. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(name);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || hasEnded(child)) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    child.kill('SIGCONT');
    await ended;
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
