import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBroker, Topics } from './broker.mjs';
import { Processes } from './processes.mjs';

const inBench = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Where --profile leaves a CPU profile of each sidecar, to be opened in Chrome's developer tools. */
const profilesDirectory = inBench('../.cache/bench/profiles');

/** What every row measures with: the broker, the processes, and how long and how often to measure. */
export class Bench {
  processes = new Processes();
  entry = inBench('../dist/main.js');
  directory = mkdtempSync(join(tmpdir(), 'kafka-sidecar-bench-'));
  rounds;
  isQuick;
  /** Flags of Node for the sidecar's process. */
  sidecarFlags;
  #broker;
  #topics;
  #closing;

  constructor({ rounds, isQuick, isProfiling }) {
    this.rounds = rounds;
    this.isQuick = isQuick;
    this.sidecarFlags = isProfiling ? ['--cpu-prof', `--cpu-prof-dir=${profilesDirectory}`] : [];
    this.#broker = openBroker();
    // A failure is reported by open(); the close of a run that was interrupted before only waits for it.
    this.#broker.catch(() => {});
  }

  async open() {
    const { bootstrap, description } = await this.#broker;
    this.bootstrap = bootstrap;
    this.brokerDescription = description;
    this.#topics = new Topics(bootstrap);
  }

  /** What a row measures from now on says nothing: its processes are being ended. */
  get isClosing() {
    return this.#closing !== undefined;
  }

  /** The value for a full run or for a quick one. */
  pick(full, quick) {
    return this.isQuick ? quick : full;
  }

  createTopic(name, partitions) {
    return this.#topics.create(name, partitions);
  }

  /** Ends a row: one that failed may have left its servers running, which would load the next one. */
  async tidy() {
    await this.processes.stopAll();
    await this.#topics.delete();
  }

  ceiling(name) {
    return inBench(`ceilings/${name}.mjs`);
  }

  /** Starts one of the load processes beside run.mjs. */
  load(name, args) {
    return this.processes.node(name, inBench(`${name}.mjs`), [JSON.stringify(args)]);
  }

  /** Safe to call again: Ctrl-C and the end of the run may both get here. */
  close() {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close() {
    await this.processes.closeAll();
    await this.#topics?.close();
    const broker = await this.#broker.catch(() => undefined);
    await broker?.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
