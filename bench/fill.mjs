// Load process: writes a backlog, evenly over the partitions, of JSON or, with a schema id, of Avro.
import { framedEncoder } from './support/avro.mjs';
import { printResult, readArgs } from './support/args.mjs';
import { orderValue } from './support/payload.mjs';
import { closeProducer, openProducer } from './support/producer.mjs';

const { bootstrap, topic, records, partitions, schemaId } = readArgs();
const maxQueued = 20_000;
const queueFull = -184;
// Idempotent, since a record appended twice would look like one delivered twice.
const producer = await openProducer(bootstrap, {
  'enable.idempotence': true,
  'linger.ms': 5,
  'queue.buffering.max.messages': maxQueued,
});
const client = producer.getClient();
const encode = schemaId === undefined ? (value) => Buffer.from(JSON.stringify(value)) : framedEncoder(schemaId);
const values = Array.from({ length: 1000 }, (_, number) => encode(orderValue(number)));

function append(number) {
  return client.produce(topic, number % partitions, values[number % values.length], `key-${number}`, null, null);
}

for (let number = 0; number < records; number++) {
  while (append(number) === queueFull) await new Promise((resolve) => setTimeout(resolve, 5));
}
await closeProducer(producer);
printResult({ records });
