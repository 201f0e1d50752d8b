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

  get isAbandoned(): boolean {
    const { response } = this;
    return response.destroyed || response.socket === null || response.socket.destroyed;
  }

  onAbandoned(listener: () => void): void {
    if (this.isAbandoned) {
      queueMicrotask(listener);
      return;
    }
    this.response.once('close', () => {
      if (!this.response.writableFinished) listener();
    });
  }
}
