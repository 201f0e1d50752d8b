/** @param fraction 0.5 for the median, 0.99 for p99; nearest rank, so it is a value that was measured */
export function percentile(values, fraction) {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.max(0, Math.ceil(fraction * sorted.length) - 1)];
}

export function median(values) {
  const sorted = Float64Array.from(values).toSorted();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of each numeric field over several runs. */
export function medianRun(runs) {
  const fields = Object.keys(runs[0]).filter((field) => typeof runs[0][field] === 'number');
  return Object.fromEntries(fields.map((field) => [field, median(runs.map((run) => run[field]))]));
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Runs the contestants in turn (A B A B …), so that a noisy moment of the machine hits all of them.
 *
 * @param contestants name → a function that makes one run
 * @returns name → its runs
 */
export async function interleave(rounds, contestants) {
  const runs = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) runs[name].push(await run());
  }
  return runs;
}
