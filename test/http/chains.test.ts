import { describe, expect, it } from '@jest/globals';
import { createChains, type Stage, type Stages } from '../../src/http/chains.ts';
import { chainOf } from '../../src/http/app.ts';

describe('createChains', () => {
  it('orders the stages of each chain; probes pass without a look at Host and Origin', () => {
    const names = ['ids', 'origin', 'specification', 'body', 'validator', 'operation'] as const;
    const stages = Object.fromEntries(
      names.map((name): [string, Stage] => [name, () => undefined]),
    ) as unknown as Stages;
    const nameOf = (stage: Stage) => names.find((name) => stages[name] === stage);
    const chains = createChains(stages);
    expect([chains.default.map(nameOf), chains.admin.map(nameOf), chains.probe.map(nameOf)]).toEqual([
      [...names],
      [...names],
      names.filter((name) => name !== 'origin'),
    ]);
  });
});

describe('chainOf', () => {
  it.each([
    ['/health/liveness', 'probe'],
    ['/adm/logger', 'admin'],
    ['/spec.yaml', 'admin'],
    ['/specui.html', 'admin'],
    ['/producers/{topic}', 'default'],
    ['/consumers/{group}', 'default'],
  ])('puts %s into the %s chain', (path, chain) => {
    expect(chainOf(path)).toBe(chain);
  });
});
