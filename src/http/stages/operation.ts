import type { Exchange } from '../exchange.ts';

/** Runs the module's handler; its answer is what the client gets. */
export function operation(exchange: Exchange): void | Promise<void> {
  const answer = exchange.operation!.handler(exchange);
  if (answer instanceof Promise) {
    return answer.then((settled) => {
      exchange.answer = settled;
    });
  }
  exchange.answer = answer;
}
