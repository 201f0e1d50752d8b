import type { Answer } from '../modules/module.ts';
import type { Exchange } from './exchange.ts';

/** Headers on every answer of this sidecar, beside those of the request's ids. */
export type FixedHeaders = Readonly<Record<string, string>>;

/** Writes the answer, with the request's ids in its headers, and reports to the module whether it went out. */
export function respond(exchange: Exchange, answer: Answer, fixedHeaders: FixedHeaders): void {
  const { response } = exchange;
  if (exchange.isDisconnected) {
    answer.onSettled?.(false);
    return;
  }
  if (answer.onSettled !== undefined) {
    if (exchange.isAbandoned) {
      answer.onSettled(false);
      exchange.message.socket.destroy();
      return;
    }
    reportFate(exchange, answer.onSettled);
  }
  const headers: Record<string, string | number> = {
    ...fixedHeaders,
    'X-Correlation-Id': exchange.correlationIdHeader,
  };
  if (exchange.traceabilityIdHeader !== undefined) headers['X-Traceability-Id'] = exchange.traceabilityIdHeader;
  if (answer.headers !== undefined) Object.assign(headers, answer.headers);
  const { body } = answer;
  if (body === undefined) {
    response.writeHead(answer.status, headers).end();
    return;
  }
  headers['Content-Type'] = answer.contentType ?? 'application/json';
  headers['Content-Length'] = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  response.writeHead(answer.status, headers).end(exchange.message.method === 'HEAD' ? undefined : body);
}

/**
 * `finish` says that the last byte was handed to the operating system; a `close` of the connection before it that the
 * client went away.
 */
function reportFate({ response, message }: Exchange, onSettled: (delivered: boolean) => void): void {
  const { socket } = message;
  const finished = () => {
    socket.off('close', closed);
    // Node emits `finish` too for what a broken connection threw away.
    onSettled(!socket.destroyed);
  };
  const closed = () => {
    response.off('finish', finished);
    onSettled(false);
  };
  response.once('finish', finished);
  socket.once('close', closed);
}
