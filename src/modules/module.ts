import type { Resource } from '../foundation/lifecycle.ts';
import type { operations as AdminApi } from './admin-api.gen.ts';
import type { operations as KafkaApi } from './kafka-api.gen.ts';

type Api = KafkaApi & AdminApi;

/** The operations of both OpenAPI documents. */
export type OperationId = keyof Api;

/** The JSON body that an operation takes, by its specification. */
export type BodyOf<Id extends OperationId> =
  Api[Id] extends Readonly<{ requestBody?: { content: { 'application/json': infer Body } } }> ? Body : never;

/** What an operation sees of a request: plain data, no HTTP server types. Valid only while the call runs. */
export interface OperationRequest {
  readonly operationId: string;
  /** Decoded path parameters by their name in the specification. */
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Decoded query parameters; validated against the specification (a repeated parameter is refused before). */
  readonly query: URLSearchParams;
  /** The raw body; of zero length where none was sent. */
  readonly body: Buffer;
  /** Media type of the body in lower case, without parameters; `application/json` where none was sent. */
  readonly contentType: string;
  /** All header lines as they came, name and value in turn; values hold one character per byte. */
  readonly rawHeaders: readonly string[];
  /** A header's value, one character per byte; undefined where it is absent or empty. */
  header(name: string): string | undefined;
  /** The parsed and validated body of operations that take JSON and do not read their own bytes. */
  readonly json: unknown;
  /** Always there: the request's own or a generated one. */
  readonly correlationId: string;
  readonly traceabilityId: string | undefined;
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
  /** True once the client has gone: nobody will read the answer. */
  readonly isAbandoned: boolean;
  /** Calls back once when the client goes before it was answered. */
  onAbandoned(listener: () => void): void;
}

/** What an operation answers. */
export interface Answer {
  readonly status: number;
  /** Body as ready bytes or text; absent for 204. */
  readonly body?: string | Buffer;
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Called exactly once when the answer's fate is known: true when it was handed to the socket whole, false when the
   * client was gone before.
   */
  readonly onSettled?: (delivered: boolean) => void;
}

/** Serves one operation. Throws or rejects with SidecarError for every failure it knows. */
export type Handler = (request: OperationRequest) => Answer | Promise<Answer>;

/** Handlers by operationId; each operation of the documents is served by exactly one module, which the start checks. */
export type Operations = Readonly<Partial<Record<OperationId, Handler>>>;

/** A module's word about itself for readiness. */
export interface ModuleHealth {
  readonly ready: boolean;
  /** JSON-able facts shown in the readiness answer. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A capability of the sidecar: its lifetime, the operations it serves and its state. */
export interface Module extends Resource {
  readonly operations: Operations;
  health(): ModuleHealth;
  /** Told as soon as shutdown begins: end long waits, and have every request answered by `answerBy` (epoch ms). */
  drain?(answerBy: number): void;
}

/** An answer whose body is the JSON of `value`. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, body: JSON.stringify(value) };
}

/** 204 without a body. */
export const noContent: Answer = { status: 204 };
