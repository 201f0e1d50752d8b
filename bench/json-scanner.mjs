/**
 * Time of the JSON scanner beside JSON.parse, on the same bytes: `node bench/json-scanner.mjs`.
 *
 * Each figure is the median of `rounds` rounds, in microseconds a call. JSON.parse is given the bytes as a server has
 * them, so it includes making the string.
 */
import { register } from 'tsx/esm/api';
import { orderValue, produceBody } from './support/payload.mjs';

register();
const { JsonCursor } = await import('../src/foundation/json/json-cursor.ts');
const { isJsonText, parseStrictJson } = await import('../src/foundation/json/strict-json.ts');

const rounds = 15;
const roundMs = 40;

/** Reads a produce body as scan-request does: keys and values are cut out, nothing is built. */
function scanRecords(body) {
  const cursor = new JsonCursor(body);
  let cutBytes = 0;
  cursor.enterObject();
  while (cursor.nextName() !== undefined) {
    cursor.enterArray();
    while (cursor.nextElement()) {
      cursor.enterObject();
      for (let name = cursor.nextName(); name !== undefined; name = cursor.nextName()) {
        if (name === 'headers') {
          cursor.enterObject();
          while (cursor.nextName() !== undefined) cutBytes += cursor.readString().length;
          continue;
        }
        cursor.skipValue();
        cutBytes += body.subarray(cursor.valueStart, cursor.position).length;
      }
    }
  }
  cursor.end();
  return cutBytes;
}

function withHeaders(body) {
  const { records } = JSON.parse(body);
  return JSON.stringify({ records: records.map((record) => ({ ...record, headers: { source: 'bench' } })) });
}

/** Results are kept, so that no call can be optimised away. */
let kept = 0;

function medianMicroseconds(call) {
  const results = [];
  for (let round = -3; round < rounds; round++) {
    let calls = 0;
    const start = process.hrtime.bigint();
    const deadline = start + BigInt(roundMs * 1e6);
    let now = start;
    while (now < deadline) {
      for (let i = 0; i < 16; i++) if (call()) kept++;
      calls += 16;
      now = process.hrtime.bigint();
    }
    if (round >= 0) results.push(Number(now - start) / calls / 1000);
  }
  return results.toSorted((a, b) => a - b)[rounds >> 1];
}

const sentence = 'Grüße aus Köln, 東京 und Αθήνα; ';
const texts = {
  'order value': JSON.stringify(orderValue(1)),
  'order value, indented': JSON.stringify(orderValue(1), null, 2),
  'strings in strings': JSON.stringify({
    event: JSON.stringify({ ...orderValue(1), lines: Array.from({ length: 20 }, () => ({ n: 1 })) }),
  }),
  'not ASCII': JSON.stringify({ ...orderValue(1), note: sentence.repeat(25) }),
  numbers: JSON.stringify(Array.from({ length: 150 }, (_, i) => i * 1.37)),
  'small value': '{"id":1,"name":"Ada"}',
};
const rows = [];

function row(name, bytes, scan) {
  const scannerUs = medianMicroseconds(() => scan(bytes));
  const parseUs = medianMicroseconds(() => JSON.parse(bytes.toString()));
  rows.push({
    text: name,
    bytes: bytes.length,
    'scanner us': Number(scannerUs.toFixed(2)),
    'JSON.parse us': Number(parseUs.toFixed(2)),
    'times faster': Number((parseUs / scannerUs).toFixed(1)),
    'scanner MB/s': Math.round(bytes.length / scannerUs),
  });
}

for (const count of [1, 100]) {
  const body = Buffer.from(withHeaders(produceBody(1, count)));
  row(`cursor over produce body, ${count} records`, body, scanRecords);
}
for (const [name, text] of Object.entries(texts)) row(`isJsonText, ${name}`, Buffer.from(text), isJsonText);
row('parseStrictJson, order value', Buffer.from(texts['order value']), parseStrictJson);
console.table(rows);
if (kept === 0) process.exitCode = 1;
