import { describe, expect, it } from '@jest/globals';
import { kafkaCodes } from '../../../src/clients/kafka/kafka-errors.ts';
import type { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import type { Answer } from '../../../src/modules/module.ts';
import type { ProducerLimits, RecordProducer } from '../../../src/modules/producer/produce.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeRequest, seen } from '../../support/request.ts';
import type { FakeProducerClient } from './fake-producer-client.ts';
import { ProducerBench } from './producer-bench.ts';

/** The shared bench with the shapes that these tests compare: the refusal as its parts. */
class Bench {
  readonly #bench: ProducerBench;

  constructor(limits: Partial<ProducerLimits> = {}) {
    this.#bench = new ProducerBench({ requestTimeoutMs: 1_000, ...limits });
  }

  get client(): FakeProducerClient {
    return this.#bench.main;
  }

  get cluster(): ProducerBench['cluster'] {
    return this.#bench.cluster;
  }

  get producer(): RecordProducer {
    return this.#bench.producer;
  }

  async produce(records: readonly object[], { topic = 't', query = {} } = {}): Promise<unknown> {
    const request = new FakeRequest('produceRecords', { path: { topic }, query, json: { records } });
    try {
      return seen((await this.producer.produce(request)) satisfies Answer);
    } catch (error) {
      const { code, status, description } = error as SidecarError;
      return { code, status, description };
    }
  }
}

describe('produceRecords', () => {
  it('looks an unknown topic up, then sends and answers the reports', async () => {
    const bench = new Bench();
    const answer = bench.produce([{ value: 1, partition: 1 }, { value: 2 }]);
    await eventually(() => expect(bench.client.values).toEqual(['1', '2']), { intervalMs: 1 });
    bench.client.report(0, 1, 5);
    bench.client.report(0, 0, 6);
    expect(await answer).toEqual({
      status: 200,
      body: {
        offsets: [
          { partition: 1, offset: 5 },
          { partition: 0, offset: 6 },
        ],
        requestStatus: 'OK',
      },
    });
  });

  it('sends within the call when the topic is known', async () => {
    const bench = new Bench();
    await bench.client.topics.lookup('t');
    const answer = bench.produce([{ value: 1 }]);
    expect(bench.client.values).toEqual(['1']);
    bench.client.report(0);
    expect(await answer).toMatchObject({ status: 200 });
  });

  it('refuses a topic and a partition that are not there, and sends nothing', async () => {
    const bench = new Bench();
    expect([
      await bench.produce([{ value: 1 }, { value: 2, partition: 2 }]),
      await bench.produce([{ value: 1 }], { topic: 'other' }),
    ]).toEqual([
      {
        code: 'ERR12219',
        status: 404,
        description: 'partition 2 of topic t does not exist, it has 2. Nothing was produced',
      },
      { code: 'ERR12219', status: 404, description: 'topic other does not exist; create it, or check its name' },
    ]);
    expect(bench.client.queued).toEqual([]);
  });

  it('looks a known topic up again for a partition that it did not have', async () => {
    const bench = new Bench();
    await bench.client.topics.lookup('t');
    expect(await bench.produce([{ value: 1, partition: 7 }])).toMatchObject({ code: 'ERR12219' });
  });

  it('refuses at once without a connection, a bad body before that', async () => {
    const bench = new Bench();
    bench.cluster.isReachable = false;
    bench.cluster.lastError = 'connection refused';
    expect([await bench.produce([{ value: 1 }]), await bench.produce([{ valu: 1 }])]).toEqual([
      {
        code: 'ERR12227',
        status: 503,
        description: 'no broker is reachable (connection refused); nothing was produced, try again',
      },
      { code: 'ERR11004', status: 400, description: 'body #/records/0/valu is no field of a record' },
    ]);
    bench.cluster.isReachable = true;
    bench.client.isConnected = false;
    expect(await bench.produce([{ value: 1 }])).toMatchObject({ code: 'ERR12227', status: 503 });
  });

  it('answers UNAUTHORIZED for every record when the brokers refuse the sidecar’s credentials', async () => {
    const bench = new Bench();
    Object.assign(bench.cluster, { isReachable: false, isCredentialRefused: true });
    const entry = { errorCode: 40101, error: 'the broker refuses the credentials of the sidecar' };
    expect(await bench.produce([{ value: 1 }, { value: 2 }])).toEqual({
      status: 503,
      body: {
        statusCode: 503,
        code: 'ERR12227',
        message: 'BROKER_UNREACHABLE',
        description: 'topic t: the broker refuses the credentials of the sidecar',
        severity: 'ERROR',
        offsets: [entry, entry],
        requestStatus: 'UNAUTHORIZED',
      },
    });
  });

  it('accepts or refuses a body whole when too much waits for acknowledgement', async () => {
    const bench = new Bench();
    await bench.client.topics.lookup('t');
    const first = bench.produce([{ value: 1 }, { value: 2 }]);
    const bytes = bench.producer.inFlight.bytes;
    expect(await bench.produce([{ value: 3 }, { value: 4 }])).toEqual({
      code: 'ERR12226',
      status: 503,
      description: `2 records with ${bytes} bytes wait for acknowledgement; nothing was produced, try again`,
    });
    expect(bench.client.values).toEqual(['1', '2']);
    bench.client.report(0);
    bench.client.report(0);
    await first;
    expect(bench.producer.inFlight).toMatchObject({ records: 0, bytes: 0 });
  });

  it('refuses for bytes in flight, but takes a large body while nothing else is', async () => {
    const bench = new Bench({ maxInFlightBytes: 50 });
    await bench.client.topics.lookup('t');
    const large = bench.produce([{ value: 'x'.repeat(100) }]);
    expect(await bench.produce([{ value: 1 }])).toMatchObject({ code: 'ERR12226' });
    bench.client.report(0);
    expect(await large).toMatchObject({ status: 200 });
  });

  it('refuses with 413 what could never be taken', async () => {
    const bench = new Bench();
    expect(await bench.produce([{}, {}, {}, {}])).toEqual({
      code: 'ERR12231',
      status: 413,
      description: 'there are more records than kafka-producer.maxInFlightRecords (3); split the request',
    });
  });

  it('waits no longer than the request allows', async () => {
    const bench = new Bench({ requestTimeoutMs: 60_000 });
    await bench.client.topics.lookup('t');
    const begunAt = Date.now();
    expect(await bench.produce([{ value: 1 }], { query: { timeoutMs: 20 } })).toMatchObject({
      status: 504,
      body: { code: 'ERR12228', requestStatus: 'FAILED', offsets: [{ errorCode: 50401 }] },
    });
    expect(Date.now() - begunAt).toBeLessThan(20_000);
    bench.client.report(kafkaCodes.messageTimedOut);
  });

  it('does not wait longer than configured, whatever the request says', async () => {
    const bench = new Bench({ requestTimeoutMs: 20 });
    await bench.client.topics.lookup('t');
    expect(await bench.produce([{ value: 1 }], { query: { timeoutMs: 60_000 } })).toMatchObject({ status: 504 });
  });

  it('answers a look-up that outlasts its time with 503: nothing was sent', async () => {
    const bench = new Bench();
    expect(await bench.produce([{ value: 1 }], { topic: 'other', query: { timeoutMs: 20 } })).toEqual({
      code: 'ERR12227',
      status: 503,
      description: 'topic other could not be looked up in time; nothing was produced',
    });
  });
});
