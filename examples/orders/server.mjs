// A backend that uses Kafka and speaks only HTTP: it writes orders to a topic and reads them back. No dependencies.
//
//   SIDECAR_URL=http://127.0.0.1:8080 node server.mjs
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { hostname } from 'node:os';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const { SIDECAR_URL = 'http://127.0.0.1:8080', HOST = '127.0.0.1', PORT = '3000', TOPIC = 'orders' } = process.env;
const group = process.env.GROUP ?? 'orders-service';
/** A name of its own, not one the sidecar makes up: what a crash left behind is found again, see openInstance. */
const instanceId = `orders-${hostname()}`;
const instance = `/consumers/${group}/instances/${instanceId}`;
/** Named, since what the sidecar takes without depends on whether it has a schema registry. */
const formats = { keyFormat: 'STRING', valueFormat: 'JSON' };

/** How long a read waits for a first record, milliseconds. */
const readMs = 10_000;
/** Beyond what the sidecar takes itself, milliseconds. */
const answerMs = 15_000;
/** A consumer that fails waits so long before it tries again, doubling up to the second, milliseconds. */
const backoffMs = { first: 200, last: 5_000 };
/** How long an order is offered to a sidecar that does not take it, milliseconds. */
const produceMs = 5_000;
const ordersKept = 1_000;

const orders = [];
let isConsuming = false;
const stopping = new AbortController();

/** A sidecar's refusal; code is its error code, such as ERR12200. */
class Refusal extends Error {
  constructor(status, body) {
    super(`${status} ${body?.code ?? ''}: ${body?.description ?? ''}`);
    this.status = status;
    this.code = body?.code;
  }
}

/** Calls the sidecar. Throws a Refusal, or a TypeError where there is none to talk to. */
async function call(method, path, { body, signal, timeoutMs = answerMs } = {}) {
  const answer = await fetch(SIDECAR_URL + path, {
    method,
    signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await answer.text();
  const content = text === '' ? undefined : JSON.parse(text);
  // 207 says that some records were not written; here there is one, so it does not come.
  if (!answer.ok) throw new Refusal(answer.status, content);
  return content;
}

/** No connection, or 503: certainly not written. 504 and a connection that was lost leave it open. */
const isUnwritten = (error) => error.status === 503 || error.cause?.code === 'ECONNREFUSED';

/** Writes one order, and offers it again only where it certainly was not written. */
async function produce(order) {
  const giveUpAt = Date.now() + produceMs;
  for (;;) {
    try {
      const body = { ...formats, records: [{ key: order.id, value: order }] };
      return (await call('POST', `/producers/${TOPIC}`, { body })).offsets[0];
    } catch (error) {
      if (!isUnwritten(error) || Date.now() >= giveUpAt) throw error;
      await sleep(backoffMs.first);
    }
  }
}

async function openInstance() {
  const create = () => call('POST', `/consumers/${group}`, { body: { id: instanceId, ...formats } });
  await create().catch(async (error) => {
    if (error.code !== 'ERR12202') throw error;
    // One of ours that ended without closing it; it would keep its partitions until it expires.
    await call('DELETE', instance);
    await create();
  });
  await call('POST', `${instance}/subscriptions`, { body: { topics: [TOPIC] } });
}

/** Reads, handles, commits; opens a new instance whenever the old one is gone or the sidecar was. */
async function consume() {
  let waitMs = backoffMs.first;
  while (!stopping.signal.aborted) {
    try {
      await openInstance();
      isConsuming = true;
      while (!stopping.signal.aborted) {
        const path = `${instance}/records?timeout=${readMs}`;
        const records = await call('GET', path, { signal: stopping.signal, timeoutMs: readMs + answerMs });
        waitMs = backoffMs.first;
        records.forEach(handle);
        // Without a body: what was read. After the work, so that a crash repeats records and loses none.
        if (records.length > 0) await call('POST', `${instance}/offsets`);
      }
    } catch (error) {
      isConsuming = false;
      if (stopping.signal.aborted) break;
      console.warn(`consumer: ${error.cause?.code ?? error.message}`);
      // No sidecar yet, no broker, or the instance is gone: 404 ERR12200, as it expired or the sidecar was restarted.
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, backoffMs.last);
    }
  }
}

/** Records may come twice, so handling one must not harm the second time: here the last one of an id stays. */
function handle({ partition, offset, value, error }) {
  if (error !== undefined) return console.warn(`skipped ${partition}/${offset}: ${error.description}`);
  const known = orders.findIndex(({ id }) => id === value?.id);
  if (known !== -1) orders.splice(known, 1);
  orders.push({ ...value, partition, offset });
  if (orders.length > ordersKept) orders.shift();
}

const routes = {
  'GET /health': () => [200, { status: 'OK', consuming: isConsuming }],
  'GET /orders': () => [200, orders],
  'POST /orders': async (request) => {
    const order = await json(request).catch(() => undefined);
    if (typeof order?.item !== 'string') return [400, { error: 'an order is {"item":"…","count":1}' }];
    const id = randomUUID();
    try {
      return [201, { id, ...(await produce({ ...order, id })) }];
    } catch (error) {
      // 503 invites the caller to try again; behind 502 the order may stand all the same, so it should look first.
      return [isUnwritten(error) ? 503 : 502, { id, error: error.cause?.code ?? error.message }];
    }
  },
};

async function serve(request, response) {
  const route = routes[`${request.method} ${request.url}`] ?? (() => [404, { error: 'not found' }]);
  const [status, body] = await route(request);
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

const server = createServer((request, response) => void serve(request, response));
server.listen(Number(PORT), HOST, () => console.log(`orders on http://${HOST}:${server.address().port}`));
const consumer = consume();

/** The sidecar is still there: Kubernetes stops it last. Answer what was accepted, then leave the group at once. */
async function stop() {
  stopping.abort();
  server.close();
  await Promise.all([once(server, 'close'), consumer]);
  await call('DELETE', instance, { timeoutMs: 2_000 }).catch(() => undefined);
}

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void stop());
