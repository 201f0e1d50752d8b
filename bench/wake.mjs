// Load process: appends a record while a read waits and takes the time until the read's answer is there.
import { printResult, readArgs } from './support/args.mjs';
import { orderValue } from './support/payload.mjs';
import { closeProducer, openProducer } from './support/producer.mjs';
import { rawReader, sidecarReader } from './support/readers.mjs';
import { percentile, sleep } from './support/stats.mjs';

const { url, bootstrap, topic, samples, warmUps } = readArgs();
const producer = await openProducer(bootstrap, { 'linger.ms': 0 });
const reader = url === undefined ? await rawReader(bootstrap, topic) : await sidecarReader(url, topic);
const times = [];

async function wake(number) {
  const value = Buffer.from(JSON.stringify(orderValue(number)));
  const answer = reader.read();
  // Long enough for the read to be parked, and never in step with anything of the server's or the broker's.
  await sleep(5 + Math.random() * 25);
  const sentAt = performance.now();
  producer.produce(topic, null, value, `wake-${number}`);
  const keys = await answer;
  const took = performance.now() - sentAt;
  if (keys.length !== 1 || keys[0] !== `wake-${number}`) throw new Error(`read ${number} got ${keys.join(', ')}`);
  return took;
}

for (let number = 0; number < warmUps; number++) await wake(number);
for (let number = 0; number < samples; number++) times.push(await wake(warmUps + number));
await reader.close();
await closeProducer(producer);
printResult({ p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99), maxMs: percentile(times, 1) });
