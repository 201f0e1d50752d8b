import { Hammer } from '../support/load.mjs';
import { produceBody } from '../support/payload.mjs';
import { cpuSeconds } from '../support/proc.mjs';
import { ms, perSecond, ratioLine } from '../support/report.mjs';
import { checkProduce, startProduceCeiling, startSidecar } from '../support/servers.mjs';
import { interleave, medianRun } from '../support/stats.mjs';

const warmUpSeconds = 3;
/** Each server is measured with both and stands with its better one: what suits one may not suit the other. */
const lingersMs = [0, 1];

/** One record per request. */
export const single = (bench) =>
  produceRow(bench, { name: 'single', recordsPerBody: 1, differentBodies: 64, connections: 64, target: 0.95 });

/** A hundred records per request. */
export const batch = (bench) =>
  produceRow(bench, { name: 'batch', recordsPerBody: 100, differentBodies: 16, connections: 16, target: 1.1 });

async function produceRow(bench, { name, recordsPerBody, differentBodies, connections, target }) {
  const bodies = Array.from({ length: differentBodies }, (_, i) => produceBody(i * recordsPerBody, recordsPerBody));
  const hammer = new Hammer(bench, { name, bodies, connections });
  const topic = await bench.createTopic(name);
  const servers = await startServers(bench);
  const hit = async (server, seconds) => {
    const cpuBefore = cpuSeconds(server.pid);
    const result = await hammer.run(server.produceUrl(topic), seconds);
    const records = result.requestsPerSecond * seconds * recordsPerBody;
    return { ...result, cpuUsPerRecord: ((cpuSeconds(server.pid) - cpuBefore) * 1e6) / records };
  };
  for (const server of Object.values(servers)) {
    await checkProduce(server.produceUrl(topic), bodies[0]);
    await hit(server, warmUpSeconds);
  }
  const seconds = bench.pick(5, 3);
  const contestants = Object.entries(servers).map(([key, server]) => [key, () => hit(server, seconds)]);
  const runs = await interleave(bench.rounds, Object.fromEntries(contestants));
  await Promise.all(Object.values(servers).map((server) => server.stop()));

  const sidecar = best(runs, 'sidecar', recordsPerBody);
  const ceiling = best(runs, 'ceiling', recordsPerBody);
  const ratio = sidecar.recordsPerSecond / ceiling.recordsPerSecond;
  return { lines: [ratioLine(name, { sidecar: sidecar.text, ceiling: ceiling.text, ratio, target })], runs };
}

async function startServers(bench) {
  const servers = {};
  for (const lingerMs of lingersMs) {
    servers[`sidecar ${lingerMs}`] = await startSidecar(bench, { KAFKA_PRODUCER_LINGER_MS: String(lingerMs) });
    servers[`ceiling ${lingerMs}`] = await startProduceCeiling(bench, lingerMs);
  }
  return servers;
}

function best(runs, server, recordsPerBody) {
  const candidates = lingersMs.map((lingerMs) => {
    const { requestsPerSecond, p99Ms, cpuUsPerRecord } = medianRun(runs[`${server} ${lingerMs}`]);
    return { lingerMs, p99Ms, cpuUsPerRecord, recordsPerSecond: requestsPerSecond * recordsPerBody };
  });
  const figures = ({ recordsPerSecond, p99Ms, cpuUsPerRecord, lingerMs }) => {
    const rate = perSecond(recordsPerSecond, recordsPerBody === 1 ? 'req' : 'rec');
    // The rate is what all processes on the machine get done together; the server's own cost is steadier.
    return `${rate}, p99 ${ms(p99Ms)}, ${cpuUsPerRecord.toFixed(1)} µs CPU each (linger ${lingerMs})`;
  };
  const [first, second] = candidates.toSorted((a, b) => b.recordsPerSecond - a.recordsPerSecond);
  return { recordsPerSecond: first.recordsPerSecond, text: `**${figures(first)}**; ${figures(second)}` };
}
