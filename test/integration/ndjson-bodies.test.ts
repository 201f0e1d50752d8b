import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorBody } from '../support/http.ts';
import { readLog } from '../support/read-log.ts';
import { firstOffsets, frame, headerTexts, SidecarBench } from '../support/sidecar-bench.ts';

const lines = { 'content-type': 'application/x-ndjson' };
const text = '?keyFormat=string&valueFormat=json';
const count = {
  schema: { type: 'record', name: 'Count', fields: [{ name: 'count', type: 'int' }] },
};

let bench: SidecarBench;
/** Never written to. */
let untouched: string;

beforeAll(async () => {
  bench = await SidecarBench.start();
  untouched = await bench.newTopic('untouched');
}, 60_000);

afterAll(() => bench?.close(), 60_000);

const send = (topic: string, body: string | Buffer, query = text, headers: Readonly<Record<string, string>> = lines) =>
  bench.produce(topic, body, { query, headers });

describe('application/x-ndjson', () => {
  test.each([
    ['lines that end in a line feed', '{"value":1}\n{"value":2}\n'],
    ['a last line without one', '{"value":1}\n{"value":2}'],
    ['carriage returns', '{"value":1}\r\n{"value":2}\r\n'],
    ['blank lines', '\n\n{"value":1}\n \t\r\n\n{"value":2}\n\n\n'],
    ['blanks around the records', '  {"value":1} \t\r\n\t{"value":2}\r'],
  ])('is a record on each line: %s', async (_, body) => {
    const topic = await bench.newTopic('lines');
    const answer = await send(topic, body);
    expect([answer.status, answer.body]).toEqual([200, { offsets: firstOffsets(2), requestStatus: 'OK' }]);
    expect((await bench.stored(topic, 2)).map(({ value }) => value!.toString())).toEqual(['1', '2']);
  });

  test('takes every field of a record, and what a line holds reaches the topic as it stands', async () => {
    const topic = await bench.newTopic('lines', { partitions: 2 });
    const body =
      '{"key":"ä","value":{ "n" : 1.0 },"partition":1,"timestamp":1700000000000,"headers":{"a":"b"},"traceabilityId":"t","correlationId":"c"}\n' +
      '{"value":9223372036854775807,"partition":1}\n' +
      '{"key":null,"value":null,"partition":1}\n';
    const answer = await send(topic, body, text, { ...lines, 'X-Correlation-Id': 'r' });
    expect(answer).toMatchObject({ status: 200 });
    const stored = await bench.stored(topic, 3, 2);
    expect(stored.map((record) => [record.key?.toString(), record.value?.toString(), headerTexts(record)])).toEqual([
      [
        'ä',
        '{ "n" : 1.0 }',
        [
          ['X-Traceability-Id', 't'],
          ['X-Correlation-Id', 'c'],
          ['a', 'b'],
        ],
      ],
      [undefined, '9223372036854775807', [['X-Correlation-Id', 'r']]],
      [undefined, undefined, [['X-Correlation-Id', 'r']]],
    ]);
    expect([stored[0]!.timestamp, stored[0]!.partition]).toEqual([1_700_000_000_000, 1]);
  });

  test('takes formats, subjects, ids and versions of schemas from the query', async () => {
    const { topic, keyId, valueId } = await bench.topicWith(count, count);
    const body = '{"key":{"count":1},"value":{"count":2}}';
    const queries = [
      '',
      '?keyFormat=avro&valueFormat=PROTOBUF',
      '?format=2',
      `?keySchemaId=${keyId}&valueSchemaId=${valueId}`,
      '?keySchemaVersion=1&valueSchemaVersion=1',
      `?keySchemaSubject=${topic}-value&valueSchemaSubject=${topic}-key`,
    ];
    for (const [offset, query] of queries.entries()) {
      const answer = await send(topic, body, query);
      expect([query, answer.status, answer.body]).toEqual([
        query,
        200,
        {
          offsets: [{ partition: 0, offset }],
          key_schema_id: keyId,
          value_schema_id: valueId,
          requestStatus: 'OK',
        },
      ]);
    }
    const stored = await bench.stored(topic, queries.length);
    expect(stored.map(({ key, value }) => [key, value])).toEqual(
      queries.map(() => [frame(keyId, 2), frame(valueId, 4)]),
    );
  });

  test('may say charset utf-8, and other options apply', async () => {
    const topic = await bench.newTopic('lines');
    const type = { 'content-type': 'Application/X-NDJSON; charset="UTF-8"' };
    const answer = await send(topic, '{"value":1}\n{"value":2}', `${text}&acks=1&timeoutMs=9000`, type);
    expect([answer.status, answer.body]).toEqual([200, { offsets: firstOffsets(2), requestStatus: 'OK' }]);
    const later = await send(topic, '{"value":3}\n{"value":4}', `${text}&async=true`, type);
    expect([later.status, later.body]).toEqual([202, { records: 2, requestStatus: 'ACCEPTED' }]);
    expect((await bench.stored(topic, 4)).map(({ value }) => value!.toString())).toEqual(['1', '2', '3', '4']);
  });

  test('takes 10,000 lines in one request, in their order', async () => {
    const topic = await bench.newTopic('lines');
    const body = Array.from({ length: 10_000 }, (_, i) => `{"key":"k","value":{"i":${i}}}\n`).join('');
    const answer = await send(topic, body);
    expect([answer.status, answer.body]).toEqual([200, { offsets: firstOffsets(10_000), requestStatus: 'OK' }]);
    const values = (await readLog(bench.kafka.bootstrap, topic, 1)).map(({ value }) => value!.toString());
    expect(values).toEqual(Array.from({ length: 10_000 }, (_, i) => `{"i":${i}}`));
  });
});

describe('application/x-ndjson is refused, and nothing written,', () => {
  const schemaFault = (description: string) => [400, errorBody(400, 'ERR11004', 'VALIDATOR_SCHEMA', description)];
  const syntaxFault = (place: string) => [
    400,
    errorBody(400, 'ERR10015', 'CONTENT_TYPE_MISMATCH', expect.stringMatching(place)),
  ];
  const good = '{"value":1}';
  test.each([
    [
      'for a line that is no JSON',
      `${good}\n\n{"value":\n${good}`,
      text,
      syntaxFault("^the body's line 3 is not JSON: "),
    ],
    ['for two records on a line', `${good}\n${good}${good}\n`, text, syntaxFault("^the body's line 2 is not JSON: ")],
    ['for bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), text, [400, expect.anything()]],
    ['for a line that is no record', `${good}\n1`, text, schemaFault('body #/records/1 must be object, not number')],
    ['for an array of records', `[${good}]`, text, schemaFault('body #/records/0 must be object, not array')],
    ['for an unknown field', `${good}\n{"val":1}`, text, schemaFault('body #/records/1/val is no field of a record')],
    ['without a record', '\n \n', text, schemaFault('body # must have at least one record, one on each line')],
    ['for an unknown format', good, '?valueFormat=xml', [400, expect.objectContaining({ code: 'ERR11004' })]],
    [
      'for a schema id that is no number',
      good,
      '?valueSchemaId=x',
      [400, expect.objectContaining({ code: 'ERR11004' })],
    ],
    ['for a schema in the query', good, '?valueSchema=x', [400, expect.objectContaining({ code: 'ERR11004' })]],
    [
      'for a format given twice',
      good,
      '?valueFormat=json&valueFormat=json',
      [400, expect.objectContaining({ code: 'ERR11004' })],
    ],
    [
      'for a bad record behind good ones',
      `${good}\n{"key":1}`,
      text,
      [
        400,
        errorBody(
          400,
          'ERR12206',
          'SERIALIZE_SCHEMA_EXCEPTION',
          'Unexpected exception in serializing string format with message #: the string format takes a JSON string, index in batch : 1 (key). Nothing was produced',
        ),
      ],
    ],
  ])('%s', async (_, body, query, refusal) => {
    const answer = await send(untouched, body, query);
    expect([answer.status, answer.body]).toEqual(refusal);
    expect(await bench.size(untouched)).toBe(0);
  });

  test('without a body, with another charset, and with formats beside a JSON body', async () => {
    expect(await send(untouched, '')).toMatchObject({ status: 400, body: { code: 'ERR11014' } });
    const latin = { 'content-type': 'application/x-ndjson; charset=latin1' };
    expect(await send(untouched, '{"value":1}', text, latin)).toMatchObject({
      status: 415,
      body: { code: 'ERR12232' },
    });
    for (const type of ['text/plain', 'application/ndjson', 'application/jsonl', 'multipart/form-data']) {
      expect(await send(untouched, '{"value":1}', text, { 'content-type': type })).toMatchObject({
        status: 415,
        body: { code: 'ERR12232' },
      });
    }
    const beside = await send(untouched, '{"records":[{"value":1}]}', text, { 'content-type': 'application/json' });
    expect([beside.status, beside.body]).toEqual(
      schemaFault('query parameter keyFormat belongs to application/x-ndjson; give it in the body'),
    );
    expect(await bench.size(untouched)).toBe(0);
  });
});
