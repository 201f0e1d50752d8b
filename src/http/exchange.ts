import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer, OperationRequest } from '../modules/module.ts';
import type { Operation } from './operations.ts';

const noBytes = Buffer.alloc(0);
const noQuery = new URLSearchParams();
const noParameters: Readonly<Record<string, string>> = {};

/** One request and its answer as plain data; the stages of a chain fill it in, both doors carry it. */
export class Exchange implements OperationRequest {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  /** Absent where no operation of the specification has this path and method. */
  readonly operation: Operation | undefined;
  pathParameters: Readonly<Record<string, string>> = noParameters;
  query: URLSearchParams = noQuery;
  body: Buffer = noBytes;
  contentType = 'application/json';
  json: unknown = undefined;
  correlationId = '';
  /** The two ids as they stood on the wire, for the answer's headers (HTTP header text is bytes, not characters). */
  correlationIdHeader = '';
  traceabilityIdHeader: string | undefined = undefined;
  traceabilityId: string | undefined = undefined;
  traceparent: string | undefined = undefined;
  tracestate: string | undefined = undefined;
  answer: Answer | undefined = undefined;

  constructor(message: IncomingMessage, response: ServerResponse, operation: Operation | undefined) {
    this.message = message;
    this.response = response;
    this.operation = operation;
  }

  get operationId(): string {
    return this.operation?.operationId ?? 'none';
  }

  /** The request's path without its query, still percent-encoded. */
  get path(): string {
    const url = this.message.url ?? '/';
    const mark = url.indexOf('?');
    return mark === -1 ? url : url.slice(0, mark);
  }

  get rawHeaders(): readonly string[] {
    return this.message.rawHeaders;
  }

  header(name: string): string | undefined {
    const { headers } = this.message;
    const lower = name.toLowerCase();
    const value = Object.hasOwn(headers, lower) ? headers[lower] : undefined;
    if (value === undefined || value === '') return undefined;
    return typeof value === 'string' ? value : value.join(', ');
  }

  /** Nothing can be answered any more. A response that waits behind an earlier one has no socket of its own yet. */
  get isDisconnected(): boolean {
    return this.response.destroyed || this.message.socket.destroyed;
  }

  /** A client that has ended its side counts as gone too: most have closed theirs, and the others look the same. */
  get isAbandoned(): boolean {
    return this.isDisconnected || this.message.socket.readableEnded;
  }

  onAbandoned(listener: () => void): void {
    if (this.isAbandoned) {
      queueMicrotask(listener);
      return;
    }
    const { socket } = this.message;
    const leave = () => {
      socket.off('end', gone);
      socket.off('close', gone);
    };
    const gone = () => {
      leave();
      listener();
    };
    socket.once('end', gone).once('close', gone);
    this.response.once('finish', leave);
  }
}
