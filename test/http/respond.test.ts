import type { IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../../src/modules/module.ts';
import { Exchange } from '../../src/http/exchange.ts';
import { respond } from '../../src/http/respond.ts';
import { eventually } from '../support/eventually.ts';
import { operationOf } from './exchange.ts';
import { Listening } from './listen.ts';

/** Serves one request with `serve`. */
async function withListener<T>(
  serve: (exchange: Exchange) => void,
  use: (listening: Listening) => Promise<T>,
): Promise<T> {
  const listening = await Listening.start((message, response) => {
    const exchange = new Exchange(message, response, operationOf());
    exchange.correlationIdHeader = 'cid';
    serve(exchange);
  });
  try {
    return await use(listening);
  } finally {
    await listening.stop();
  }
}

/** What a client sees of an answer. */
function seen(answer: Answer, prepare: (exchange: Exchange) => void = () => undefined, method = 'GET') {
  return withListener(
    (exchange) => {
      prepare(exchange);
      respond(exchange, answer, { 'X-Kafka-Embedded': 'memory' });
    },
    async (listening) => {
      const { status, headers, text } = await listening.call(method, '/');
      return { status, headers: withoutNoise(headers), text };
    },
  );
}

function withoutNoise(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { date, connection, ...rest } = headers;
  expect([date === undefined, connection]).toEqual([false, 'close']);
  return rest;
}

describe('respond', () => {
  it('writes text as JSON with its length in bytes, and the ids and fixed headers', async () => {
    const withTraceability = (exchange: Exchange) => {
      exchange.traceabilityIdHeader = 'tid';
    };
    expect(await seen({ status: 200, body: '"é"' }, withTraceability)).toEqual({
      status: 200,
      headers: {
        'content-type': 'application/json',
        'content-length': '4',
        'x-correlation-id': 'cid',
        'x-traceability-id': 'tid',
        'x-kafka-embedded': 'memory',
      },
      text: '"é"',
    });
  });

  it('writes bytes under the content type and with the headers of the answer', async () => {
    const answer = {
      status: 503,
      body: Buffer.from('ERROR'),
      contentType: 'text/plain',
      headers: { 'Retry-After': '1' },
    };
    expect(await seen(answer)).toEqual({
      status: 503,
      headers: {
        'content-type': 'text/plain',
        'content-length': '5',
        'retry-after': '1',
        'x-correlation-id': 'cid',
        'x-kafka-embedded': 'memory',
      },
      text: 'ERROR',
    });
  });

  it('writes 204 without content', async () => {
    expect(await seen({ status: 204 })).toEqual({
      status: 204,
      headers: { 'x-correlation-id': 'cid', 'x-kafka-embedded': 'memory' },
      text: '',
    });
  });

  it('sends no body to HEAD', async () => {
    expect(await seen({ status: 404, body: '{"code":"x"}' }, undefined, 'HEAD')).toMatchObject({
      status: 404,
      headers: { 'content-length': '12' },
      text: '',
    });
  });
});

describe('the fate of an answer', () => {
  it('is delivered once its last byte was handed over', async () => {
    const fates: boolean[] = [];
    const answer = { status: 200, body: 'x'.repeat(100_000), onSettled: (delivered: boolean) => fates.push(delivered) };
    expect((await seen(answer)).text).toHaveLength(100_000);
    expect(fates).toEqual([true]);
  });

  it('is not delivered when the client was gone before', async () => {
    let client: Socket | undefined;
    let announce: (fate: unknown[]) => void = () => undefined;
    const fate = new Promise<unknown[]>((resolve) => {
      announce = resolve;
    });
    const serve = (exchange: Exchange) => {
      const fates: unknown[] = [];
      exchange.onAbandoned(() => {
        respond(exchange, { status: 200, body: '1', onSettled: (delivered) => fates.push(delivered) }, {});
        announce([exchange.isAbandoned, ...fates]);
      });
      client!.destroy();
    };
    await withListener(serve, async ({ port }) => {
      client = connect(port, '127.0.0.1', () => client!.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
      expect(await fate).toEqual([true, false]);
    });
  });

  it('is not delivered when the client goes before it took the whole answer', async () => {
    const fates: boolean[] = [];
    const body = Buffer.alloc(16 * 1_048_576);
    const serve = (exchange: Exchange) =>
      respond(exchange, { status: 200, body, onSettled: (delivered) => fates.push(delivered) }, {});
    await withListener(serve, async ({ port }) => {
      const client = connect(port, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
      client.once('data', () => client.destroy());
      await eventually(() => expect(fates).toEqual([false]), { timeoutMs: 3_000, intervalMs: 5 });
    });
  });

  it('tells an operation that waits when its client goes, and not when it was answered', async () => {
    let abandoned = 0;
    const serve = (exchange: Exchange) => {
      exchange.onAbandoned(() => abandoned++);
      respond(exchange, { status: 200, body: '1' }, {});
    };
    await withListener(serve, async (listening) => {
      expect((await listening.call('GET', '/')).status).toBe(200);
    });
    expect(abandoned).toBe(0);
  });
});
