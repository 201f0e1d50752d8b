// Load process: holds subscribed instances, each with a waiting read or idle, until it is told to end; then deletes them.
import { printResult, readArgs } from './support/args.mjs';
import { ConsumerApi } from './support/instances.mjs';

const { url, topic, count, isReading } = readArgs();
const atOnce = 16;
const waitMs = 120_000;
const api = new ConsumerApi();
const ending = new AbortController();

async function inParallel(items, work) {
  const queue = [...items];
  const worker = async () => {
    while (queue.length > 0) await work(queue.pop());
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function keepReading(baseUri) {
  while (!ending.signal.aborted) {
    try {
      const answer = await api.read(baseUri, { timeout: waitMs });
      if (answer.toString() !== '[]') throw new Error('the quiet topic is not quiet');
    } catch (error) {
      fail(error);
    }
  }
}

/** A read that ends with the instance's deletion is no failure. */
function fail(error) {
  if (ending.signal.aborted) return;
  console.error(error);
  process.exit(1);
}

async function end() {
  ending.abort();
  await inParallel(baseUris, (baseUri) => api.delete(baseUri).catch(() => {}));
  process.exit(0);
}

process.once('SIGTERM', () => void end());

const baseUris = [];
await inParallel(Array.from({ length: count }), async () => {
  const baseUri = await api.subscribed(url, topic);
  baseUris.push(baseUri);
  if (isReading) void keepReading(baseUri);
});
printResult({ instances: baseUris.length });
// Idle instances leave nothing that keeps this process alive.
setInterval(() => {}, 60_000);
