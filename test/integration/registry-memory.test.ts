// What is remembered of a registry is bounded: the process grows by about 10 MiB in this test, and by about 60 MiB where
// `schema.registry.cache` is large enough for all of it.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { call } from '../support/http.ts';
import { randomName } from '../support/names.ts';
import { startRealKafka } from '../support/real-kafka.ts';
import { SidecarProcess } from '../support/sidecar-process.ts';

const count = 10_000;
/** Old objects of the sidecar, MiB; without a limit the heap grows for long before it is collected. */
const heapMiB = 96;
const growthMiB = 30;
const lanes = 20;

let kafka: Awaited<ReturnType<typeof startRealKafka>>;
let registry: Server;
let sidecar: SidecarProcess;
let asked = 0;

beforeAll(async () => {
  registry = await endlessRegistry();
  kafka = await startRealKafka();
  sidecar = await SidecarProcess.start({
    KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap,
    SCHEMA_REGISTRY_URL: `http://127.0.0.1:${(registry.address() as AddressInfo).port}`,
    SCHEMA_REGISTRY_CACHE: '100',
    NODE_OPTIONS: `--max-old-space-size=${heapMiB}`,
  });
}, 60_000);

afterAll(async () => {
  await sidecar?.kill();
  await kafka?.close();
  registry?.close();
});

/** Has a schema for every subject, and takes every text; each has an id of its own. */
async function endlessRegistry(): Promise<Server> {
  const server = createServer((request, response) => {
    void json(request)
      .catch(() => undefined)
      .then(() => {
        const id = ++asked;
        const latest = { subject: 's', version: 1, id, schema: JSON.stringify({ type: 'int', doc: `schema ${id}` }) };
        response.setHeader('content-type', 'application/vnd.schemaregistry.v1+json');
        response.end(JSON.stringify(request.method === 'POST' ? { id } : latest));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** One in ten is of the kinds that take long to make. */
function valueSchema(i: number): {
  readonly valueFormat: string;
  readonly valueSchema: string;
  readonly value: unknown;
} {
  const value = { n: 1 };
  if (i % 30 === 1) {
    const schema = { title: `schema ${i}`, type: 'object', properties: { n: { type: 'integer' } } };
    return { valueFormat: 'JSONSCHEMA', valueSchema: JSON.stringify(schema), value };
  }
  if (i % 30 === 2) {
    return { valueFormat: 'PROTOBUF', valueSchema: `syntax = "proto3"; message Schema${i} { int32 n = 1; }`, value };
  }
  if (i % 30 === 3) {
    const schema = { type: 'record', name: `Schema${i}`, fields: [{ name: 'n', type: 'int' }] };
    return { valueFormat: 'AVRO', valueSchema: JSON.stringify(schema), value };
  }
  return { valueFormat: 'AVRO', valueSchema: JSON.stringify({ type: 'int', doc: `schema ${i}` }), value: 1 };
}

const residentMiB = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${sidecar.pid}/status`, 'utf8'))![1]) / 1_024;

test('10,000 schema texts and 10,000 subjects leave no more in memory than 1,000 do', async () => {
  const topic = randomName('memory');
  await kafka.createTopic(topic);
  const statuses = new Set<number>();
  let next = 0;
  const sendUntil = (end: number) =>
    Promise.all(
      Array.from({ length: lanes }, async () => {
        while (next < end) {
          const i = next++;
          const { value, ...schema } = valueSchema(i);
          const body = { records: [{ key: 1, value }], keySchemaSubject: `subject-${i}`, ...schema };
          statuses.add((await call('POST', `${sidecar.url}/producers/${topic}`, body)).status);
        }
      }),
    );
  await sendUntil(count / 10);
  const before = residentMiB();
  await sendUntil(count);
  expect(residentMiB() - before).toBeLessThan(growthMiB);
  expect([...statuses]).toEqual([200]);
  expect(asked).toBe(2 * count);
}, 120_000);
