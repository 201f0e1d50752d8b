import { cpuSeconds } from '../support/proc.mjs';
import { latencies, limitLine, perSecond, ratioLine, signedMs } from '../support/report.mjs';
import { startSidecar } from '../support/servers.mjs';
import { interleave, median, medianRun } from '../support/stats.mjs';

const mebibyte = 2 ** 20;
const partitions = 4;

/** From the append of a record to the answer of the read that waits for it; the ceiling is a bare consumer. */
export async function wake(bench) {
  const sidecar = await startSidecar(bench);
  const sizes = { bootstrap: bench.bootstrap, samples: bench.pick(500, 250), warmUps: 150 };
  // A topic of its own for each run: a new group reads from the beginning.
  const run = async (url) => bench.load('wake', { ...sizes, url, topic: await bench.createTopic('wake') }).result();
  const runs = await interleave(bench.rounds, { sidecar: () => run(sidecar.url), ceiling: () => run() });
  await sidecar.stop();

  const waking = medianRun(runs.sidecar);
  const floor = medianRun(runs.ceiling);
  const line = limitLine('wake', {
    sidecar: latencies(waking),
    ceiling: latencies(floor),
    comparison: `p99 ${signedMs(waking.p99Ms - floor.p99Ms)}`,
    figure: waking.p99Ms,
    limit: 5,
    target: 'p99 ≤ 5 ms',
  });
  return { lines: [line], runs };
}

/** A backlog read through back-to-back reads of one instance, against the raw consumer. */
export async function drain(bench) {
  const records = bench.pick(300_000, 150_000);
  const topic = await bench.createTopic('drain', partitions);
  await bench.load('fill', { bootstrap: bench.bootstrap, topic, records, partitions }).result();
  const sidecar = await startSidecar(bench);
  const read = async (maxBytes, isVerifying = false) => {
    const cpuBefore = cpuSeconds(sidecar.pid);
    const args = { url: sidecar.url, topic, records, partitions, maxBytes, isVerifying };
    const result = await bench.load('drain', args).result();
    return { ...result, cpuUsPerRecord: ((cpuSeconds(sidecar.pid) - cpuBefore) * 1e6) / records };
  };
  const consume = () => bench.processes.node('ceiling', bench.ceiling('consume'), [bench.bootstrap, topic]).result();

  // The warm-up of the server is also the proof that every record arrives exactly once.
  const verified = await read(mebibyte, true);
  const runs = await interleave(bench.rounds, {
    'sidecar 1 MiB': () => read(mebibyte),
    'sidecar 4 MiB': () => read(4 * mebibyte),
    ceiling: consume,
  });
  await sidecar.stop();

  const ceiling = median(runs.ceiling.map((run) => run.recordsPerSecond));
  const lines = ['1 MiB', '4 MiB'].map((size) => {
    const { recordsPerSecond: rate, cpuUsPerRecord } = medianRun(runs[`sidecar ${size}`]);
    const cost = `${cpuUsPerRecord.toFixed(1)} µs CPU each`;
    const texts = { sidecar: `${perSecond(rate, 'rec')}, ${cost}`, ceiling: perSecond(ceiling, 'rec') };
    return ratioLine(`drain, reads of ${size}`, { ...texts, ratio: rate / ceiling, target: 0.55 });
  });
  return { lines, runs: { ...runs, verified: [verified] } };
}
