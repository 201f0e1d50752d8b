import { spawn } from 'node:child_process';

/** How long a process may take to end after SIGTERM unless its starter knows better, milliseconds. */
const defaultGraceMs = 8_000;
/** How much of a process's stderr is kept for the error message of a failed row, characters. */
const stderrKept = 2_000;

/** Every process the benchmark starts, so that none outlives it. */
export class Processes {
  #running = new Set();
  #closed = false;

  start(name, command, args, env = {}) {
    // After Ctrl-C the row under way still runs its next line; it must not start anything any more.
    if (this.#closed) throw new Error('the benchmark is closing');
    const child = new RunningProcess(name, spawn(command, args, { env: { ...process.env, ...env } }));
    this.#running.add(child);
    void child.ended.then(() => this.#running.delete(child));
    return child;
  }

  node(name, script, args, env) {
    return this.start(name, process.execPath, [script, ...args.map(String)], env);
  }

  closeAll() {
    this.#closed = true;
    return this.stopAll();
  }

  async stopAll() {
    await Promise.all([...this.#running].map((child) => child.stop()));
  }

  /** For the exit handler, where nothing can be awaited. */
  killAll() {
    for (const child of this.#running) child.kill();
  }
}

class RunningProcess {
  #name;
  #child;
  #stdout = '';
  #stderr = '';
  #onFirstLine = () => {};
  ended;

  constructor(name, child) {
    this.#name = name;
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text) => this.#read(text));
    child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr = (this.#stderr + text).slice(-stderrKept);
    });
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(String(error)));
      child.once('close', (code, signal) => resolve(code ?? signal));
    });
  }

  get pid() {
    return this.#child.pid;
  }

  /** The first line it printed or prints; readiness of a server or of a client that sets something up. */
  firstLine() {
    if (this.#stdout.includes('\n')) return Promise.resolve(this.#firstLine());
    return new Promise((resolve, reject) => {
      this.#onFirstLine = resolve;
      void this.ended.then((code) => reject(this.#failure(code)));
    });
  }

  /** What a load process prints as its last line, once it has ended well. */
  async result() {
    const code = await this.ended;
    if (code !== 0) throw this.#failure(code);
    return JSON.parse(this.#stdout.trimEnd().split('\n').at(-1));
  }

  /** @throws where it ended although it was to stay */
  async assertRunning() {
    if (this.#hasEnded) throw this.#failure(await this.ended);
  }

  async stop(graceMs = defaultGraceMs) {
    if (this.#hasEnded) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  kill() {
    this.#child.kill('SIGKILL');
  }

  get #hasEnded() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined;
  }

  #read(text) {
    this.#stdout += text;
    if (this.#stdout.includes('\n')) this.#onFirstLine(this.#firstLine());
  }

  #firstLine() {
    return this.#stdout.slice(0, this.#stdout.indexOf('\n'));
  }

  #failure(code) {
    // Of an uncaught error's report, the line that names it; the report starts with an excerpt of Node's own source.
    const reason = /^\w*Error.*$/m.exec(this.#stderr)?.[0] ?? (this.#stderr || this.#stdout.slice(-stderrKept)).trim();
    return new Error(`${this.#name} ended with ${code}: ${reason}`);
  }
}
