// Load process: produce requests at a constant rate, latency counted from the moment each was meant to leave, so that a
// server that stalls is charged for every request it held up.
import { Pool } from 'undici';
import { printResult, readArgs } from './support/args.mjs';
import { produceBody } from './support/payload.mjs';
import { percentile, sleep } from './support/stats.mjs';

const { url, rate, seconds, dropSeconds } = readArgs();
const { origin, pathname } = new URL(url);
const pool = new Pool(origin, { connections: 64, pipelining: 1 });
const bodies = Array.from({ length: 64 }, (_, number) => produceBody(number, 1));
const headers = { 'content-type': 'application/json' };
const total = rate * seconds;
const latencies = [];
const delays = [];
let failed = 0;

async function send(number, intended) {
  const isCounted = number >= rate * dropSeconds;
  if (isCounted) delays.push(performance.now() - intended);
  try {
    const { statusCode, body } = await pool.request({
      path: pathname,
      method: 'POST',
      headers,
      body: bodies[number % bodies.length],
    });
    await body.dump();
    if (statusCode !== 200) failed++;
  } catch {
    failed++;
  }
  if (isCounted) latencies.push(performance.now() - intended);
}

const startedAt = performance.now();
const answers = [];
for (let number = 0; number < total; number++) {
  const intended = startedAt + (number * 1000) / rate;
  // A timer may fire a fraction early; a request sent early would look faster than it was.
  for (let early; (early = intended - performance.now()) > 0;) await sleep(early);
  answers.push(send(number, intended));
}
await Promise.all(answers);
await pool.close();
printResult({
  p50Ms: percentile(latencies, 0.5),
  p99Ms: percentile(latencies, 0.99),
  maxMs: percentile(latencies, 1),
  // How late this process itself was: above a millisecond or two the machine is too busy for the row to mean much.
  sendDelayP99Ms: percentile(delays, 0.99),
  failed,
});
