import { describe, expect, it } from '@jest/globals';
import { kafkaCodes } from '../../../src/clients/kafka/kafka-errors.ts';
import { eventually } from '../../support/eventually.ts';
import { ProducerBench } from './producer-bench.ts';

const soon = (check: () => void) => eventually(check, { intervalMs: 1 });

describe('acks=1 and acks=0', () => {
  it('have a producer of their own each, not idempotent, made at the first request', async () => {
    const bench = new ProducerBench();
    expect([...bench.clients.keys()]).toEqual(['producer', 'single-record producer']);
    const answers = [
      bench.produce([{ value: 1 }], { query: { acks: '1' } }),
      bench.produce([{ value: 2 }], { query: { acks: '1' } }),
    ];
    await soon(() => expect(bench.level('1')?.values).toEqual(['1', '2']));
    answers.push(bench.produce([{ value: 3 }], { query: { acks: '0' } }));
    await soon(() => expect(bench.level('0')?.values).toEqual(['3']));
    expect([[...bench.changes], bench.main.values]).toEqual([
      [
        ['producer', {}],
        ['single-record producer', { 'batch.num.messages': 1, 'linger.ms': 0 }],
        ['producer with acks 1', { acks: '1', 'enable.idempotence': false }],
        ['producer with acks 0', { acks: '0', 'enable.idempotence': false }],
      ],
      [],
    ]);
    bench.level('1')!.report(0, 0, 7);
    bench.level('1')!.report(0, 1, 8);
    bench.level('0')!.report(0, 1, -1);
    expect(await Promise.all(answers)).toEqual([
      { status: 200, body: { offsets: [{ partition: 0, offset: 7 }], requestStatus: 'OK' } },
      { status: 200, body: { offsets: [{ partition: 1, offset: 8 }], requestStatus: 'OK' } },
      { status: 200, body: { offsets: [{ partition: 1 }], requestStatus: 'OK' } },
    ]);
  });

  it('tell a failure like any other', async () => {
    const bench = new ProducerBench();
    const answer = bench.produce([{ value: 1 }, { value: 2 }], { query: { acks: '0' } });
    await soon(() => expect(bench.level('0')?.values).toHaveLength(2));
    bench.level('0')!.report(0, 0, -1);
    bench.level('0')!.report(kafkaCodes.transport);
    expect(await answer).toEqual({
      status: 207,
      body: { offsets: [{ partition: 0 }, { errorCode: 50003, error: expect.any(String) }], requestStatus: 'PARTIAL' },
    });
  });

  it('acks=all is the main producer’s', async () => {
    const bench = new ProducerBench();
    const answer = bench.produce([{ value: 1 }], { query: { acks: 'all' } });
    await soon(() => expect(bench.main.values).toEqual(['1']));
    bench.main.report(0);
    expect(await answer).toMatchObject({ status: 200 });
  });

  it('refuse a topic and a partition that are not there, and send nothing', async () => {
    const bench = new ProducerBench();
    expect([
      await bench.produce([{ value: 1, partition: 2 }], { query: { acks: '1' } }),
      await bench.produce([{ value: 1 }], { query: { acks: '0' }, topic: 'other' }),
      bench.level('1'),
      bench.level('0'),
    ]).toEqual([
      { status: 404, body: 'ERR12219 partition 2 of topic t does not exist, it has 2. Nothing was produced' },
      { status: 404, body: 'ERR12219 topic other does not exist; create it, or check its name' },
      undefined,
      undefined,
    ]);
  });

  it('are refused while their producer has no connection', async () => {
    const bench = new ProducerBench();
    const first = bench.produce([{ value: 1 }], { query: { acks: '1' } });
    await soon(() => expect(bench.level('1')?.values).toHaveLength(1));
    bench.level('1')!.report(0);
    await first;
    bench.level('1')!.isConnected = false;
    bench.cluster.lastError = 'gone';
    expect(await bench.produce([{ value: 1 }], { query: { acks: '1' } })).toEqual({
      status: 503,
      body: 'ERR12227 no broker is reachable (gone); nothing was produced, try again',
    });
  });

  // The directory of topics is there so that no request waits for the broker.
  it('do not ask for a topic that is known', async () => {
    const bench = new ProducerBench();
    await bench.main.topics.lookup('t');
    let asked = 0;
    const lookup = bench.main.topics.lookup.bind(bench.main.topics);
    bench.main.topics.lookup = (topic) => {
      asked++;
      return lookup(topic);
    };
    const answer = bench.produce([{ value: 1 }], { query: { acks: '1' } });
    await soon(() => expect(bench.level('1')?.values).toEqual(['1']));
    bench.level('1')!.report(0);
    expect([(await answer).status, asked]).toEqual([200, 0]);
  });

  it('are stopped with the others', async () => {
    const bench = new ProducerBench();
    await bench.levels.start();
    await bench.levels.other('1');
    await bench.levels.other('0');
    await bench.levels.stop(Date.now());
    expect([...bench.clients].map(([name, { isStopped }]) => [name, isStopped])).toEqual([
      ['producer', true],
      ['single-record producer', true],
      ['producer with acks 1', true],
      ['producer with acks 0', true],
    ]);
  });
});

describe('async=true', () => {
  const query = { async: 'true' };

  it('is answered when the records are queued', async () => {
    const bench = new ProducerBench();
    expect(await bench.produce([{ value: 1 }, { value: 2 }], { query })).toEqual({
      status: 202,
      body: { records: 2, requestStatus: 'ACCEPTED' },
    });
    expect([bench.main.values, bench.producer.inFlight]).toEqual([
      ['1', '2'],
      { records: 2, bytes: expect.any(Number) },
    ]);
    bench.main.report(0);
    bench.main.report(0);
    expect([bench.producer.inFlight, bench.producer.lostAsyncRecords, bench.errors]).toEqual([
      { records: 0, bytes: 0 },
      0,
      [],
    ]);
  });

  it('has its losses counted and logged, those of unknown fate too, in one line a request', async () => {
    const bench = new ProducerBench();
    await bench.produce([{ value: 1 }, { value: 2 }, { value: 3 }], { query });
    bench.main.report(kafkaCodes.messageTimedOut);
    bench.main.report(0);
    bench.main.report(kafkaCodes.transport);
    expect([bench.producer.lostAsyncRecords, bench.errors]).toEqual([
      2,
      [
        [
          { topic: 't', records: 2, codes: [kafkaCodes.messageTimedOut, kafkaCodes.transport] },
          'records answered with 202 were not acknowledged',
        ],
      ],
    ]);
  });

  it('keeps its order among the others', async () => {
    const bench = new ProducerBench();
    await bench.main.topics.lookup('t');
    const first = bench.produce([{ value: 1 }]);
    await bench.produce([{ value: 2 }], { query });
    const third = bench.produce([{ value: 3 }]);
    expect(bench.main.values).toEqual(['1', '2', '3']);
    for (let i = 0; i < 3; i++) bench.main.report(0);
    expect([(await first).status, (await third).status]).toEqual([200, 200]);
  });

  it('counts against the limits, and is refused before anything is queued like any other', async () => {
    const bench = new ProducerBench();
    await bench.produce([{ value: 1 }, { value: 2 }], { query });
    expect([
      (await bench.produce([{ value: 3 }, { value: 4 }], { query })).body,
      (await bench.produce([{ value: 1 }, { valu: 1 }], { query })).body,
      (await bench.produce([{ value: 1 }], { query, topic: 'other' })).body,
      bench.main.values,
    ]).toEqual([
      expect.stringMatching(/^ERR12226 2 records with \d+ bytes wait/),
      'ERR11004 body #/records/1/valu is no field of a record',
      'ERR12219 topic other does not exist; create it, or check its name',
      ['1', '2'],
    ]);
  });

  it('excludes an Idempotency-Key, which would wait for the outcome', async () => {
    const bench = new ProducerBench();
    expect(await bench.produce([{ value: 1 }], { query, rawHeaders: ['Idempotency-Key', 'k'] })).toEqual({
      status: 400,
      body: 'ERR11004 Idempotency-Key and async=true exclude each other: one waits for the outcome',
    });
    expect(bench.main.queued).toEqual([]);
  });

  it('goes through the producer of its level', async () => {
    const bench = new ProducerBench();
    expect(await bench.produce([{ value: 1 }], { query: { async: 'true', acks: '0' } })).toMatchObject({ status: 202 });
    expect([bench.level('0')?.values, bench.main.values]).toEqual([['1'], []]);
  });

  // 202 says that the records are queued.
  it('is not answered with 202 where not one record could be queued', async () => {
    const bench = new ProducerBench();
    await bench.main.topics.lookup('t');
    bench.main.refuses = () => kafkaCodes.queueFull;
    expect((await bench.produce([{ value: 1 }], { query })).status).toBe(503);
    expect(bench.producer.inFlight).toEqual({ records: 0, bytes: 0 });
  });
});
