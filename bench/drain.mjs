// Load process: drains a backlog through back-to-back reads of one instance. The clock runs as in ceilings/consume.mjs:
// from the first answer that has records to the last one, so that joining the group counts for neither.
import { printResult, readArgs } from './support/args.mjs';
import { ConsumerApi } from './support/instances.mjs';

const { url, topic, records, partitions, maxBytes, valueFormat, isVerifying } = readArgs();
const partitionField = Buffer.from('"partition":');
/** A read of a backlog is answered at once; this long without records means that some are missing. */
const waitMs = 10_000;

/** Cheap counting: the answers are the server's cost to make, not this client's to parse. */
function countRecords(answer) {
  let count = 0;
  for (let at = answer.indexOf(partitionField); at !== -1; at = answer.indexOf(partitionField, at + 1)) count++;
  return count;
}

/** Exact counting, for the run that proves that every record came exactly once. */
class Ledger {
  #seen = Array.from({ length: partitions }, () => new Set());

  count(answer) {
    const delivered = JSON.parse(answer.toString());
    for (const { partition, offset } of delivered) {
      if (this.#seen[partition].has(offset)) throw new Error(`partition ${partition} offset ${offset} came twice`);
      this.#seen[partition].add(offset);
    }
    return delivered.length;
  }
}

const ledger = new Ledger();
const count = isVerifying ? (answer) => ledger.count(answer) : countRecords;
const api = new ConsumerApi();
const baseUri = await api.subscribed(url, topic, valueFormat);
let received = 0;
let reads = 0;
let startedAt;
let lastAt;
while (received < records) {
  const answer = await api.read(baseUri, { timeout: waitMs, max_bytes: maxBytes });
  lastAt = performance.now();
  const more = count(answer);
  if (more === 0) throw new Error(`${received} of ${records} records came, then none for ${waitMs} ms`);
  startedAt ??= lastAt;
  received += more;
  reads++;
}
if (isVerifying) received += count(await api.read(baseUri, { timeout: 500, max_bytes: maxBytes }));
// Counted too cheaply or delivered twice: either way the rate would be wrong.
if (received !== records) throw new Error(`${received} records came instead of ${records}`);
await api.delete(baseUri);
api.close();
printResult({ recordsPerSecond: Math.round(received / ((lastAt - startedAt) / 1000)), reads, received });
