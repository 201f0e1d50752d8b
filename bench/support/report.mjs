import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { loadTool } from './load.mjs';

const resultsDirectory = fileURLToPath(new URL('../../.cache/bench/', import.meta.url));
const columns = ['row', 'sidecar', 'ceiling', 'comparison', 'target', 'ok'];
const titles = ['row', 'sidecar', 'ceiling', 'ratio or difference', 'target', 'ok?'];

export const ms = (value) => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
export const signedMs = (value) => `${value < 0 ? '−' : '+'}${ms(Math.abs(value))}`;
export const latencies = ({ p50Ms, p99Ms }) => `p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}`;
export const perSecond = (value, unit) => `${Math.round(value).toLocaleString('en-US')} ${unit}/s`;

/** The line of a row whose figure is to be at least `target` times the ceiling's. */
export function ratioLine(row, { sidecar, ceiling, ratio, target }) {
  const ok = ratio >= target ? 'yes' : 'missed';
  return { row, sidecar, ceiling, comparison: ratio.toFixed(2), target: `≥ ${target}`, ok };
}

/** The line of a row whose figure is to stay at or below a limit. */
export function limitLine(row, { sidecar, ceiling = '–', comparison = '–', figure, limit, target }) {
  return { row, sidecar, ceiling, comparison, target, ok: figure <= limit ? 'yes' : 'missed' };
}

export function errorLine(row, error) {
  const text = error.message.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 300);
  return { row, sidecar: `error: ${text}`, ceiling: '–', comparison: '–', target: '–', ok: 'error' };
}

export function machine(bench) {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    broker: bench.brokerDescription,
    loadTool,
    loadAverageAtStart: loadavg()[0],
  };
}

function markdown({ machine: { cores, cpu, memoryGib, node, broker, loadTool: tool, loadAverageAtStart }, ...report }) {
  const { startedAt, rounds, isQuick, lines } = report;
  const table = [titles, titles.map(() => '---'), ...lines.map((line) => columns.map((column) => line[column]))];
  return [
    `${startedAt}, ${cores} cores (${cpu}), ${memoryGib} GiB, Node ${node}, ${broker}, load from ${tool}, ` +
      `${rounds} rounds${isQuick ? ' (quick)' : ''}, load average ${loadAverageAtStart.toFixed(1)} at the start.`,
    '',
    ...table.map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ].join('\n');
}

/** @returns the table, which is also written down together with every single run */
export function writeReport(report) {
  mkdirSync(resultsDirectory, { recursive: true });
  const text = markdown(report);
  writeFileSync(`${resultsDirectory}latest.md`, text);
  writeFileSync(`${resultsDirectory}latest.json`, `${JSON.stringify(report, null, 2)}\n`);
  return text;
}
