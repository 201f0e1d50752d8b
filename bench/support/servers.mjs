import { createServer } from 'node:net';
import { request } from 'undici';
import { sleep } from './stats.mjs';

/** How long a server may take to answer its first request, milliseconds. */
const startTimeoutMs = 30_000;
const pollMs = 5;

/** The sidecar under test, as an operator starts it. */
export async function startSidecar(bench, env = {}) {
  const [httpPort, managementPort] = await freePorts(2);
  const startedAt = performance.now();
  const child = bench.processes.start('sidecar', process.execPath, [...bench.sidecarFlags, bench.entry], {
    SERVER_HTTPPORT: httpPort,
    SERVER_MANAGEMENTPORT: managementPort,
    KAFKA_BOOTSTRAP_SERVERS: bench.bootstrap,
    LOGGING_LEVEL: 'error',
    UV_THREADPOOL_SIZE: '16',
    ...env,
  });
  const url = `http://127.0.0.1:${httpPort}`;
  await becomesReady(child, `${url}/health/readiness`);
  return {
    url,
    pid: child.pid,
    ports: [httpPort, managementPort],
    readyMs: performance.now() - startedAt,
    produceUrl: (topic) => `${url}/producers/${topic}`,
    stop: () => child.stop(),
  };
}

/** The least code that does a produce: what the sidecar's figures are divided by. */
export async function startProduceCeiling(bench, lingerMs) {
  const child = bench.processes.node('ceiling', bench.ceiling('produce-server'), [bench.bootstrap, lingerMs]);
  const url = `http://127.0.0.1:${await child.firstLine()}`;
  return { url, pid: child.pid, produceUrl: (topic) => `${url}/topics/${topic}`, stop: () => child.stop() };
}

/** Proves that the server produces what the load will ask of it: a load tool only sees the status. */
export async function checkProduce(url, body, { contentType = 'application/json', records } = {}) {
  const { statusCode, body: answer } = await request(url, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
  });
  const text = await answer.text();
  const expected = records ?? JSON.parse(body).records.length;
  const offsets = statusCode === 200 ? (JSON.parse(text).offsets ?? []) : [];
  const stored = offsets.filter(({ offset }) => Number(offset) >= 0).length;
  if (stored !== expected)
    throw new Error(`${url} stored ${stored} of ${expected}: ${statusCode} ${text.slice(0, 500)}`);
}

async function becomesReady(child, url) {
  const deadline = performance.now() + startTimeoutMs;
  let last = 'no connection';
  while (performance.now() < deadline) {
    await child.assertRunning();
    last = await statusOf(url);
    if (last === 200) return;
    await sleep(pollMs);
  }
  throw new Error(`not ready after ${startTimeoutMs} ms: ${last}`);
}

async function statusOf(url) {
  try {
    const { statusCode, body } = await request(url, { headersTimeout: 2_000 });
    await body.dump();
    return statusCode;
  } catch (error) {
    return error.code ?? String(error);
  }
}

/** Ports that were free a moment ago; all are held until the last is known, so that they differ. */
async function freePorts(count) {
  const holders = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
    }),
  );
  const ports = holders.map((server) => server.address().port);
  await Promise.all(holders.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
