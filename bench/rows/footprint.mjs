import { produceBody } from '../support/payload.mjs';
import { outgoingConnections, residentMib, settled } from '../support/proc.mjs';
import { limitLine } from '../support/report.mjs';
import { checkProduce, startSidecar } from '../support/servers.mjs';
import { median, medianRun, sleep } from '../support/stats.mjs';

const warmBodies = produceBody(0, 1);

/** How long 200 instances may take to leave their groups, milliseconds. */
const leaveMs = 30_000;

/** What 200 subscribed instances without a reader cost. */
export async function idleMemory(bench) {
  const topic = await bench.createTopic('idle-memory');
  const runs = { sidecar: [] };
  for (let round = 0; round < bench.rounds; round++) runs.sidecar.push(await idleRun(bench, topic));
  const { beforeMib, afterMib, addedMib } = medianRun(runs.sidecar);
  const line = limitLine('200 idle instances', {
    sidecar: `${beforeMib.toFixed(0)} → ${afterMib.toFixed(0)} MiB`,
    comparison: `+${addedMib.toFixed(0)} MiB`,
    // The target is in megabytes, the kernel counts in kibibytes.
    figure: addedMib * 1.048576,
    limit: 250,
    target: '≤ 250 MB',
  });
  return { lines: [line], runs };
}

async function idleRun(bench, topic) {
  const sidecar = await startSidecar(bench);
  await checkProduce(sidecar.produceUrl(topic), warmBodies);
  await settled(sidecar.pid);
  const beforeMib = residentMib(sidecar.pid);
  const instances = bench.load('instances', { url: sidecar.url, topic, count: 200, isReading: false });
  await instances.firstLine();
  await settled(sidecar.pid);
  const afterMib = residentMib(sidecar.pid);
  await instances.stop(leaveMs);
  await sidecar.stop();
  return { beforeMib, afterMib, addedMib: afterMib - beforeMib };
}

/** From the start of the process to readiness, with a broker that is up. */
export async function start(bench) {
  const runs = { sidecar: [] };
  for (let run = 0; run < bench.pick(7, 3); run++) {
    const sidecar = await startSidecar(bench);
    runs.sidecar.push({ readyMs: sidecar.readyMs });
    await sidecar.stop();
  }
  const readyMs = median(runs.sidecar.map((run) => run.readyMs));
  const target = { figure: readyMs, limit: 600, target: '≤ 600 ms' };
  return { lines: [limitLine('start', { sidecar: `${readyMs.toFixed(0)} ms`, ...target })], runs };
}

/** Connections to the broker must not grow with the clients: that is what a sidecar is for. */
export async function sockets(bench) {
  const topic = await bench.createTopic('sockets');
  const sidecar = await startSidecar(bench);
  const counts = {};
  for (const count of [1, 1000]) {
    const connections = bench.load('connections', { url: sidecar.produceUrl(topic), count });
    await connections.firstLine();
    await sleep(1_000);
    counts[count] = outgoingConnections(sidecar.pid, sidecar.ports);
    await connections.stop();
  }
  await sidecar.stop();
  const line = limitLine('broker sockets', {
    sidecar: `1 client connection: ${counts[1]}; 1,000: ${counts[1000]}`,
    comparison: `+${counts[1000] - counts[1]}`,
    figure: counts[1000] - counts[1],
    limit: 0,
    target: 'unchanged',
  });
  return { lines: [line], runs: { sidecar: [counts] } };
}
