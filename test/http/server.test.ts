import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { silentLogger } from '../../src/foundation/logging.ts';
import { HttpServer } from '../../src/http/server.ts';

const opened: HttpServer[] = [];
afterEach(() => Promise.all(opened.splice(0).map((server) => server.stop(Date.now()))));

function unstarted(listener: RequestListener, port = 0, name = 'http'): HttpServer {
  return new HttpServer({
    name,
    ip: '127.0.0.1',
    port,
    tls: undefined,
    requestReceiveTimeoutMs: 5_000,
    listener,
    logger: silentLogger,
  });
}

async function started(listener: RequestListener, port = 0): Promise<HttpServer> {
  const server = unstarted(listener, port);
  opened.push(server);
  await server.start();
  return server;
}

/** A keep-alive connection that gathers what comes. */
class Client {
  readonly #socket: Socket;
  text = '';
  readonly closed: Promise<string>;

  constructor(server: HttpServer) {
    this.#socket = connect(server.address.port, '127.0.0.1');
    this.#socket.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    this.#socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', () => resolve(this.text));
    });
  }

  get(path: string): void {
    this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  }

  /** Resolves when `text` came. */
  async until(text: string): Promise<void> {
    while (!this.text.includes(text)) await new Promise((resolve) => this.#socket.once('data', resolve));
  }
}

describe('HttpServer', () => {
  it('tells its real port where 0 was asked for', async () => {
    const server = await started((_, response) => response.end('x'));
    expect(server.address).toEqual({ address: '127.0.0.1', family: 'IPv4', port: expect.any(Number) });
    expect(server.address.port).toBeGreaterThan(0);
  });

  it('says which key to change when the port is taken', async () => {
    const { address } = await started((_, response) => response.end());
    await expect(started((_, response) => response.end(), address.port)).rejects.toThrow(
      `cannot listen on 127.0.0.1:${address.port} (EADDRINUSE); another process has it, set server.httpPort to another`,
    );
  });

  it('says it of the management listener’s own key', async () => {
    const { address } = await started((_, response) => response.end());
    const management = unstarted((_, response) => response.end(), address.port, 'management');
    await expect(management.start()).rejects.toThrow('another process has it, set server.managementPort to another');
  });

  it('answers what it accepted before it stops, and tells the connection to close', async () => {
    let finish: () => void = () => undefined;
    const server = await started((_, response) => {
      finish = () => response.end('late');
      response.on('close', () => undefined);
      arrived();
    });
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const client = new Client(server);
    client.get('/');
    await arrival;
    const stopped = server.stop(Date.now() + 5_000);
    finish();
    await stopped;
    expect(await client.closed).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*late/);
  });

  it('still answers a request on a kept connection while it drains, as the last one', async () => {
    const server = await started((_, response) => response.end('answer'));
    const client = new Client(server);
    client.get('/');
    await client.until('answer');
    server.drain();
    client.text = '';
    client.get('/');
    const text = await client.closed;
    expect(text).toMatch(/connection: close/i);
    expect(text).toContain('answer');
  });

  it('cuts at the deadline what does not end', async () => {
    const server = await started(() => arrived());
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const client = new Client(server);
    client.get('/');
    await arrival;
    await server.stop(Date.now() + 50);
    expect(await client.closed).toBe('');
  });

  it('can be stopped twice', async () => {
    const server = await started((_, response) => response.end());
    await server.stop(Date.now() + 1_000);
    await expect(server.stop(Date.now() + 1_000)).resolves.toBeUndefined();
  });

  it.each([
    ['NONSENSE\r\n\r\n', 400, 'ERR12241'],
    [`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'ERR12240'],
    ['GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400, 'ERR12241'],
  ])('answers what is no request in the error shape (%#)', async (text, status, code) => {
    const server = await started((_, response) => response.end());
    const socket = connect(server.address.port, '127.0.0.1', () => socket.write(text));
    const answer = await new Promise<string>((resolve) => {
      let seen = '';
      socket.on('data', (chunk: Buffer) => (seen += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(seen));
    });
    const [head, body] = answer.split('\r\n\r\n');
    expect([head?.split(' ')[1], JSON.parse(body!)]).toEqual([
      String(status),
      {
        statusCode: status,
        code,
        message: expect.any(String),
        description: expect.any(String),
        severity: 'ERROR',
      },
    ]);
  });
});
