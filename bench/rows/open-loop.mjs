import { latencies, limitLine, signedMs } from '../support/report.mjs';
import { produceBody } from '../support/payload.mjs';
import { checkProduce, startProduceCeiling, startSidecar } from '../support/servers.mjs';
import { interleave, medianRun } from '../support/stats.mjs';

const allowedDifferenceMs = 2;

/** The latency at a rate that neither server has to work for. */
export async function openLoop(bench) {
  const topic = await bench.createTopic('open-loop');
  const servers = { sidecar: await startSidecar(bench), ceiling: await startProduceCeiling(bench, 0) };
  const run = (server, seconds) => constantRate(bench, server.produceUrl(topic), seconds);
  for (const server of Object.values(servers)) {
    await checkProduce(server.produceUrl(topic), produceBody(0, 1));
    await run(server, 4);
  }
  const seconds = bench.pick(10, 5);
  const runs = await interleave(bench.pick(Math.max(5, bench.rounds), bench.rounds), {
    sidecar: () => run(servers.sidecar, seconds),
    ceiling: () => run(servers.ceiling, seconds),
  });
  await Promise.all(Object.values(servers).map((server) => server.stop()));

  const sidecar = medianRun(runs.sidecar);
  const ceiling = medianRun(runs.ceiling);
  const difference = sidecar.p99Ms - ceiling.p99Ms;
  const line = limitLine('open-loop 500/s', {
    sidecar: latencies(sidecar),
    ceiling: latencies(ceiling),
    comparison: `p99 ${signedMs(difference)}`,
    figure: difference,
    limit: allowedDifferenceMs,
    target: `p99 ≤ ceiling + ${allowedDifferenceMs} ms`,
  });
  return { lines: [line], runs };
}

/** One run of the constant-rate load; its first two seconds do not count. */
export async function constantRate(bench, url, seconds) {
  const result = await bench.load('open-loop', { url, rate: 500, seconds, dropSeconds: 2 }).result();
  if (result.failed > 0) throw new Error(`${result.failed} requests to ${url} failed`);
  return result;
}
