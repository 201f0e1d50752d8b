import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { enumOf, startBench } from '../../support/registry-bench.ts';
import { ProducerBench } from './producer-bench.ts';

const order = { type: 'record', name: 'Order', fields: [{ name: 'count', type: 'int' }] };

/** A producer beside a registry that has schemas for topic `t`: id 1 for keys, 2 for values. */
async function start() {
  const { stub, registry } = await startBench();
  stub.register({ subject: 't-key', schema: enumOf('A', 'B') });
  stub.register({ subject: 't-value', schema: order });
  const bench = new ProducerBench({ registry, keyFormat: undefined, valueFormat: undefined });
  await bench.main.topics.lookup('t');
  return { stub, bench };
}

const written = (bench: ProducerBench) =>
  bench.main.queued.map(({ record: { key, value } }) =>
    [key, value].map((part) => part && Buffer.from(part).toString('hex')),
  );

describe('records with schemas', () => {
  it('are written framed, and their answer names the ids', async () => {
    const { bench } = await start();
    const answer = bench.produce([{ key: 'B', value: { count: 3 } }, { value: { count: -1 } }]);
    await eventually(() => expect(bench.main.queued).toHaveLength(2), { intervalMs: 1 });
    expect(written(bench)).toEqual([
      ['000000000102', '000000000206'],
      [null, '000000000201'],
    ]);
    bench.main.report(0, 0, 5);
    bench.main.report(0, 1, 6);
    expect(await answer).toEqual({
      status: 200,
      body: {
        offsets: [
          { partition: 0, offset: 5 },
          { partition: 1, offset: 6 },
        ],
        key_schema_id: 1,
        value_schema_id: 2,
        requestStatus: 'OK',
      },
    });
  });

  it('are sent within the call once the schemas are known', async () => {
    const { bench } = await start();
    const first = bench.produce([{ value: { count: 1 } }]);
    await eventually(() => expect(bench.main.queued).toHaveLength(1), { intervalMs: 1 });
    const second = bench.produce([{ value: { count: 2 } }]);
    expect(bench.main.queued).toHaveLength(2);
    bench.main.report(0);
    bench.main.report(0);
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
  });

  it('name the ids also where they are only queued, and in lines of JSON', async () => {
    const { bench } = await start();
    const body = Buffer.from('{"value":{"count":1}}\n{"value":{"count":2}}');
    expect([
      await bench.produce([{ key: 'A', value: { count: 1 } }], { query: { async: 'true' } }),
      await bench.produce([], {
        contentType: 'application/x-ndjson',
        body,
        query: { async: 'true', valueSchemaId: 2 },
      }),
    ]).toEqual([
      { status: 202, body: { records: 1, key_schema_id: 1, value_schema_id: 2, requestStatus: 'ACCEPTED' } },
      { status: 202, body: { records: 2, value_schema_id: 2, requestStatus: 'ACCEPTED' } },
    ]);
  });

  it('are refused whole where one does not fit, with its index and the place in it', async () => {
    const { bench } = await start();
    expect([
      await bench.produce([{ value: { count: 1 } }, { value: { count: 'x' } }]),
      await bench.produce([{ key: 'C', value: { count: 1 } }]),
    ]).toEqual([
      {
        status: 400,
        body:
          'ERR12206 Unexpected exception in serializing avro format with message #/count: expected type: int, found: ' +
          'String, index in batch : 1 (value). Nothing was produced',
      },
      {
        status: 400,
        body:
          'ERR12206 Unexpected exception in serializing avro format with message #: "C" is no symbol of enum E: A, B, ' +
          'index in batch : 0 (key). Nothing was produced',
      },
    ]);
    expect(bench.main.queued).toEqual([]);
  });

  it('of null are null, framed by nothing', async () => {
    const { bench } = await start();
    const answer = bench.produce([{ key: null, value: null }, {}]);
    expect(written(bench)).toEqual([
      [null, null],
      [null, null],
    ]);
    bench.main.report(0);
    bench.main.report(0);
    expect((await answer).status).toBe(200);
  });

  it('are never sent after the answer that the registry did not reply in time', async () => {
    const { stub, bench } = await start();
    stub.behave('hangs');
    const begun = Date.now();
    expect(await bench.produce([{ value: { count: 1 } }], { query: { timeoutMs: 50 } })).toEqual({
      status: 503,
      body: 'ERR12229 the schema registry did not answer in time; nothing was produced',
    });
    expect(Date.now() - begun).toBeLessThan(2_000);
    stub.behave('works');
    const second = bench.produce([{ value: { count: 2 } }]);
    await eventually(() => expect(written(bench)).toEqual([[null, '000000000204']]), { intervalMs: 1 });
    bench.main.report(0);
    expect((await second).status).toBe(200);
  });

  it('wait no longer than configured', async () => {
    const { stub, registry } = await startBench();
    const bench = new ProducerBench({ registry, valueFormat: 'AVRO', requestTimeoutMs: 50 });
    stub.behave('hangs');
    expect((await bench.produce([{ value: 1 }], { query: { timeoutMs: 60_000 } })).status).toBe(503);
    stub.behave('works');
  });

  it('free their Idempotency-Key where the registry is out of reach', async () => {
    const { stub, bench } = await start();
    const keyed = { rawHeaders: ['Idempotency-Key', 'k'] };
    stub.behave(500);
    expect((await bench.produce([{ value: { count: 1 } }], keyed)).status).toBe(503);
    stub.behave('works');
    const again = bench.produce([{ value: { count: 1 } }], keyed);
    await eventually(() => expect(bench.main.queued).toHaveLength(1), { intervalMs: 1 });
    bench.main.report(0);
    expect((await again).status).toBe(200);
  });
});

describe('bytes', () => {
  it('are written as they are, and the registry is not asked', async () => {
    const { stub, bench } = await start();
    const answer = bench.produce([], {
      contentType: 'application/octet-stream',
      body: Buffer.from([0, 0xff]),
      rawHeaders: ['X-Kafka-Key', 'k', 'X-Kafka-Partition', '1', 'X-Kafka-Header-H', 'v'],
    });
    expect(bench.main.queued.map(({ topic, record }) => [topic, record])).toEqual([
      [
        't',
        {
          partition: 1,
          key: Buffer.from('k'),
          value: Buffer.from([0, 0xff]),
          timestamp: null,
          headers: [{ 'X-Correlation-Id': expect.any(String) }, { H: Buffer.from('v') }],
        },
      ],
    ]);
    bench.main.report(0, 1, 3);
    expect([await answer, stub.count()]).toEqual([
      { status: 200, body: { offsets: [{ partition: 1, offset: 3 }], requestStatus: 'OK' } },
      0,
    ]);
  });

  it('of no length are an empty value', async () => {
    const { bench } = await start();
    const answer = bench.produce([], { contentType: 'application/octet-stream', body: Buffer.alloc(0) });
    expect(bench.main.queued.map(({ record: { key, value } }) => [key, value])).toEqual([[null, Buffer.alloc(0)]]);
    bench.main.report(0);
    expect((await answer).status).toBe(200);
  });
});
