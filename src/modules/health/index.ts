import type { Answer, Module, ModuleHealth } from '../module.ts';
import { jsonAnswer } from '../module.ts';

/** The sidecar's own state, as readiness, log lines and tests name it. */
export type SidecarState = 'starting' | 'running' | 'draining' | 'stopped';

/** A check that `health.readinessChecks` can name. */
export type ReadinessCheck = () => ModuleHealth;

export interface HealthOptions {
  /** Checks that count, by name. */
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  /** Bootstrap servers as shown, or `embedded: memory`. */
  readonly broker: () => string;
  readonly state: () => SidecarState;
}

/** Liveness, readiness and light-4j's text form of it. */
export function createHealth(options: HealthOptions): Module {
  const readiness = () => evaluate(options);
  return {
    name: 'health',
    operations: {
      getLiveness: () => jsonAnswer(200, { status: 'OK' }),
      getReadiness: () => {
        const { ready, body } = readiness();
        return jsonAnswer(ready ? 200 : 503, body);
      },
      getServiceHealth: () => textAnswer(readiness().ready),
    },
    health: () => ({ ready: true, detail: {} }),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}

function evaluate({ checks, broker, state }: HealthOptions): { ready: boolean; body: unknown } {
  const results = Object.entries(checks).map(([name, check]) => [name, check()] as const);
  const ready = state() === 'running' && results.every(([, result]) => result.ready);
  return {
    ready,
    body: {
      status: ready ? 'OK' : 'ERROR',
      state: state(),
      broker: broker(),
      checks: Object.fromEntries(
        results.map(([name, result]) => [name, { status: result.ready ? 'OK' : 'ERROR', ...result.detail }]),
      ),
    },
  };
}

function textAnswer(ready: boolean): Answer {
  return { status: ready ? 200 : 503, body: ready ? 'OK' : 'ERROR', contentType: 'text/plain; charset=utf-8' };
}
