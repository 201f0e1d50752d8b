import { startRegistry } from '../support/avro.mjs';
import { Hammer } from '../support/load.mjs';
import { orderValue, produceBody } from '../support/payload.mjs';
import { cpuSeconds } from '../support/proc.mjs';
import { ms, perSecond, ratioLine } from '../support/report.mjs';
import { checkProduce, startSidecar } from '../support/servers.mjs';
import { interleave, medianRun } from '../support/stats.mjs';

/** Reading JSON and Avro takes longer to reach its speed than passing JSON on. */
const warmUpSeconds = 8;
const mebibyte = 2 ** 20;
const partitions = 4;

/** One Avro record per request, its schema's id given, against the same record as JSON. */
export const avroSingle = (bench) =>
  avroRow(bench, { name: 'avro-single', recordsPerBody: 1, differentBodies: 64, connections: 64, target: 0.8 });

/** A hundred. */
export const avroBatch = (bench) =>
  avroRow(bench, { name: 'avro-batch', recordsPerBody: 100, differentBodies: 16, connections: 16, target: 0.6 });

function avroRow(bench, { name, recordsPerBody, differentBodies, connections, target }) {
  return formatRow(bench, { name, recordsPerBody, target }, (schemaId) => {
    const bodies = (settings) =>
      Array.from({ length: differentBodies }, (_, i) => produceBody(i * recordsPerBody, recordsPerBody, settings));
    const json = bodies({ keyFormat: 'STRING', valueFormat: 'JSON' });
    const avro = bodies({ keyFormat: 'STRING', valueFormat: 'AVRO', valueSchemaId: schemaId });
    return [
      new Hammer(bench, { name: `${name}-tested`, bodies: avro, connections }),
      new Hammer(bench, { name: `${name}-json`, bodies: json, connections }),
    ];
  });
}

/** One value of bytes per request, against the same value in a JSON body; neither has a key. */
export const octets = (bench) =>
  formatRow(bench, { name: 'octets', recordsPerBody: 1, target: 1 }, () => {
    const values = Array.from({ length: 64 }, (_, i) => orderValue(i));
    const bytes = values.map((value) => JSON.stringify(value));
    const json = values.map((value) => JSON.stringify({ valueFormat: 'JSON', records: [{ value }] }));
    const contentType = 'application/octet-stream';
    return [
      new Hammer(bench, { name: 'octets-tested', bodies: bytes, connections: 64, contentType }),
      new Hammer(bench, { name: 'octets-json', bodies: json, connections: 64 }),
    ];
  });

/** Both kinds of body go to one sidecar in turn: the ceiling of these rows is its own JSON. */
async function formatRow(bench, { name, recordsPerBody, target }, hammersFor) {
  const topic = await bench.createTopic(name, partitions);
  const registry = await startRegistry(topic);
  const sidecar = await startSidecar(bench, { SCHEMA_REGISTRY_URL: registry.url });
  const url = sidecar.produceUrl(topic);
  const [tested, json] = hammersFor(registry.schemaId);
  const hit = async (hammer, seconds) => {
    const cpuBefore = cpuSeconds(sidecar.pid);
    const result = await hammer.run(url, seconds);
    const records = result.requestsPerSecond * seconds * recordsPerBody;
    return { ...result, cpuUsPerRecord: ((cpuSeconds(sidecar.pid) - cpuBefore) * 1e6) / records };
  };
  for (const hammer of [tested, json]) {
    await checkProduce(url, hammer.firstBody, { contentType: hammer.contentType, records: recordsPerBody });
    await hit(hammer, warmUpSeconds);
  }
  const seconds = bench.pick(5, 3);
  const runs = await interleave(bench.rounds, {
    tested: () => hit(tested, seconds),
    json: () => hit(json, seconds),
  });
  await sidecar.stop();
  await registry.close();

  const figures = ({ requestsPerSecond, p99Ms, cpuUsPerRecord }) => {
    const rate = perSecond(requestsPerSecond * recordsPerBody, recordsPerBody === 1 ? 'req' : 'rec');
    return `${rate}, p99 ${ms(p99Ms)}, ${cpuUsPerRecord.toFixed(1)} µs CPU each`;
  };
  const [one, other] = [medianRun(runs.tested), medianRun(runs.json)];
  const ratio = one.requestsPerSecond / other.requestsPerSecond;
  return {
    lines: [ratioLine(name, { sidecar: figures(one), ceiling: `JSON: ${figures(other)}`, ratio, target })],
    runs,
  };
}

/** A backlog of Avro records read by one instance, against one of JSON records. */
export async function avroDrain(bench) {
  const records = bench.pick(300_000, 100_000);
  const topics = {
    avro: await bench.createTopic('avro', partitions),
    json: await bench.createTopic('json', partitions),
  };
  const registry = await startRegistry(topics.avro);
  const fill = (topic, schemaId) =>
    bench.load('fill', { bootstrap: bench.bootstrap, topic, records, partitions, schemaId }).result();
  await fill(topics.avro, registry.schemaId);
  await fill(topics.json);
  const sidecar = await startSidecar(bench, { SCHEMA_REGISTRY_URL: registry.url });
  const read = async (topic, valueFormat, isVerifying = false) => {
    const cpuBefore = cpuSeconds(sidecar.pid);
    const args = { url: sidecar.url, topic, records, partitions, maxBytes: mebibyte, valueFormat, isVerifying };
    const result = await bench.load('drain', args).result();
    return { ...result, cpuUsPerRecord: ((cpuSeconds(sidecar.pid) - cpuBefore) * 1e6) / records };
  };
  const verified = await read(topics.avro, 'AVRO', true);
  const runs = await interleave(bench.rounds, {
    avro: () => read(topics.avro, 'AVRO'),
    json: () => read(topics.json, 'JSON'),
  });
  await sidecar.stop();
  await registry.close();

  const figures = ({ recordsPerSecond, cpuUsPerRecord }) =>
    `${perSecond(recordsPerSecond, 'rec')}, ${cpuUsPerRecord.toFixed(1)} µs CPU each`;
  const [avro, json] = [medianRun(runs.avro), medianRun(runs.json)];
  const texts = { sidecar: figures(avro), ceiling: `JSON: ${figures(json)}` };
  const ratio = avro.recordsPerSecond / json.recordsPerSecond;
  const line = ratioLine('avro-drain, reads of 1 MiB', { ...texts, ratio, target: 0.6 });
  return { lines: [line], runs: { ...runs, verified: [verified] } };
}
