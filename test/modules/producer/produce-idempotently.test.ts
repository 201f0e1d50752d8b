import { describe, expect, it } from '@jest/globals';
import { kafkaCodes } from '../../../src/clients/kafka/kafka-errors.ts';
import { eventually } from '../../support/eventually.ts';
import { ProducerBench, type ProduceParts } from './producer-bench.ts';

const keyed: ProduceParts = { rawHeaders: ['Idempotency-Key', 'k'] };
const ok = (offset: number) => ({ status: 200, body: { offsets: [{ partition: 0, offset }], requestStatus: 'OK' } });
const replayed = (offset: number) => ({ ...ok(offset), headers: { 'Idempotent-Replayed': 'true' } });
const running = {
  status: 409,
  body: 'ERR12225 the request with Idempotency-Key k is still running; ask again',
};

async function start() {
  const bench = new ProducerBench();
  await bench.main.topics.lookup('t');
  return bench;
}

describe('a produce request with an Idempotency-Key', () => {
  it('is sent once, however often it comes', async () => {
    const bench = await start();
    const first = bench.produce([{ value: 1 }], keyed);
    const others = await Promise.all(Array.from({ length: 50 }, () => bench.produce([{ value: 1 }], keyed)));
    expect([bench.main.values, others]).toEqual([['1'], others.map(() => running)]);
    bench.main.report(0, 0, 7);
    expect([
      await first,
      await bench.produce([{ value: 1 }], keyed),
      await bench.produce([{ value: 2 }], keyed),
    ]).toEqual([
      ok(7),
      replayed(7),
      { status: 422, body: 'ERR12224 Idempotency-Key k was used for another request to this topic' },
    ]);
    expect(bench.main.values).toEqual([]);
  });

  it('is given its partial failure again', async () => {
    const bench = await start();
    const first = bench.produce([{ value: 1 }, { value: 2 }], keyed);
    bench.main.report(0, 0, 7);
    bench.main.report(kafkaCodes.transport);
    const answer = await first;
    expect([answer.status, await bench.produce([{ value: 1 }, { value: 2 }], keyed), bench.main.queued]).toEqual([
      207,
      { ...answer, headers: { 'Idempotent-Replayed': 'true' } },
      [],
    ]);
  });

  it('may be sent again after one that wrote nothing', async () => {
    const bench = await start();
    const first = bench.produce([{ value: 1 }], keyed);
    bench.main.report(kafkaCodes.transport);
    expect(await first).toMatchObject({ status: 503, body: { code: 'ERR12227' } });
    const second = bench.produce([{ value: 1 }], keyed);
    bench.main.report(0, 0, 3);
    expect(await second).toEqual(ok(3));
  });

  it.each([
    ['a bad body', [{ valu: 1 }], {}, 400],
    ['an unknown topic', [{ value: 1 }], { topic: 'other' }, 404],
    ['a body too large', [{}, {}, {}, {}], {}, 413],
  ])('may be sent again after a refusal: %s', async (_, records, parts, status) => {
    const bench = await start();
    const all = { ...keyed, ...parts };
    expect([(await bench.produce(records, all)).status, (await bench.produce(records, all)).status]).toEqual([
      status,
      status,
    ]);
    bench.cluster.isReachable = false;
    expect((await bench.produce([{ value: 1 }], keyed)).status).toBe(503);
    Object.assign(bench.cluster, { isCredentialRefused: true });
    expect((await bench.produce([{ value: 1 }], keyed)).status).toBe(503);
    Object.assign(bench.cluster, { isReachable: true, isCredentialRefused: false });
    const good = bench.produce([{ value: 1 }], keyed);
    bench.main.report(0, 0, 1);
    expect(await good).toEqual(ok(1));
  });

  it('stays running after 504 until its reports are in, then is given what they said', async () => {
    const bench = await start();
    const parts = { ...keyed, query: { timeoutMs: 10 } };
    expect(await bench.produce([{ value: 1 }], parts)).toMatchObject({ status: 504, body: { code: 'ERR12228' } });
    expect(await bench.produce([{ value: 1 }], parts)).toEqual(running);
    bench.main.report(0, 0, 9);
    expect(await bench.produce([{ value: 1 }], parts)).toEqual(replayed(9));
    expect(bench.main.queued).toEqual([]);
  });

  it('stays unknown where its reports say no more', async () => {
    const bench = await start();
    const first = bench.produce([{ value: 1 }], keyed);
    bench.main.report(kafkaCodes.messageTimedOut);
    const answer = await first;
    expect([answer, await bench.produce([{ value: 1 }], keyed), bench.main.queued]).toEqual([
      expect.objectContaining({ status: 504 }),
      { ...answer, headers: { ...(answer.headers as object), 'Idempotent-Replayed': 'true' } },
      [],
    ]);
  });

  it('may be sent again after 504 whose reports say that nothing was written', async () => {
    const bench = await start();
    const parts = { ...keyed, query: { timeoutMs: 10 } };
    expect((await bench.produce([{ value: 1 }], parts)).status).toBe(504);
    bench.main.report(kafkaCodes.transport);
    const second = bench.produce([{ value: 1 }], parts);
    expect(bench.main.values).toEqual(['1']);
    bench.main.report(0, 0, 2);
    expect(await second).toEqual(ok(2));
  });

  it('goes with a level of acknowledgement of its own', async () => {
    const bench = await start();
    const parts = { ...keyed, query: { acks: '1' } };
    const first = bench.produce([{ value: 1 }], parts);
    await eventually(() => expect(bench.level('1')?.values).toEqual(['1']), { intervalMs: 1 });
    bench.level('1')!.report(0, 0, 4);
    expect([await first, await bench.produce([{ value: 1 }], parts)]).toEqual([ok(4), replayed(4)]);
  });
});
