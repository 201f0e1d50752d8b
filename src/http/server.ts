import { readFileSync } from 'node:fs';
import http, { type RequestListener, type Server, type ServerResponse } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { SidecarError } from '../foundation/errors/sidecar-error.ts';
import type { StatusCode } from '../foundation/errors/status-table.ts';
import type { Resource } from '../foundation/lifecycle.ts';
import type { Logger } from '../foundation/logging.ts';

/** How often Node looks for connections that exceed their receive time, milliseconds. */
const timeoutCheckIntervalMs = 500;
/** Longer than the idle time of common clients and proxies, so that they close first and no request meets a closed door. */
const keepAliveTimeoutMs = 75_000;
/** While draining, how long an idle connection may still bring a request before it is closed, milliseconds. */
const idleGraceMs = 300;

/** The answer begun last on a connection stands on its socket: a map would cost every request a look-up. */
const lastAnswer = Symbol('last answer');
type Connection = Duplex & { [lastAnswer]?: ServerResponse };

export interface TlsFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Given: clients must show a certificate that this authority signed. */
  readonly clientCaFile: string | undefined;
}

export interface HttpServerOptions {
  readonly name: string;
  readonly ip: string;
  readonly port: number;
  readonly tls: TlsFiles | undefined;
  /** A header block or body not complete within this time ends with 408. */
  readonly requestReceiveTimeoutMs: number;
  readonly listener: RequestListener;
  readonly logger: Logger;
}

/** One listening HTTP or HTTPS server: opens on start, drains its connections on stop. */
export class HttpServer implements Resource {
  readonly name: string;
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  #isDraining = false;

  constructor(options: HttpServerOptions) {
    this.name = options.name;
    this.#options = options;
    const { tls, requestReceiveTimeoutMs } = options;
    const serverOptions = {
      requestTimeout: requestReceiveTimeoutMs,
      headersTimeout: requestReceiveTimeoutMs,
      connectionsCheckingInterval: timeoutCheckIntervalMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      noDelay: true,
      // Checked by the origin stage, which answers in the error shape.
      requireHostHeader: false,
    };
    const listener: RequestListener = (message, response) => {
      (message.socket as Connection)[lastAnswer] = response;
      if (this.#isDraining) this.#closeBehind(response);
      options.listener(message, response);
    };
    this.#server =
      tls === undefined
        ? http.createServer(serverOptions, listener)
        : https.createServer({ ...serverOptions, ...readTls(tls) }, listener);
    this.#server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
      answerClientError(error, socket, (socket as Connection)[lastAnswer]),
    );
    // An expectation other than 100-continue is none that a server must meet (RFC 9110 §10.1.1).
    this.#server.on('checkExpectation', listener);
    this.#server.on('connect', (_, socket) => endWithError(socket, 'ERR10008', 'CONNECT is not taken: no proxy here'));
    // A client that has sent its request may end its side and still read the answer; Node's types lack the property.
    Object.assign(this.#server, { httpAllowHalfOpen: true });
  }

  /** The address listened on, once started; its port is the real one where 0 was asked for. */
  get address(): AddressInfo {
    return this.#server.address() as AddressInfo;
  }

  async start(): Promise<void> {
    const { ip, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, this.#options)));
      this.#server.listen(port, ip, () => resolve());
    });
  }

  /** Refuses new connections from now on; each kept one is told with its next answer to close. */
  drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    // http.Server.close would cut idle connections at once, and with them a request that is already on its way.
    net.Server.prototype.close.call(this.#server);
  }

  /** Lets the connection end with this answer, unless another request has come behind it until then. */
  #closeBehind(response: ServerResponse): void {
    let isWanted = response.shouldKeepAlive;
    Object.defineProperty(response, 'shouldKeepAlive', {
      // Node asks when it writes the header block.
      get: () => isWanted && (response.req.socket as Connection)[lastAnswer] !== response,
      set: (value: boolean) => {
        isWanted = value;
      },
    });
  }

  async stop(deadline: number): Promise<void> {
    if (!this.#server.listening && !this.#isDraining) return;
    this.drain();
    const closed = new Promise<void>((resolve) => {
      this.#server.getConnections((_, count) => {
        if (count === 0) resolve();
        else this.#server.once('close', () => resolve());
      });
    });
    const timers = [
      setTimeout(() => timers.push(setInterval(() => this.#server.closeIdleConnections(), 20)), idleGraceMs),
      setTimeout(() => this.#server.closeAllConnections(), Math.max(0, deadline - Date.now())),
    ];
    await closed;
    timers.forEach((timer) => clearTimeout(timer));
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function readTls(tls: TlsFiles) {
  return {
    cert: readFileSync(tls.certificateFile),
    key: readFileSync(tls.keyFile),
    minVersion: 'TLSv1.2' as const,
    ...(tls.clientCaFile === undefined
      ? {}
      : { ca: readFileSync(tls.clientCaFile), requestCert: true, rejectUnauthorized: true }),
  };
}

const portKeys: Readonly<Record<string, string>> = { https: 'httpsPort', management: 'managementPort' };

function listenError(error: NodeJS.ErrnoException, { name, ip, port }: HttpServerOptions): Error {
  const key = `server.${portKeys[name] ?? 'httpPort'}`;
  const hint = error.code === 'EADDRINUSE' ? `; another process has it, set ${key} to another` : '';
  return new Error(`cannot listen on ${ip}:${port} (${error.code ?? error.message})${hint}`, { cause: error });
}

/**
 * What is no request, or stopped in the middle of one, is answered in the error shape behind the answers still due, then
 * the connection is closed.
 *
 * @param last the answer begun last on the connection
 */
function answerClientError(error: NodeJS.ErrnoException, socket: Duplex, last: ServerResponse | undefined): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { code, description } = clientFault(error.code ?? '');
  const answer = () => endWithError(socket, code, description);
  if (last === undefined) answer();
  else if (!last.req.complete) {
    // The fault lies in that request: it has its answer already, or gets this one when it is its turn.
    if (last.headersSent || last.socket === null) socket.destroy();
    else answer();
  } else if (last.writableFinished) answer();
  else last.once('close', answer);
}

function endWithError(socket: Duplex, code: StatusCode, description: string): void {
  if (!socket.writable) return;
  const failure = new SidecarError(code, description);
  const body = JSON.stringify(failure.toBody());
  const reason = http.STATUS_CODES[failure.status] ?? 'Error';
  socket.end(
    `HTTP/1.1 ${failure.status} ${reason}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function clientFault(code: string): { code: StatusCode; description: string } {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { code: 'ERR12238', description: 'the request was not complete within server.requestReceiveTimeoutMs' };
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { code: 'ERR12240', description: 'the header block is larger than 16 KiB' };
  }
  return { code: 'ERR12241', description: `the request is not HTTP/1.1 (${code})` };
}
