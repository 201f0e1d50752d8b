import { describe, expect, it } from '@jest/globals';
import type { Stage } from '../../src/http/chains.ts';
import { runChain } from '../../src/http/run-chain.ts';
import { exchangeOf } from './exchange.ts';

/** A stage that notes its name, in its own time. */
const step =
  (name: string, log: string[]): Stage =>
  () => {
    log.push(name);
  };
const waiting =
  (name: string, log: string[]): Stage =>
  async () => {
    log.push(`${name} begins`);
    await Promise.resolve();
    log.push(`${name} ends`);
  };
const failing =
  (error: unknown): Stage =>
  () => {
    throw error;
  };

/** Runs a chain and gives every call of `done`. */
async function outcomes(stages: readonly Stage[]): Promise<unknown[][]> {
  const calls: unknown[][] = [];
  runChain(stages, exchangeOf(), (...given) => calls.push(given));
  await new Promise((resolve) => setImmediate(resolve));
  return calls;
}

describe('runChain', () => {
  it('ends within the call when no stage waits', () => {
    const log: string[] = [];
    runChain([step('a', log), step('b', log)], exchangeOf(), () => log.push('done'));
    log.push('returned');
    expect(log).toEqual(['a', 'b', 'done', 'returned']);
  });

  it('runs every stage after the one before it has ended', async () => {
    const log: string[] = [];
    runChain([step('a', log), waiting('b', log), waiting('c', log), step('d', log)], exchangeOf(), () => {
      log.push('done');
    });
    log.push('returned');
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual(['a', 'b begins', 'returned', 'b ends', 'c begins', 'c ends', 'd', 'done']);
  });

  it('gives every stage the exchange', () => {
    const exchange = exchangeOf();
    const seen: unknown[] = [];
    const look: Stage = (given) => {
      seen.push(given === exchange);
    };
    runChain([look, look], exchange, () => undefined);
    expect(seen).toEqual([true, true]);
  });

  it('is done once, with nothing, after the last stage', async () => {
    const log: string[] = [];
    expect(await outcomes([step('a', log), waiting('b', log)])).toEqual([[]]);
    expect(await outcomes([])).toEqual([[]]);
  });

  it('is done once with what a stage threw, and runs no further stage', async () => {
    const log: string[] = [];
    const error = new Error('broken');
    expect(await outcomes([failing(error), step('a', log)])).toEqual([[error]]);
    expect(await outcomes([waiting('b', log), failing(error), step('a', log)])).toEqual([[error]]);
    expect(await outcomes([() => Promise.reject(error), step('a', log)])).toEqual([[error]]);
    expect(log).toEqual(['b begins', 'b ends']);
  });
});
