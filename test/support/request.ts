import type { Answer, OperationId, OperationRequest, Operations } from '../../src/modules/module.ts';

export interface RequestParts {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly json?: unknown;
  readonly contentType?: string;
  /** The bytes of a body that is no JSON. */
  readonly body?: Buffer;
  /** Header lines, name and value in turn. */
  readonly rawHeaders?: readonly string[];
}

/** A request as a module sees it, with a client that can be made to go away. */
export class FakeRequest implements OperationRequest {
  readonly operationId: OperationId;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly contentType: string;
  readonly rawHeaders: readonly string[];
  readonly json: unknown;
  readonly correlationId = 'AZpT3kMwcTOQXhYxVmCkBg';
  readonly traceabilityId = undefined;
  readonly traceparent = undefined;
  readonly tracestate = undefined;
  isAbandoned = false;
  readonly #listeners: (() => void)[] = [];

  constructor(operationId: OperationId, parts: RequestParts = {}) {
    const { path = {}, query = {}, json, body, contentType = 'application/json', rawHeaders = [] } = parts;
    this.operationId = operationId;
    this.pathParameters = path;
    this.query = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    );
    this.json = json;
    this.body = body ?? (json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json)));
    this.contentType = contentType;
    this.rawHeaders = rawHeaders;
  }

  header(name: string): string | undefined {
    const index = this.rawHeaders.findIndex((line, i) => i % 2 === 0 && line.toLowerCase() === name.toLowerCase());
    return index === -1 ? undefined : this.rawHeaders[index + 1] || undefined;
  }

  onAbandoned(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** The client closes its connection. */
  abandon(): void {
    this.isAbandoned = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}

/** What a client sees of an answer. */
export interface Seen {
  readonly status: number;
  readonly body: unknown;
}

/** Runs an operation and reads its answer to the end, as the HTTP layer does for a client that stays. */
export async function call(operations: Operations, operationId: OperationId, parts?: RequestParts): Promise<Seen> {
  const answer = await operations[operationId]!(new FakeRequest(operationId, parts));
  answer.onSettled?.(true);
  return seen(answer);
}

export function seen({ status, body }: Answer): Seen {
  return { status, body: body === undefined ? undefined : (JSON.parse(body.toString()) as unknown) };
}
