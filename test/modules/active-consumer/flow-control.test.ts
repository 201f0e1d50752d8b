import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FlowControl } from '../../../src/modules/active-consumer/flow-control.ts';
import { OwnedPartitions } from '../../../src/modules/active-consumer/owned-partitions.ts';
import { RecordBuffer } from '../../../src/modules/active-consumer/record-buffer.ts';
import { messageOf, stayIn } from './messages.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A flow whose reads take at most 300 000 bytes: its buffer is full at 600 000. */
function bench() {
  const log: string[] = [];
  const buffer = new RecordBuffer();
  const stay = stayIn(new OwnedPartitions());
  const flow = new FlowControl(buffer, { pause: () => log.push('pause'), resume: () => log.push('resume') });
  flow.expectReads(300_000);
  const fill = (bytes: number, records = 1) => {
    for (let i = 0; i < records; i++) buffer.push(messageOf({ value: Buffer.alloc(bytes) }), stay);
    flow.bufferChanged();
  };
  const read = (maxBytes: number, maxRecords = Infinity) => {
    buffer.take({ maxBytes, maxRecords });
    flow.bufferChanged();
  };
  return { log, flow, fill, read };
}

describe('FlowControl', () => {
  it('stops the pulls while the buffer holds about two reads', () => {
    const { flow, fill, read } = bench();
    const demands = [flow.demand() > 0];
    fill(599_999);
    demands.push(flow.demand() > 0);
    fill(1);
    demands.push(flow.demand() > 0);
    read(1, 1);
    demands.push(flow.demand() > 0);
    expect(demands).toEqual([true, true, false, true]);
  });

  it('stops the pulls at 5000 records, however small', () => {
    const { flow, fill } = bench();
    fill(0, 5_000);
    expect(flow.demand()).toBe(0);
  });

  it('holds no less than 256 KiB, and no more than 4 MiB beyond one read', () => {
    const fullAt = (maxBytes: number, bytes: number) => {
      const { flow, fill } = bench();
      flow.expectReads(maxBytes);
      fill(bytes);
      return flow.demand() === 0;
    };
    expect([
      fullAt(1, 262_143),
      fullAt(1, 262_144),
      fullAt(8_000_000, 12_194_303),
      fullAt(8_000_000, 12_194_304),
    ]).toEqual([false, true, false, true]);
  });

  it('pauses the partitions when no read comes for 200 ms, and lets the pulls go on for rebalances', async () => {
    const { flow, fill, log } = bench();
    fill(700_000);
    await jest.advanceTimersByTimeAsync(199);
    expect([log, flow.isPaused, flow.demand()]).toEqual([[], false, 0]);
    await jest.advanceTimersByTimeAsync(1);
    expect([log, flow.isPaused, flow.demand() > 0]).toEqual([['pause'], true, true]);
  });

  it('does not pause between the reads of a busy reader', async () => {
    const { fill, read, log } = bench();
    for (let i = 0; i < 10; i++) {
      fill(700_000);
      await jest.advanceTimersByTimeAsync(150);
      read(700_000);
    }
    await jest.advanceTimersByTimeAsync(1_000);
    expect([log, jest.getTimerCount()]).toEqual([[], 0]);
  });

  it('counts the time from when the buffer became full, not from the last record', async () => {
    const { fill, log } = bench();
    fill(700_000);
    await jest.advanceTimersByTimeAsync(150);
    fill(1);
    await jest.advanceTimersByTimeAsync(50);
    expect(log).toEqual(['pause']);
  });

  it('resumes once the buffer is less than half full', async () => {
    const { flow, fill, read, log } = bench();
    fill(100_000, 7);
    await jest.advanceTimersByTimeAsync(200);
    read(400_000);
    const half = [...log];
    read(100_000);
    expect([half, log, flow.isPaused]).toEqual([['pause'], ['pause', 'resume'], false]);
  });

  it('pauses nothing after it was stopped', async () => {
    const { flow, fill, log } = bench();
    fill(700_000);
    flow.stop();
    await jest.advanceTimersByTimeAsync(1_000);
    expect([log, jest.getTimerCount()]).toEqual([[], 0]);
  });
});
