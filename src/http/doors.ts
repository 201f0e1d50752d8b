import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import createRadixRouter, { type HTTPMethod } from 'find-my-way';
import { Router } from '@koa/router';
import Koa from 'koa';
import type { Answer } from '../modules/module.ts';
import type { Stage } from './chains.ts';
import { Exchange } from './exchange.ts';
import type { ChainName } from './openapi.ts';
import { isHot, type Operation } from './operations.ts';
import { respond, type FixedHeaders } from './respond.ts';
import { runChain } from './run-chain.ts';
import { ClientGoneError } from './stages/body.ts';

export interface DoorsOptions {
  readonly operations: readonly Operation[];
  readonly chains: Readonly<Record<ChainName, readonly Stage[]>>;
  readonly exception: (exchange: Exchange, error: unknown) => Answer;
  readonly fixedHeaders: FixedHeaders;
}

/**
 * The two doors requests come through. Ordinary operations are routed by @koa/router inside koa; the hot ones by a radix
 * tree straight from the HTTP server, since koa's context and promises cost as much as the rest of a produce call. Both
 * run the same chain over the same exchange.
 */
export function createDoors(options: DoorsOptions): RequestListener {
  const serve = createService(options);
  const hot = createHotRouter(options.operations);
  const ordinary = createKoaDoor(options.operations, serve);
  return (message, response) => {
    const found = hot.find(message.method as HTTPMethod, message.url ?? '/');
    if (found === null) {
      ordinary(message, response);
      return;
    }
    const exchange = new Exchange(message, response, found.store as Operation);
    exchange.pathParameters = found.params as Record<string, string>;
    serve(exchange);
  };
}

/** Runs the chain of the exchange's operation and answers. */
function createService(options: DoorsOptions): (exchange: Exchange) => void {
  const { chains, exception, fixedHeaders } = options;
  return (exchange) => {
    runChain(chains[exchange.operation?.chain ?? 'default'], exchange, (error) => {
      if (error instanceof ClientGoneError) return;
      const answer = error === undefined ? exchange.answer! : exception(exchange, error);
      respond(exchange, answer, fixedHeaders);
    });
  };
}

function createHotRouter(operations: readonly Operation[]) {
  const router = createRadixRouter({ maxParamLength: 3000 });
  for (const operation of operations.filter(isHot)) {
    router.on(operation.method as HTTPMethod, routePath(operation.path), () => undefined, operation);
  }
  return router;
}

function createKoaDoor(operations: readonly Operation[], serve: (exchange: Exchange) => void): RequestListener {
  const router = new Router({ strict: true, sensitive: true });
  for (const operation of operations) {
    router.register(routePath(operation.path), [operation.method], (context) => {
      const exchange = new Exchange(context.req, context.res, operation);
      exchange.pathParameters = context.params;
      context.respond = false;
      serve(exchange);
    });
  }
  const app = new Koa();
  app.use(router.routes());
  app.use((context) => {
    context.respond = false;
    serve(new Exchange(context.req, context.res, undefined));
  });
  const callback = app.callback();
  return (message: IncomingMessage, response: ServerResponse) => void callback(message, response);
}

/** `/producers/{topic}` as both routers write it: `/producers/:topic`. */
function routePath(template: string): string {
  return template.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** The methods the specification has for a path, for the answers to unknown ones. */
export function createMethodLookup(operations: readonly Operation[]): (path: string) => readonly string[] {
  const templates = operations.map((operation) => ({
    method: operation.method,
    form: new RegExp(`^${operation.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }));
  return (path) => [...new Set(templates.filter(({ form }) => form.test(path)).map(({ method }) => method))];
}
