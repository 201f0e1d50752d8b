import { describe, expect, it } from '@jest/globals';
import { createHealth, type SidecarState } from '../../../src/modules/health/index.ts';
import type { ModuleHealth, OperationId } from '../../../src/modules/module.ts';
import { FakeRequest } from '../../support/request.ts';

const good: ModuleHealth = { ready: true, detail: { inFlight: 0 } };
const bad: ModuleHealth = { ready: false, detail: { reason: 'connection refused' } };

async function answered(
  operationId: OperationId,
  checks: Record<string, ModuleHealth>,
  state: SidecarState = 'running',
) {
  const health = createHealth({
    checks: Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, () => check])),
    broker: () => 'a:1',
    state: () => state,
  });
  const { status, body, contentType } = await health.operations[operationId]!(new FakeRequest(operationId));
  return { status, body: contentType === undefined ? (JSON.parse(String(body)) as unknown) : body };
}

describe('getReadiness', () => {
  it('answers 200 with the detail of every check when all pass', async () => {
    expect(await answered('getReadiness', { kafka: good, consumers: good })).toEqual({
      status: 200,
      body: {
        status: 'OK',
        state: 'running',
        broker: 'a:1',
        checks: { kafka: { status: 'OK', inFlight: 0 }, consumers: { status: 'OK', inFlight: 0 } },
      },
    });
  });

  it('answers 503 and says why when one fails', async () => {
    expect(await answered('getReadiness', { kafka: bad, consumers: good })).toEqual({
      status: 503,
      body: {
        status: 'ERROR',
        state: 'running',
        broker: 'a:1',
        checks: { kafka: { status: 'ERROR', reason: 'connection refused' }, consumers: { status: 'OK', inFlight: 0 } },
      },
    });
  });

  it.each(['starting', 'draining', 'stopped'] as const)('answers 503 while the sidecar is %s', async (state) => {
    expect(await answered('getReadiness', { kafka: good }, state)).toMatchObject({
      status: 503,
      body: { status: 'ERROR', state },
    });
  });
});

describe('getServiceHealth', () => {
  it('answers the same as text, as light-4j does', async () => {
    expect([
      await answered('getServiceHealth', { kafka: good }),
      await answered('getServiceHealth', { kafka: bad }),
    ]).toEqual([
      { status: 200, body: 'OK' },
      { status: 503, body: 'ERROR' },
    ]);
  });
});

describe('getLiveness', () => {
  it('answers 200 whatever the brokers do', async () => {
    expect(await answered('getLiveness', { kafka: bad }, 'draining')).toEqual({ status: 200, body: { status: 'OK' } });
  });
});
