import { call } from './http.ts';
import { eventually } from './eventually.ts';

/** Milliseconds until the sidecar's readiness answers `status`. */
export async function untilReadiness(
  url: string,
  status: 200 | 503,
  { timeoutMs = 15_000 }: { timeoutMs?: number } = {},
): Promise<number> {
  const begunAt = performance.now();
  await eventually(
    async () => {
      const answer = await call('GET', `${url}/health/readiness`);
      if (answer.status !== status) throw new Error(`readiness is ${answer.status}: ${JSON.stringify(answer.body)}`);
    },
    { timeoutMs, intervalMs: 25 },
  );
  return performance.now() - begunAt;
}
