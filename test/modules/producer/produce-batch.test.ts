import { describe, expect, it } from '@jest/globals';
import { kafkaCodes } from '../../../src/clients/kafka/kafka-errors.ts';
import type { OutgoingRecord } from '../../../src/clients/kafka/producer-client.ts';
import { InFlight, ProduceBatch, type RecordOutcome } from '../../../src/modules/producer/produce-batch.ts';
import { FakeProducerClient } from './fake-producer-client.ts';

const recordOf = (value: string): OutgoingRecord => ({
  partition: -1,
  key: null,
  value: Buffer.from(value),
  timestamp: null,
  headers: null,
});

/** A batch of these values on its way through two fake clients. */
function sent(values: readonly string[], prepare: (client: FakeProducerClient) => void = () => undefined) {
  const batched = new FakeProducerClient({ t: 1 });
  const single = new FakeProducerClient({ t: 1 });
  prepare(batched);
  const inFlight = new InFlight();
  /** What was told, in its order: the end, and the outcomes once all reports are in. */
  const calls: unknown[] = [];
  let end: (outcomes: readonly RecordOutcome[]) => void = () => undefined;
  const outcomes = new Promise<readonly RecordOutcome[]>((resolve) => {
    end = resolve;
  });
  const batch = new ProduceBatch({
    topic: 't',
    records: values.map(recordOf),
    bytes: values.join('').length,
    client: batched.client,
    singleClient: single.client,
    inFlight,
    deadline: Infinity,
    onEnd: (ended) => {
      calls.push('end');
      end(ended);
    },
    onReported: (reported) => calls.push(reported),
  });
  batch.send();
  return { batch, batched, single, inFlight, outcomes, calls };
}

const countsOf = ({ records, bytes }: InFlight) => ({ records, bytes });

const timedOut = { code: kafkaCodes.messageTimedOut };

describe('ProduceBatch', () => {
  it('sends every record in order, and gives one outcome for each', async () => {
    const { batched, outcomes } = sent(['a', 'b', 'c']);
    expect(batched.values).toEqual(['a', 'b', 'c']);
    batched.report(0, 2, 7);
    batched.report(kafkaCodes.transport);
    batched.report(0, 0, 0);
    expect(await outcomes).toEqual([
      { partition: 2, offset: 7 },
      { code: kafkaCodes.transport },
      { partition: 0, offset: 0 },
    ]);
  });

  it('counts its records and bytes in flight from the first until the last report', () => {
    const { batched, inFlight } = sent(['aa', 'b']);
    const counts = [countsOf(inFlight)];
    batched.report(0);
    counts.push(countsOf(inFlight));
    batched.report(0);
    counts.push(countsOf(inFlight));
    expect(counts).toEqual([
      { records: 2, bytes: 3 },
      { records: 2, bytes: 3 },
      { records: 0, bytes: 0 },
    ]);
  });

  it('sends records refused with too large a batch again, each by itself', async () => {
    const { batched, single, outcomes, inFlight } = sent(['a', 'big', 'c']);
    for (let i = 0; i < 3; i++) batched.report(kafkaCodes.messageTooLarge);
    expect([batched.values, single.values, inFlight.records]).toEqual([[], ['a', 'big', 'c'], 3]);
    single.report(0, 0, 4);
    single.report(kafkaCodes.messageTooLarge);
    single.report(0, 0, 5);
    expect(await outcomes).toEqual([
      { partition: 0, offset: 4 },
      { code: kafkaCodes.messageTooLarge },
      { partition: 0, offset: 5 },
    ]);
  });

  it.each([
    ['a timestamp', 32],
    ['a policy', 44],
    ['a missing key', 87],
    ['another record of the batch', -138],
  ])('sends records again whose batch was refused for %s, so that only the bad one fails', async (_, code) => {
    const { batched, single, outcomes } = sent(['good', 'bad']);
    batched.report(code);
    batched.report(code);
    single.report(0, 0, 1);
    single.report(code);
    expect(await outcomes).toEqual([{ partition: 0, offset: 1 }, { code }]);
  });

  it('takes the second word on a record that cannot be sent again', async () => {
    const { batched, single, outcomes } = sent(['a']);
    single.refuses = () => kafkaCodes.transport;
    batched.report(kafkaCodes.messageTooLarge);
    expect(await outcomes).toEqual([{ code: kafkaCodes.transport }]);
  });

  it('gives the code of a record that was not queued, and waits for the others', async () => {
    const { batched, outcomes, inFlight } = sent(['full', 'b'], (client) => {
      client.refuses = (record) => (String(record.value) === 'full' ? kafkaCodes.queueFull : 0);
    });
    expect(inFlight.records).toBe(2);
    batched.report(0, 0, 1);
    expect(await outcomes).toEqual([{ code: kafkaCodes.queueFull }, { partition: 0, offset: 1 }]);
  });

  it('ends also when no record was queued', async () => {
    const { outcomes, inFlight } = sent(['a', 'b'], (client) => {
      client.refuses = () => kafkaCodes.transport;
    });
    expect([await outcomes, countsOf(inFlight)]).toEqual([
      [{ code: kafkaCodes.transport }, { code: kafkaCodes.transport }],
      { records: 0, bytes: 0 },
    ]);
  });

  it('gives what has no report when it expires as unknown, and counts it in flight until its report', async () => {
    const { batch, batched, outcomes, inFlight } = sent(['a', 'b']);
    batched.report(0, 0, 1);
    expect(await Promise.race([outcomes, Promise.resolve('waits')])).toBe('waits');
    batch.expire();
    expect(await outcomes).toEqual([{ partition: 0, offset: 1 }, timedOut]);
    expect(inFlight.records).toBe(2);
    batched.report(0, 0, 2);
    expect([await outcomes, inFlight.records]).toEqual([[{ partition: 0, offset: 1 }, timedOut], 0]);
  });

  it('tells what all reports said, at the end or later, once', () => {
    const stored = { partition: 0, offset: 1 };
    const inTime = sent(['a']);
    inTime.batched.report(0, 0, 1);
    inTime.batch.expire();
    const late = sent(['a', 'b']);
    late.batched.report(0, 0, 1);
    late.batch.expire();
    const before = [...late.calls];
    late.batched.report(kafkaCodes.transport);
    const refused = sent(['a'], (client) => {
      client.refuses = () => kafkaCodes.queueFull;
    });
    expect([inTime.calls, before, late.calls, refused.calls]).toEqual([
      ['end', [stored]],
      ['end'],
      ['end', [stored, { code: kafkaCodes.transport }]],
      ['end', [{ code: kafkaCodes.queueFull }]],
    ]);
  });

  it('tells what the second word on a record was, also after it expired', () => {
    const { batch, batched, single, calls } = sent(['big']);
    batched.report(kafkaCodes.messageTooLarge);
    batch.expire();
    single.report(0, 0, 4);
    expect(calls).toEqual(['end', [{ partition: 0, offset: 4 }]]);
  });

  it('forgets a topic that a report calls unknown, so that the next request looks it up', async () => {
    const { batched, outcomes } = sent(['a', 'b']);
    await batched.topics.lookup('t');
    batched.report(kafkaCodes.transport);
    const before = batched.topics.known('t');
    batched.report(kafkaCodes.unknownPartition);
    expect([before, batched.topics.known('t'), (await outcomes).length]).toEqual([1, undefined, 2]);
  });
});
