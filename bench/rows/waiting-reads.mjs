import { produceBody } from '../support/payload.mjs';
import { cpuSeconds, settled } from '../support/proc.mjs';
import { latencies, limitLine, signedMs } from '../support/report.mjs';
import { checkProduce, startProduceCeiling, startSidecar } from '../support/servers.mjs';
import { interleave, medianRun } from '../support/stats.mjs';
import { constantRate } from './open-loop.mjs';

const instanceCount = 500;
const allowedDifferenceMs = 2;
/** How long the instances may take to leave their groups, milliseconds. */
const leaveMs = 60_000;

/**
 * Produce latency of the sidecar with and without 500 reads that wait in it. The ceiling, which has no readers, shows how
 * much of the difference comes from the broker, which serves those readers' groups on the same cores.
 */
export async function waitingReads(bench) {
  const topic = await bench.createTopic('waiting-reads');
  const quiet = await bench.createTopic('quiet', 1);
  const sidecar = await startSidecar(bench, { KAFKA_CONSUMER_MAXCONSUMERINSTANCES: String(instanceCount + 100) });
  const servers = { sidecar, ceiling: await startProduceCeiling(bench, 0) };
  for (const server of Object.values(servers)) {
    await checkProduce(server.produceUrl(topic), produceBody(0, 1));
    await constantRate(bench, server.produceUrl(topic), 4);
  }
  const measure = (rounds) => measureBoth(bench, servers, topic, rounds);

  // Without, with, without again: as close to interleaving as a state that takes long to build allows.
  const before = await measure(Math.ceil(bench.rounds / 2));
  const instances = bench.load('instances', { url: sidecar.url, topic: quiet, count: instanceCount, isReading: true });
  await instances.firstLine();
  await settled(sidecar.pid);
  const loaded = await measure(bench.rounds);
  await instances.assertRunning();
  await instances.stop(leaveMs);
  await settled(sidecar.pid);
  const after = await measure(Math.ceil(bench.rounds / 2));
  await Promise.all(Object.values(servers).map((server) => server.stop()));

  const runs = {
    'sidecar without': [...before.sidecar, ...after.sidecar],
    'sidecar with': loaded.sidecar,
    'ceiling without': [...before.ceiling, ...after.ceiling],
    'ceiling with': loaded.ceiling,
  };
  return { lines: [summary(runs)], runs };
}

function measureBoth(bench, servers, topic, rounds) {
  const seconds = bench.pick(8, 5);
  const run = async (server) => {
    const cpuBefore = cpuSeconds(server.pid);
    const result = await constantRate(bench, server.produceUrl(topic), seconds);
    return { ...result, cpuShare: (cpuSeconds(server.pid) - cpuBefore) / seconds };
  };
  return interleave(rounds, { sidecar: () => run(servers.sidecar), ceiling: () => run(servers.ceiling) });
}

function summary(runs) {
  const compared = (server) => {
    const loaded = medianRun(runs[`${server} with`]);
    const alone = medianRun(runs[`${server} without`]);
    const text = `with: ${latencies(loaded)}; without: ${latencies(alone)}`;
    return { text, difference: loaded.p99Ms - alone.p99Ms };
  };
  const sidecar = compared('sidecar');
  const ceiling = compared('ceiling');
  return limitLine(`${instanceCount} waiting reads`, {
    sidecar: sidecar.text,
    ceiling: ceiling.text,
    comparison: `p99 ${signedMs(sidecar.difference)} (ceiling ${signedMs(ceiling.difference)})`,
    figure: sidecar.difference,
    limit: allowedDifferenceMs,
    target: `p99 ≤ + ${allowedDifferenceMs} ms`,
  });
}
