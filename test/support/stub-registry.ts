import { readFileSync } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import type { SchemaDefinition } from './registry-client.ts';
import { failure, StubRegistryStore, type StubAnswer } from './stub-registry-store.ts';

/** Between the bytes of an answer that drips. */
const dripEveryMs = 20;

/**
 * What requests meet:
 *
 * - `works`: a small registry with Confluent's answers;
 * - `hangs`: no answer before the next `behave`, which then answers by what it sets;
 * - `drips`: the right answer, a byte each 20 ms;
 * - `breaks`: the connection is reset at the request, `breaks off`: in the middle of the right answer;
 * - `empty`, `garbage`, `html`: 200 with no body, with bytes that are neither JSON nor UTF-8, with a page;
 * - `other shape`: 200 with JSON that is nobody's answer;
 * - a number: this status with the registry's body for errors; an answer: that one.
 */
export type Behaviour =
  | 'works'
  | 'hangs'
  | 'drips'
  | 'breaks'
  | 'breaks off'
  | 'empty'
  | 'garbage'
  | 'html'
  | 'other shape'
  | number
  | StubAnswer;

export interface BehaviourScope {
  /** The others are answered as by `works`. Matched with the method and the path, `GET /schemas/ids/1`. */
  readonly only?: RegExp;
  /** So many requests in scope; those after them are answered as by `works`. */
  readonly times?: number;
}

export interface StubOptions {
  /** Required of each request; others are answered with 401. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** HTTPS with the certificate in tls/; `mutual` requires one of the client's from the same authority. */
  readonly tls?: 'server' | 'mutual';
  /** What the URL ends in, and every path begins with: none by default. */
  readonly basePath?: string;
}

export interface StubRequest {
  readonly method: string;
  /** Without the base path; with its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** A schema registry for the faults that a real one cannot be made to have. It counts its requests. */
export class StubRegistry {
  readonly #options: StubOptions;
  readonly #server: http.Server;
  readonly #store = new StubRegistryStore();
  /** Answers that hang, to be given at the next `behave`. */
  readonly #hanging = new Set<() => void>();
  #requests: StubRequest[] = [];
  #behaviour: Behaviour = 'works';
  #only = /^/;
  #timesLeft = Infinity;
  #port = 0;

  private constructor(options: StubOptions) {
    this.#options = options;
    const listener = (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response);
    this.#server = options.tls === undefined ? http.createServer(listener) : secureServer(options.tls, listener);
  }

  static async start(options: StubOptions = {}): Promise<StubRegistry> {
    const registry = new StubRegistry(options);
    await registry.start();
    return registry;
  }

  /** Listens (again, on the same port), with the schemas it had. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    const { tls, basePath = '' } = this.#options;
    return `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.#port}${basePath}`;
  }

  /** Since the start or the last `forget`, in the order of their arrival. */
  get requests(): readonly StubRequest[] {
    return this.#requests;
  }

  /** Counts the requests whose method and path match, `GET /schemas/ids/1`. */
  count(pattern = /^/): number {
    return this.#requests.filter(({ method, path }) => pattern.test(`${method} ${path}`)).length;
  }

  forget(): void {
    this.#requests = [];
  }

  /** From now on requests meet this, in place of what was set before. */
  behave(behaviour: Behaviour, { only = /^/, times = Infinity }: BehaviourScope = {}): void {
    this.#behaviour = behaviour;
    this.#only = only;
    this.#timesLeft = times;
    const hanging = [...this.#hanging];
    this.#hanging.clear();
    for (const answer of hanging) answer();
  }

  /** Registers without a request, whatever it is set to. */
  register({ subject, schema, schemaType, references }: SchemaDefinition): number {
    const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
    const path = `/subjects/${encodeURIComponent(subject)}/versions`;
    const { status, body } = this.#store.answer('POST', path, { schema: text, schemaType, references });
    if (status !== 200) throw new Error(`${subject}: ${JSON.stringify(body)}`);
    return (body as { id: number }).id;
  }

  deleteSubject(subject: string): void {
    this.#store.answer('DELETE', `/subjects/${encodeURIComponent(subject)}`, undefined);
  }

  /** Breaks all connections and refuses new ones. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  close(): Promise<void> {
    return this.stop();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const { basePath = '' } = this.#options;
    const body = await json(request).catch(() => undefined);
    const path = url.startsWith(basePath) ? url.slice(basePath.length) : `/outside-of-base-path${url}`;
    this.#requests.push({ method, path, headers: request.headers, body });
    if (this.#isAllowed(request)) this.#answer(method, path, body, response);
    else
      send(response, { ...failure(401, 401, 'Unauthorized'), headers: { 'www-authenticate': 'Basic realm="stub"' } });
  }

  #isAllowed({ headers }: IncomingMessage): boolean {
    const { credentials } = this.#options;
    if (credentials === undefined) return true;
    const text = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
    return headers.authorization === `Basic ${text}`;
  }

  #answer(method: string, path: string, body: unknown, response: ServerResponse): void {
    const isInScope = this.#timesLeft > 0 && this.#only.test(`${method} ${path}`);
    if (isInScope) this.#timesLeft--;
    const behaviour = isInScope ? this.#behaviour : 'works';
    if (behaviour === 'hangs') this.#hanging.add(() => this.#answer(method, path, body, response));
    else misbehave(behaviour, response, () => this.#store.answer(method, path.replace(/\?.*/, ''), body));
  }
}

function secureServer(tls: 'server' | 'mutual', listener: http.RequestListener): http.Server {
  const file = (name: string) => readFileSync(new URL(`tls/${name}.pem`, import.meta.url));
  const identity = { cert: file('server'), key: file('server-key') };
  const mutual = { ca: file('ca'), requestCert: true, rejectUnauthorized: true };
  return https.createServer({ ...identity, ...(tls === 'mutual' ? mutual : {}) }, listener);
}

function misbehave(behaviour: Exclude<Behaviour, 'hangs'>, response: ServerResponse, right: () => StubAnswer): void {
  if (typeof behaviour === 'object') return send(response, behaviour);
  if (typeof behaviour === 'number') {
    const message = `HTTP ${behaviour} ${http.STATUS_CODES[behaviour] ?? ''}`.trim();
    return send(response, failure(behaviour, behaviour, message));
  }
  switch (behaviour) {
    case 'works':
      return send(response, right());
    case 'drips':
      return void drip(response, right());
    case 'breaks':
      return reset(response);
    case 'breaks off':
      return breakOff(response, right());
    case 'empty':
      return send(response, { status: 200, body: Buffer.alloc(0) });
    case 'garbage':
      return send(response, { status: 200, body: Buffer.from([0x7b, 0xff, 0x00, 0xc3, 0x28]) });
    case 'html':
      return send(response, { status: 200, body: '<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>' });
    case 'other shape':
      return send(response, { status: 200, body: { data: [{ id: '1' }] } });
  }
}

function send(response: ServerResponse, answer: StubAnswer): void {
  response.writeHead(answer.status, headersOf(answer)).end(bytesOf(answer));
}

async function drip(response: ServerResponse, answer: StubAnswer): Promise<void> {
  response.writeHead(answer.status, headersOf(answer));
  for (const byte of bytesOf(answer)) {
    await setTimeout(dripEveryMs);
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
  }
  response.end();
}

function breakOff(response: ServerResponse, answer: StubAnswer): void {
  const bytes = bytesOf(answer);
  response.writeHead(answer.status, headersOf(answer));
  response.write(bytes.subarray(0, bytes.length / 2), () => reset(response));
}

/** A TLS socket cannot be reset, only closed. */
function reset({ socket }: ServerResponse): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

function headersOf(answer: StubAnswer): Record<string, string | number> {
  const type = typeof answer.body === 'string' ? 'text/html' : 'application/vnd.schemaregistry.v1+json';
  return { 'content-type': type, 'content-length': bytesOf(answer).length, ...answer.headers };
}

function bytesOf({ body }: StubAnswer): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
