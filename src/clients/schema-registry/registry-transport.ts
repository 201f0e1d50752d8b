import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'undici';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { RegistryConfig } from '../../foundation/config/registry-config.ts';

/** Largest answer taken, bytes; the largest schemas have some hundred thousand. */
const maxAnswerBytes = 16_777_216;
const maxConnections = 16;

/** The registry's word: a 2xx answer, or one of its own refusals (400, 404, 409, 422 with an `error_code`). */
export interface RegistryAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The request as the client library puts it together. */
export interface RegistryRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/**
 * Carries requests to the registry.
 *
 * The client library's own carrier is not used: a connection cut in mid-answer leaves its promise open for ever, and an
 * error answer whose body is `null` ends the process.
 */
export class RegistryTransport {
  readonly #agent: Agent;
  readonly #timeoutMs: number;
  readonly #ending = new AbortController();
  #active = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #authorization: Readonly<Record<string, string>>;

  constructor({ requestTimeoutMs, caFile, keyStoreFile, keyStorePassword, credentials }: RegistryConfig) {
    this.#timeoutMs = requestTimeoutMs;
    this.#authorization = credentials === undefined ? {} : { authorization: basicAuthorization(credentials) };
    this.#agent = new Agent({
      connections: maxConnections,
      maxResponseSize: maxAnswerBytes,
      connect: {
        timeout: requestTimeoutMs,
        ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
        ...(keyStoreFile === undefined ? {} : { pfx: readFileSync(keyStoreFile) }),
        ...(keyStorePassword === undefined ? {} : { passphrase: keyStorePassword }),
      },
    });
  }

  /** @throws SidecarError ERR12229 when there is no answer in time, or none that a registry gives */
  async send({ url, method, headers, body }: RegistryRequest): Promise<RegistryAnswer> {
    let status: number;
    let text: string;
    // The time of a call does not run while it waits for its turn.
    if (this.#active >= maxConnections) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#active++;
    try {
      const answer = await httpRequest(url, {
        method: method.toUpperCase() as 'GET' | 'POST',
        headers: { ...headers, ...this.#authorization },
        body: body ?? null,
        dispatcher: this.#agent,
        signal: AbortSignal.any([AbortSignal.timeout(this.#timeoutMs), this.#ending.signal]),
      });
      status = answer.statusCode;
      text = await answer.body.text();
    } catch (error) {
      throw unreachable(reasonOf(error, this.#timeoutMs), error);
    } finally {
      this.#active--;
      this.#waiting.shift()?.();
    }
    return understood(status, text);
  }

  /** From `answerBy` (epoch ms) on nothing waits any more: each call fails as one that came too late. */
  drain(answerBy: number): void {
    setTimeout(() => this.#ending.abort(), Math.max(0, answerBy - Date.now())).unref();
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

function basicAuthorization({ username, password }: NonNullable<RegistryConfig['credentials']>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

const refusals = new Set([400, 404, 409, 422]);

function understood(status: number, text: string): RegistryAnswer {
  if (status === 401 || status === 403) throw unreachable(`it refuses the sidecar's credentials with ${status}`);
  const body = parseObject(text);
  const isOk = status >= 200 && status < 300;
  const code = body?.['error_code'];
  // A registry's own codes have five digits; a web server in front of it, or asked at a wrong path, says 404.
  const isRefusal = refusals.has(status) && typeof code === 'number' && !(status === 404 && code === 404);
  if (body !== undefined && (isOk || isRefusal)) {
    return { status, body };
  }
  throw unreachable(`it answered ${status} with something that no schema registry answers; is its URL right?`);
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `no whole answer within ${timeoutMs} ms`;
  // An AggregateError, of several addresses, has no message of its own.
  const { code } = error as { code?: string };
  return error.message !== '' ? error.message : (code ?? error.name);
}

export function unreachable(reason: string, cause?: unknown): SidecarError {
  return new SidecarError('ERR12229', `the schema registry cannot be used: ${reason}`, { cause });
}
