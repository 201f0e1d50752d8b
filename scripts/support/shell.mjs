// Running other programs, for the scripts beside this folder. No dependencies: these run before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The checkout's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What is kept of a quiet program's output for its error message, characters. */
const outputKept = 6_000;
const progressEveryMs = 10_000;

/** One line about what happens, on standard error, so that a program's own output stays clean. */
export function say(text) {
  process.stderr.write(`▸ ${text}\n`);
}

/** Ends the process with a message and without a stack. */
export function fail(text) {
  process.stderr.write(`✗ ${text}\n`);
  process.exit(1);
}

export function hasCommand(name, probe = ['--version']) {
  const { error, status } = spawnSync(name, probe, { stdio: 'ignore' });
  return error === undefined && status === 0;
}

/**
 * Runs a program in the foreground, passing signals on to it.
 *
 * @returns its exit code; 128 + the signal's number where a signal ended it, as a shell tells it
 */
export function run(command, args, { env = {}, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const pass = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, pass);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, pass);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/**
 * Runs a program quietly, saying every ten seconds that it still runs.
 *
 * @returns {Promise<{ ok: boolean, output: string }>} the end of what it printed, for the case that it failed
 */
export function runQuietly(command, args, { env = {}, cwd = root, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const startedAt = Date.now();
    const merged = { ...process.env, ...env };
    for (const [name, value] of Object.entries(env)) if (value === undefined) delete merged[name];
    const child = spawn(command, args, { cwd, env: merged, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    let output = '';
    const keep = (text) => {
      output = (output + text).slice(-outputKept);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const seconds = () => Math.round((Date.now() - startedAt) / 1000);
    const progress = setInterval(() => say(`  … ${seconds()} s`), progressEveryMs);
    const end = (ok) => {
      clearInterval(progress);
      resolve({ ok, output });
    };
    child.once('error', (error) => {
      keep(String(error));
      end(false);
    });
    child.once('close', (code) => end(code === 0));
  });
}
