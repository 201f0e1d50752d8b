import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, request } from 'undici';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';

const file = (name: string) => fileURLToPath(new URL(`../support/tls/${name}.pem`, import.meta.url));
const ca = readFileSync(file('ca'));
const identity = { cert: readFileSync(file('client')), key: readFileSync(file('client-key')) };

const https = {
  SERVER_ENABLEHTTP: 'false',
  SERVER_ENABLEHTTPS: 'true',
  SERVER_HTTPSPORT: '0',
  SERVER_TLSCERTIFICATEFILE: file('server'),
  SERVER_TLSKEYFILE: file('server-key'),
};

/** The status of an answer over TLS; with a client certificate where one is given. */
async function status({ url }: RunningSidecar, certificate: object = {}): Promise<number> {
  const dispatcher = new Agent({ connect: { ca, ...certificate } });
  try {
    const answer = await request(`${url}/spec.yaml`, { dispatcher });
    await answer.body.dump();
    return answer.statusCode;
  } finally {
    await dispatcher.close();
  }
}

describe('the HTTPS listener', () => {
  let running: RunningSidecar;
  beforeAll(async () => {
    running = await startSidecar(https);
  });
  afterAll(() => running.stop());

  it('serves the API with the configured certificate, and no plain HTTP', async () => {
    expect(running.url).toMatch(/^https:/);
    expect(await status(running)).toBe(200);
    await expect(request(running.url.replace('https', 'http'))).rejects.toThrow();
  });
});

describe('the HTTPS listener with client certificates', () => {
  let running: RunningSidecar;
  beforeAll(async () => {
    running = await startSidecar({ ...https, SERVER_ENABLETWOWAYTLS: 'true', SERVER_CLIENTCAFILE: file('ca') });
  });
  afterAll(() => running.stop());

  it('serves a client that shows one of the authority, and nobody else', async () => {
    expect(await status(running, identity)).toBe(200);
    await expect(status(running)).rejects.toThrow();
  });
});
