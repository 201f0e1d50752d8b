import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Exchange } from '../../src/http/exchange.ts';
import type { Operation } from '../../src/http/operations.ts';

export interface ExchangeParts {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly operation?: Operation | undefined;
}

/** An operation that takes a body and answers JSON, unless said otherwise. */
export function operationOf(parts: Partial<Operation> = {}): Operation {
  return {
    operationId: 'subscribe',
    method: 'POST',
    path: '/things/{thing}',
    chain: 'default',
    takes: ['application/json'],
    bodyRequired: false,
    produces: ['application/json'],
    validateParameters: () => undefined,
    validateBody: () => undefined,
    readsOwnBytes: false,
    handler: () => ({ status: 204 }),
    ...parts,
  };
}

/** An exchange as a door makes it, without a connection behind it. */
export function exchangeOf({ method = 'POST', url = '/', headers = {}, ...parts }: ExchangeParts = {}): Exchange {
  const message = new IncomingMessage(new Socket());
  Object.assign(message, { method, url, headers });
  const operation = 'operation' in parts ? parts.operation : operationOf();
  return new Exchange(message, new ServerResponse(message), operation);
}

/** What a stage refused an exchange with, as it is answered. */
export async function refusalOf(run: () => void | Promise<void>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    const { code, status, description, headers } = error as Record<string, unknown>;
    return { code, status, description, ...(Object.keys(headers as object).length > 0 ? { headers } : {}) };
  }
  return undefined;
}
