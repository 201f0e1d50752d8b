import { connect, type Socket } from 'node:net';

/** An answer as it came over the wire. */
export interface PipelineAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface Waiting {
  resolve(answer: PipelineAnswer): void;
  reject(error: Error): void;
}

/**
 * One HTTP/1.1 connection on which requests go out without waiting for answers (RFC 9112 §9.3.2): the server accepts them
 * in the order of their calls, and nothing is ever sent twice.
 */
export class Pipeline {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #waiting: Waiting[] = [];
  #received = Buffer.alloc(0);
  #failure: Error | undefined;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the connection ended before the answer')));
  }

  static async open(url: string): Promise<Pipeline> {
    const { hostname, port, host } = new URL(url);
    const socket = connect(Number(port), hostname);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Pipeline(socket, host);
  }

  /** False once the connection has ended. */
  get isOpen(): boolean {
    return this.#failure === undefined;
  }

  /** Rejects when the connection ends before the answer. */
  post(path: string, body: string): Promise<PipelineAnswer> {
    return this.#send(
      `POST ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }

  get({ pathname, search }: URL): Promise<PipelineAnswer> {
    return this.#send(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${this.#host}\r\n\r\n`);
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(request: string): Promise<PipelineAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#socket.write(request);
    });
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const headEnd = this.#received.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const head = this.#received.subarray(0, headEnd).toString('latin1');
      const bodyEnd = headEnd + 4 + Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      if (this.#received.length < bodyEnd) return;
      const text = this.#received.subarray(headEnd + 4, bodyEnd).toString();
      this.#received = this.#received.subarray(bodyEnd);
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
      this.#waiting.shift()?.resolve({ status, body: text === '' ? undefined : (JSON.parse(text) as unknown) });
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#failure);
  }
}
