// Measures the sidecar against the least code that does the same job (ceilings/), on a real broker.
//
//   npm run bench -- [--only=row,row] [--rounds=3] [--quick] [--no-build] [--profile]
//
// KAFKA_BOOTSTRAP_SERVERS names the broker to use; without it one is started. The table is printed and written to
// .cache/bench/latest.md, every single run to latest.json beside it; --profile leaves CPU profiles of the sidecars there.
// rows/ holds what is measured and against which target; the programs beside this file are the load, processes of their own.
// A missed target is a result and exits with 0; a row that could not be measured exits with 1.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { idleMemory, sockets, start } from './rows/footprint.mjs';
import { avroBatch, avroDrain, avroSingle, octets } from './rows/formats.mjs';
import { openLoop } from './rows/open-loop.mjs';
import { batch, single } from './rows/produce.mjs';
import { drain, wake } from './rows/reads.mjs';
import { waitingReads } from './rows/waiting-reads.mjs';
import { Bench } from './support/bench.mjs';
import { errorLine, machine, writeReport } from './support/report.mjs';

const rows = {
  single,
  batch,
  'avro-single': avroSingle,
  'avro-batch': avroBatch,
  octets,
  'open-loop': openLoop,
  wake,
  drain,
  'avro-drain': avroDrain,
  'waiting-reads': waitingReads,
  'idle-memory': idleMemory,
  start,
  sockets,
};
const exitInterrupted = 130;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});
const names = options.only?.split(',') ?? Object.keys(rows);
const unknown = names.filter((name) => !Object.hasOwn(rows, name));
if (unknown.length > 0)
  throw new Error(`no such row: ${unknown.join(', ')}; there are ${Object.keys(rows).join(', ')}`);
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds is a whole number from 1, not ${options.rounds}`);

if (!options['no-build']) build();
const bench = new Bench({ rounds, isQuick: options.quick, isProfiling: options.profile });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(exitInterrupted));
process.once('uncaughtException', (failure) => {
  console.error(failure);
  end(1);
});
process.once('exit', () => bench.processes.killAll());

try {
  await bench.open();
  const report = newReport();
  for (const name of names) await measure(name, report);
  process.stdout.write(`\n${writeReport(report)}`);
  if (report.lines.some(({ ok }) => ok === 'error')) process.exitCode = 1;
} finally {
  await bench.close();
}

/** Ends the run before its time, with nothing left behind. */
function end(exitCode) {
  void bench.close().finally(() => process.exit(exitCode));
}

function newReport() {
  const startedAt = new Date().toISOString();
  return { startedAt, machine: machine(bench), rounds, isQuick: bench.isQuick, lines: [], runs: {} };
}

async function measure(name, report) {
  const startedAt = performance.now();
  const { lines, runs } = await rows[name](bench).catch((error) => ({ lines: [errorLine(name, error)] }));
  // A row that Ctrl-C broke off is no result, and the last full report stays; the signal's handler ends the process.
  if (bench.isClosing) await new Promise(() => {});
  report.lines.push(...lines);
  report.runs[name] = runs;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  for (const { row, sidecar, ceiling, comparison, ok } of lines) {
    console.error(`${row}: ${sidecar} | ${ceiling} | ${comparison} | ${ok} (${seconds} s)`);
  }
  await bench.tidy();
}

/** What is measured is what lies in src now. */
function build() {
  const root = fileURLToPath(new URL('../', import.meta.url));
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('the build failed');
}
