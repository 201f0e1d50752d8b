import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import { OwnedPartitions } from '../../../src/modules/active-consumer/owned-partitions.ts';
import { RecordBuffer } from '../../../src/modules/active-consumer/record-buffer.ts';
import { RecordReader, type Batch, type ReadRequest } from '../../../src/modules/active-consumer/record-reader.ts';
import { messageOf, stayIn } from './messages.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

class Bench {
  readonly owned = new OwnedPartitions();
  readonly stay = stayIn(this.owned);
  readonly buffer = new RecordBuffer();
  readonly calls: string[] = [];
  fault: SidecarError | undefined;
  #nextOffset = 0;
  readonly reader = new RecordReader(this.buffer, {
    onReadBegins: () => this.calls.push('begins'),
    wake: () => this.calls.push('wake'),
    bufferChanged: () => this.calls.push('changed'),
    fault: () => this.fault,
  });

  /** A pull brings records of these sizes. */
  pull(sizes: readonly number[], isDrained = true): void {
    for (const size of sizes) {
      this.buffer.push(messageOf({ offset: this.#nextOffset++, value: Buffer.alloc(size) }), this.stay);
    }
    this.reader.onPulled(isDrained);
  }

  read(parts: Partial<ReadRequest> = {}): Promise<Batch> {
    return this.reader.read({
      timeoutMs: 1_000,
      minBytes: -1,
      maxBytes: 100,
      maxRecords: 100,
      isAbandoned: false,
      onAbandoned: () => undefined,
      ...parts,
    });
  }
}

const offsets = ({ records }: Batch) => records.map(({ message }) => message.offset);

/** The offsets read, the error's code, or that it still waits. */
async function fateOf(read: Promise<Batch>): Promise<unknown> {
  let fate: unknown = 'waits';
  read.then(
    (batch) => (fate = offsets(batch)),
    (error: SidecarError) => (fate = error.code),
  );
  await jest.advanceTimersByTimeAsync(0);
  return fate;
}

describe('a read', () => {
  it('answers as soon as there is one record', async () => {
    const bench = new Bench();
    const read = bench.read();
    expect(await fateOf(read)).toBe('waits');
    bench.pull([1]);
    expect(await fateOf(read)).toEqual([0]);
    expect(bench.calls).toEqual(['begins', 'wake', 'changed']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('waits for more while the client holds more, up to its own limits', async () => {
    const bench = new Bench();
    const read = bench.read();
    bench.pull([40], false);
    expect(await fateOf(read)).toBe('waits');
    bench.pull([40, 40], false);
    expect(await fateOf(read)).toEqual([0, 1]);
    const other = new Bench();
    const limited = other.read({ maxRecords: 1 });
    await jest.advanceTimersByTimeAsync(0);
    other.pull([1, 1], false);
    expect(await fateOf(limited)).toEqual([0]);
  });

  it('waits for the bytes that the instance asks for, and takes less when the time is over', async () => {
    const bench = new Bench();
    const read = bench.read({ minBytes: 50 });
    await jest.advanceTimersByTimeAsync(0);
    bench.pull([20]);
    expect(await fateOf(read)).toBe('waits');
    bench.pull([30]);
    expect(await fateOf(read)).toEqual([0, 1]);
    const late = new Bench();
    const short = late.read({ minBytes: 50 });
    await jest.advanceTimersByTimeAsync(0);
    late.pull([20]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await fateOf(short)).toEqual([0]);
  });

  it('answers nothing when nothing came in time', async () => {
    const bench = new Bench();
    const read = bench.read({ timeoutMs: 500 });
    await jest.advanceTimersByTimeAsync(499);
    expect(await fateOf(read)).toBe('waits');
    await jest.advanceTimersByTimeAsync(1);
    expect(await fateOf(read)).toEqual([]);
  });

  it('answers after one look with a timeout of 0', async () => {
    const bench = new Bench();
    const read = bench.read({ timeoutMs: 0 });
    await jest.advanceTimersByTimeAsync(0);
    bench.pull([]);
    expect(await fateOf(read)).toEqual([]);
    const other = bench.read({ timeoutMs: 0 });
    await jest.advanceTimersByTimeAsync(0);
    bench.pull([1]);
    expect(await fateOf(other)).toEqual([0]);
  });

  it('answers at once what is buffered beyond its limit', async () => {
    const bench = new Bench();
    bench.pull([90, 20]);
    expect(await fateOf(bench.read())).toEqual([0]);
  });

  it('answers a record bigger than its limit, alone', async () => {
    const bench = new Bench();
    bench.pull([500, 1]);
    expect(await fateOf(bench.read())).toEqual([0]);
  });

  it('tells why there is nothing, but answers records all the same', async () => {
    const bench = new Bench();
    bench.fault = new SidecarError('ERR12227', 'away');
    const read = bench.read({ timeoutMs: 200 });
    read.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(200);
    expect(await fateOf(read)).toBe('ERR12227');
    bench.pull([200]);
    expect(await fateOf(bench.read())).toEqual([0]);
  });

  it('refuses another one while it waits', async () => {
    const bench = new Bench();
    const first = bench.read();
    expect(await fateOf(bench.read())).toBe('ERR12221');
    bench.pull([1]);
    expect(await fateOf(first)).toEqual([0]);
  });

  it('ends with the reason when its instance goes', async () => {
    const bench = new Bench();
    const read = bench.read();
    await jest.advanceTimersByTimeAsync(0);
    bench.reader.fail(new SidecarError('ERR12200', 'deleted'));
    expect(await fateOf(read)).toBe('ERR12200');
    const next = bench.read();
    await jest.advanceTimersByTimeAsync(0);
    bench.pull([1]);
    expect(await fateOf(next)).toEqual([0]);
  });

  it('leaves the records to the next one when its client goes', async () => {
    const bench = new Bench();
    let leave: () => void = () => undefined;
    const client = { isAbandoned: false, onAbandoned: (listener: () => void) => void (leave = listener) };
    const request: ReadRequest = { timeoutMs: 1_000, minBytes: 50, maxBytes: 100, maxRecords: 100, ...client };
    const read = bench.reader.read(request);
    await jest.advanceTimersByTimeAsync(0);
    bench.pull([10]);
    Object.assign(request, { isAbandoned: true });
    leave();
    expect(await fateOf(read)).toEqual([]);
    const next = bench.read();
    await jest.advanceTimersByTimeAsync(0);
    bench.pull([]);
    expect(await fateOf(next)).toEqual([0]);
  });

  it('ends at once with what there is when the sidecar drains, and so do those after it', async () => {
    const bench = new Bench();
    const read = bench.read({ minBytes: 50 });
    await jest.advanceTimersByTimeAsync(0);
    bench.pull([10]);
    bench.reader.drain();
    expect(await fateOf(read)).toEqual([0]);
    const settled = await read;
    settled.settle(true);
    const next = bench.read({ timeoutMs: 60_000 });
    await jest.advanceTimersByTimeAsync(100);
    expect(await fateOf(next)).toEqual([]);
  });
});

describe('the fate of an answer', () => {
  it('moves the position when it was delivered, once', async () => {
    const bench = new Bench();
    bench.pull([90, 90]);
    const batch = await bench.read({ maxBytes: 180 });
    expect(bench.stay.delivered).toBeUndefined();
    batch.settle(true);
    batch.settle(false);
    expect([bench.stay.delivered, bench.buffer.size]).toEqual([2, 0]);
  });

  it('brings the records back when it was not', async () => {
    const bench = new Bench();
    bench.pull([90, 90]);
    (await bench.read()).settle(false);
    expect([bench.stay.delivered, bench.buffer.size]).toEqual([undefined, 2]);
    expect(await fateOf(bench.read())).toEqual([0]);
  });

  it('means nothing for a partition that went meanwhile', async () => {
    const bench = new Bench();
    bench.pull([90, 90]);
    const batch = await bench.read();
    bench.owned.begin([{ topic: 't', partition: 0 }]);
    batch.settle(true);
    expect([bench.stay.delivered, bench.owned.get('t', 0)?.delivered]).toEqual([undefined, undefined]);
  });

  it('is waited for by the next read', async () => {
    const bench = new Bench();
    bench.pull([90, 90]);
    const batch = await bench.read();
    const next = bench.read();
    expect(await fateOf(next)).toBe('waits');
    batch.settle(false);
    expect(await fateOf(next)).toEqual([0]);
  });

  it('is not waited for without end', async () => {
    const bench = new Bench();
    bench.pull([90, 90]);
    await bench.read();
    const next = bench.read({ timeoutMs: 2_000 });
    next.catch(() => undefined);
    await jest.advanceTimersByTimeAsync(1_999);
    expect(await fateOf(next)).toBe('waits');
    await jest.advanceTimersByTimeAsync(1);
    expect(await fateOf(next)).toBe('ERR12221');
  });
});
