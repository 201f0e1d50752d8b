import { describe, expect, it } from '@jest/globals';
import { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import type { Answer } from '../../../src/modules/module.ts';
import { Idempotency, type FinalAnswer, type IdempotencyOptions } from '../../../src/modules/producer/idempotency.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeRequest, type RequestParts } from '../../support/request.ts';

const options: IdempotencyOptions = { idempotencyTtlMs: 60_000, maxIdempotencyKeys: 100 };
const ok: Answer = { status: 200, body: '{"requestStatus":"OK"}' };
const replayed: Answer = { ...ok, headers: { 'Idempotent-Replayed': 'true' } };

type Run = (onFinal: (final: FinalAnswer) => void) => Answer | Promise<Answer>;

/** Requests to topic `t`, unless said otherwise, with one body. */
function bench(changed: Partial<IdempotencyOptions> = {}) {
  const idempotency = new Idempotency({ ...options, ...changed });
  let runs = 0;
  const send = async (run: Run, key = 'k', parts: RequestParts = {}) => {
    const request = new FakeRequest('produceRecords', { path: { topic: 't' }, json: { records: [{}] }, ...parts });
    try {
      return await idempotency.run(request, key, (onFinal) => {
        runs++;
        return run(onFinal);
      });
    } catch (error) {
      if (!(error instanceof SidecarError)) throw error;
      return `${error.code} ${error.description}`;
    }
  };
  return { send, runs: () => runs };
}

const writes: Run = (onFinal) => {
  onFinal({ answer: ok, isNothingWritten: false });
  return ok;
};

const running = 'ERR12225 the request with Idempotency-Key k is still running; ask again';
const reused = 'ERR12224 Idempotency-Key k was used for another request to this topic';

describe('a request with a key', () => {
  it('runs once, and its answer is given again', async () => {
    const { send, runs } = bench();
    expect([await send(writes), await send(writes), await send(writes), runs()]).toEqual([ok, replayed, replayed, 1]);
  });

  it('keeps the headers of its answer', async () => {
    const { send } = bench();
    const answer = { ...ok, headers: { 'X-A': '1' } };
    await send((onFinal) => {
      onFinal({ answer, isNothingWritten: false });
      return answer;
    });
    expect(await send(writes)).toEqual({ ...ok, headers: { 'X-A': '1', 'Idempotent-Replayed': 'true' } });
  });

  it('is still running for all who send it meanwhile', async () => {
    const { send, runs } = bench();
    let finish = () => {};
    const first = send(
      (onFinal) =>
        new Promise((resolve) => {
          finish = () => resolve(writes(onFinal));
        }),
    );
    const others = await Promise.all(Array.from({ length: 50 }, () => send(writes)));
    expect([new Set(others), runs()]).toEqual([new Set([running]), 1]);
    finish();
    expect([await first, await send(writes), runs()]).toEqual([ok, replayed, 1]);
  });

  it('is refused where the key is another request’s, running or done', async () => {
    const { send, runs } = bench();
    const other = { json: { records: [{ value: 1 }] } };
    const unfinished = send(() => new Promise(() => undefined), 'k');
    expect(await send(writes, 'k', other)).toBe(reused);
    await send(writes, 'done');
    expect([await send(writes, 'done', other), runs()]).toEqual([reused.replace(' k ', ' done '), 2]);
    expect(await Promise.race([unfinished, Promise.resolve('waits')])).toBe('waits');
  });

  it('is another one for each topic and key', async () => {
    const { send, runs } = bench();
    await send(writes, 'k');
    await send(writes, 'K');
    await send(writes, 'k', { path: { topic: 'u' } });
    await send(writes, 'u\nk'.replace('\n', '-'), { path: { topic: 't' } });
    expect(runs()).toBe(4);
  });

  it('is the same by its exact body, and by what else decides on the records', async () => {
    const { send } = bench();
    const octets = { contentType: 'application/octet-stream', body: Buffer.from('v') };
    const first = {
      ...octets,
      query: { acks: '1' },
      rawHeaders: ['X-Kafka-Key', 'a', 'Content-Type', 'x', 'Date', '1'],
    };
    await send(writes, 'k', first);
    const others: RequestParts[] = [
      { ...first, body: Buffer.from('v ') },
      { ...first, query: { acks: '0' } },
      { ...first, rawHeaders: ['X-Kafka-Key', 'b', 'Content-Type', 'x'] },
      { ...first, rawHeaders: ['X-Kafka-Key', 'a', 'X-Kafka-Header-H', '1', 'Content-Type', 'x'] },
      { ...first, contentType: 'application/json' },
    ];
    for (const other of others) expect(await send(writes, 'k', other)).toBe(reused);
    const same = {
      ...first,
      query: { acks: '1', timeoutMs: '5' },
      rawHeaders: ['Date', '2', 'x-kafka-key', 'a', 'content-type', 'y', 'X-Correlation-Id', 'c'],
    };
    expect(await send(writes, 'k', same)).toEqual(replayed);
  });

  it.each(['', ' ', 'a b', 'é', 'a\n', '\u007f', 'x'.repeat(256)])(
    'is refused with a key that is none, %j',
    async (key) => {
      const { send, runs } = bench();
      expect([await send(writes, key), runs()]).toEqual([
        'ERR11004 header Idempotency-Key must have 1 to 255 printable ASCII characters',
        0,
      ]);
    },
  );

  it('takes every printable key up to 255 characters', async () => {
    const { send } = bench();
    for (const key of ['!', '~', 'x'.repeat(255), '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])
      expect(await send(writes, key)).toEqual(ok);
  });
});

describe('the key', () => {
  it('is free again after a refusal, and after a request that wrote nothing', async () => {
    const { send, runs } = bench();
    const refuse: Run = () => {
      throw new SidecarError('ERR12227', 'no broker');
    };
    const refuseLater: Run = () => Promise.reject(new SidecarError('ERR12229', 'no registry'));
    const nothing: Answer = { status: 404, body: '{}' };
    const writesNothing: Run = (onFinal) => {
      onFinal({ answer: nothing, isNothingWritten: true });
      return nothing;
    };
    expect([await send(refuse), await send(refuseLater), await send(writesNothing), await send(writesNothing)]).toEqual(
      ['ERR12227 no broker', 'ERR12229 no registry', nothing, nothing],
    );
    expect([await send(writes, 'k', { json: { other: 1 } }), runs()]).toEqual([ok, 5]);
  });

  it('stays taken after an answer of unknown outcome, until all is known', async () => {
    const { send, runs } = bench();
    const unknown: Answer = { status: 504, body: '{}' };
    let report: (final: FinalAnswer) => void = () => undefined;
    expect(
      await send((onFinal) => {
        report = onFinal;
        return unknown;
      }),
    ).toEqual(unknown);
    expect([await send(writes), await send(writes, 'k', { json: {} })]).toEqual([running, reused]);
    report({ answer: ok, isNothingWritten: false });
    expect([await send(writes), runs()]).toEqual([replayed, 1]);
  });

  it('stays taken after a fault of the sidecar’s own once something was sent', async () => {
    const { send, runs } = bench();
    await expect(
      send((onFinal) => {
        onFinal({ answer: ok, isNothingWritten: false });
        throw new Error('broken');
      }),
    ).rejects.toThrow('broken');
    expect([await send(writes), runs()]).toEqual([replayed, 1]);
  });

  it('is forgotten when its time is over', async () => {
    const { send, runs } = bench({ idempotencyTtlMs: 20 });
    await send(writes);
    await eventually(async () => expect(await send(writes)).toEqual(ok), { intervalMs: 5 });
    expect(runs()).toBe(2);
  });

  it('makes room for new ones, the one used longest ago first; one that is running never does', async () => {
    const { send, runs } = bench({ maxIdempotencyKeys: 10 });
    const unfinished = send(() => new Promise(() => undefined), 'k');
    for (let i = 0; i < 1_000; i++) await send(writes, `key${i}`);
    const before = runs();
    for (let i = 990; i < 1_000; i++) expect(await send(writes, `key${i}`)).toEqual(replayed);
    expect([await send(writes), runs() - before]).toEqual([running, 0]);
    expect([await send(writes, 'key0'), runs() - before]).toEqual([ok, 1]);
    expect(await Promise.race([unfinished, Promise.resolve('waits')])).toBe('waits');
  });

  it('is kept by an answer of any size', async () => {
    const { send, runs } = bench();
    const large: Answer = { status: 200, body: Buffer.alloc(70_000_000, ' ') };
    await send((onFinal) => {
      onFinal({ answer: large, isNothingWritten: false });
      return large;
    });
    expect([typeof (await send(writes)), runs()]).toEqual(['object', 1]);
  });
});
