import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../support/http.ts';
import { randomName } from '../support/names.ts';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';

let running: RunningSidecar;
beforeAll(async () => {
  running = await startSidecar({ SERVER_MAXTRANSFERFILESIZE: '100000', SERVER_REQUESTRECEIVETIMEOUTMS: '700' });
});
afterAll(() => running.stop());

const liveness = 'GET /health/liveness HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** What comes back on one connection until the sidecar closes it or `idleMs` pass without a byte. */
function talk(use: (socket: Socket) => void, idleMs = 1_500): Promise<string> {
  const { hostname, port } = new URL(running.url);
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true }, () => use(socket));
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
    socket.on('end', () => socket.end());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

const statuses = (heard: string) => [...heard.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

function produceRequest(topic: string, body = '{"records":[{"value":1}]}'): string {
  return `POST /producers/${topic} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

async function waitingRead(): Promise<string> {
  const base = `${running.url}/consumers/${randomName('group')}`;
  await call('POST', base, { id: 'i' });
  await call('POST', `${base}/instances/i/subscriptions`, { topics: [randomName('topic')] });
  return `GET ${new URL(base).pathname}/instances/i/records?timeout=800 HTTP/1.1\r\nHost: localhost\r\n\r\n`;
}

describe('one connection', () => {
  it('gets an answer to each of several requests sent at once, in their order', async () => {
    const requests = [liveness, produceRequest(randomName('topic')), liveness, produceRequest('a%20b'), liveness];
    const heard = await talk((socket) => socket.write(requests.join('')));
    expect(statuses(heard)).toEqual([200, 200, 200, 400, 200]);
  });

  it('gets its answer although the client has ended its side after the request', async () => {
    for (const request of [liveness, produceRequest(randomName('topic'))]) {
      const heard = await talk((socket) => socket.end(request));
      expect(statuses(heard)).toEqual([200]);
    }
  });

  it('gets the answer to a read that waits before the 400 for what follows it', async () => {
    const read = await waitingRead();
    const heard = await talk((socket) => socket.write(`${read}GARBAGE\x01\r\n\r\n`), 3_000);
    expect(statuses(heard)).toEqual([200, 400]);
    expect(heard).toMatch(/\r\n\r\n\[\]HTTP\/1\.1 400 [\s\S]*"code":"ERR12241"/);
  });

  it('gets one answer to a request whose body never comes whole, and is closed', async () => {
    const heard = await talk((socket) =>
      socket.write('POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{'),
    );
    expect(statuses(heard)).toEqual([404]);
  });

  it('can send a body over the limit to its end before it reads the 413', async () => {
    const body = 'x'.repeat(5_000_000);
    const head = `POST /producers/t HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`;
    const heard = await talk((socket) => {
      socket.pause();
      socket.write(head + body, () => socket.resume());
    });
    expect(statuses(heard)).toEqual([413]);
  });

  it.each([
    ['no Host header', 'GET /spec.yaml HTTP/1.1\r\n\r\n', 400, 'ERR12241'],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 405, 'ERR10008'],
    [
      'a transfer encoding beside chunked',
      produceRequest('t').replace('Content-Length: 25', 'Transfer-Encoding: gzip, chunked'),
      415,
      'ERR12232',
    ],
    ['a Host with a user part', 'GET /spec.yaml HTTP/1.1\r\nHost: localhost:80@evil.example\r\n\r\n', 403, 'ERR12234'],
    [
      'a page of another port of this machine',
      `GET /spec.yaml HTTP/1.1\r\nHost: localhost\r\nOrigin: http://127.0.0.1:3000\r\n\r\n`,
      403,
      'ERR12234',
    ],
    [
      'a path that is not percent-encoded UTF-8',
      'DELETE /consumers/a%zz/instances/b HTTP/1.1\r\nHost: localhost\r\n\r\n',
      400,
      'ERR11004',
    ],
  ])('is answered in the error shape: %s', async (_, request, status, code) => {
    const heard = await talk((socket) => socket.write(request), 500);
    expect(statuses(heard)).toEqual([status]);
    expect(heard).toContain(`"statusCode":${status},"code":"${code}"`);
  });

  it('may carry an expectation that the sidecar does not know', async () => {
    const heard = await talk((socket) => socket.write(liveness.replace('\r\n\r\n', '\r\nExpect: banana\r\n\r\n')), 300);
    expect(statuses(heard)).toEqual([200]);
  });
});
