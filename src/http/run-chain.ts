import type { Stage } from './chains.ts';
import type { Exchange } from './exchange.ts';

/**
 * Runs the stages over an exchange, then calls `done` once: with the error a stage threw or rejected with, or with nothing.
 *
 * A chain whose stages return no promise ends within this call; both doors share it, so that a stage behaves the same in
 * koa and on the hot path.
 */
export function runChain(stages: readonly Stage[], exchange: Exchange, done: (error?: unknown) => void): void {
  runFrom(0, stages, exchange, done);
}

function runFrom(first: number, stages: readonly Stage[], exchange: Exchange, done: (error?: unknown) => void): void {
  for (let index = first; index < stages.length; index++) {
    let pending: void | Promise<void>;
    try {
      pending = stages[index]!(exchange);
    } catch (error) {
      done(error);
      return;
    }
    if (pending !== undefined) {
      pending.then(() => runFrom(index + 1, stages, exchange, done), done);
      return;
    }
  }
  done();
}
