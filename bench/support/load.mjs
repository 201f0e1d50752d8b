import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const wrkScript = fileURLToPath(new URL('post.lua', import.meta.url));

/** The tool that sends the closed-loop load; wrk costs least of the cores it shares with the server. */
export const loadTool = spawnSync('wrk', ['--version']).error === undefined ? 'wrk' : 'autocannon';

/** Sends POSTs as fast as `connections` allow and tells how fast that was. */
export class Hammer {
  #bench;
  #bodiesFile;
  #bodyFile;
  #connections;
  contentType;
  firstBody;

  /** @param bodies sent in turn (autocannon sends only the first); none has a line break */
  constructor(bench, { name, bodies, connections, contentType = 'application/json' }) {
    this.#bench = bench;
    this.#connections = connections;
    this.contentType = contentType;
    this.firstBody = bodies[0];
    this.#bodiesFile = join(bench.directory, `${name}.bodies`);
    this.#bodyFile = join(bench.directory, `${name}.body`);
    writeFileSync(this.#bodiesFile, `${bodies.join('\n')}\n`);
    writeFileSync(this.#bodyFile, bodies[0]);
  }

  /** @throws where a request failed: a rate that counts errors says nothing */
  async run(url, seconds) {
    const result = loadTool === 'wrk' ? await this.#wrk(url, seconds) : await this.#autocannon(url, seconds);
    if (result.errors > 0) throw new Error(`${result.errors} requests to ${url} failed`);
    return result;
  }

  #wrk(url, seconds) {
    const args = ['-t1', `-c${this.#connections}`, `-d${seconds}s`, '--latency', '-s', wrkScript, url, '--'];
    return this.#bench.processes.start('wrk', 'wrk', [...args, this.#bodiesFile, this.contentType]).result();
  }

  async #autocannon(url, seconds) {
    const script = createRequire(import.meta.url).resolve('autocannon');
    const args = [
      '--json',
      '-c',
      this.#connections,
      '-d',
      seconds,
      '-m',
      'POST',
      '-H',
      `content-type=${this.contentType}`,
    ];
    const child = this.#bench.processes.node('autocannon', script, [...args, '-i', this.#bodyFile, url]);
    const { requests, latency, errors, timeouts, non2xx } = await child.result();
    return {
      requestsPerSecond: requests.average,
      p50Ms: latency.p50,
      p99Ms: latency.p99,
      maxMs: latency.max,
      errors: errors + timeouts + non2xx,
    };
  }
}
