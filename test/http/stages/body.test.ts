import { describe, expect, it } from '@jest/globals';
import { ClientGoneError, createBodyStage } from '../../../src/http/stages/body.ts';
import type { Stage } from '../../../src/http/chains.ts';
import { exchangeOf, operationOf, refusalOf, type ExchangeParts } from '../exchange.ts';

const maxBytes = 20;
const stage = createBodyStage(maxBytes);
const json = { 'content-type': 'application/json' };

interface Sent extends ExchangeParts {
  readonly chunks: readonly (string | Buffer)[];
  readonly isCut?: boolean;
}

/** Runs the stage over a request that sends these chunks, and closes before its end where `isCut`. */
async function run({ chunks, isCut = false, headers = {}, ...parts }: Sent) {
  const exchange = exchangeOf({ ...parts, headers: { 'transfer-encoding': 'chunked', ...headers } });
  const { message } = exchange;
  const ended = stage(exchange);
  for (const chunk of chunks) message.push(chunk);
  if (isCut) message.destroy();
  else {
    message.complete = true;
    message.push(null);
  }
  await ended;
  return { body: exchange.body.toString(), json: exchange.json };
}

const refusal = (sent: Sent) => refusalOf(async () => void (await run(sent)));

describe('the body stage', () => {
  it('parses JSON, whatever chunks it comes in', async () => {
    expect(await run({ chunks: ['{"a":', '[1,2]}'], headers: json })).toEqual({
      body: '{"a":[1,2]}',
      json: { a: [1, 2] },
    });
  });

  it.each([
    ['without a content type', {}],
    ['with a charset', { 'content-type': 'application/json; charset=utf-8' }],
    ['with a quoted charset', { 'content-type': 'Application/JSON;charset="UTF-8"' }],
  ])('takes a body %s', async (_, headers) => {
    expect(await run({ chunks: ['1'], headers })).toEqual({ body: '1', json: 1 });
  });

  it('leaves the bytes to an operation that reads its own', async () => {
    const operation = operationOf({ readsOwnBytes: true });
    expect(await run({ chunks: ['{not json'], operation })).toEqual({ body: '{not json', json: undefined });
  });

  it.each([
    [
      'another content type',
      { 'content-type': 'text/plain' },
      'Content-Type "text/plain" is not taken; send application/json',
    ],
    [
      'another charset',
      { 'content-type': 'application/json; charset=latin1' },
      'charset "latin1" is not taken; send UTF-8',
    ],
    [
      'a content encoding',
      { 'content-encoding': 'gzip' },
      'Content-Encoding "gzip" is not taken; send the body as it is',
    ],
    [
      'the identity encoding',
      { 'content-encoding': 'identity' },
      'Content-Encoding "identity" is not taken; send the body as it is',
    ],
  ])('refuses %s with 415', async (_, headers, description) => {
    expect(await refusal({ chunks: ['1'], headers })).toEqual({ code: 'ERR12232', status: 415, description });
  });

  it('refuses a body over the limit with 413, announced or not', async () => {
    const tooLarge = {
      code: 'ERR12231',
      status: 413,
      description: 'the body is larger than server.maxTransferFileSize, 20 bytes',
    };
    const announced = { 'content-length': '21' };
    expect(await refusal({ chunks: ['x'.repeat(21)], headers: announced })).toEqual(tooLarge);
    expect(await refusal({ chunks: ['"', 'x'.repeat(18), '""'] })).toEqual(tooLarge);
    expect(await run({ chunks: [`"${'x'.repeat(18)}"`] })).toEqual({
      body: `"${'x'.repeat(18)}"`,
      json: 'x'.repeat(18),
    });
  });

  it.each([
    ['no JSON', '{"a"', 'ERR10015', 'the body is not JSON: a colon was expected, not the end of the text at byte 4'],
    ['a repeated name', '{"a":1,"a":2}', 'ERR11004', 'body: /a is given twice, the second time at byte 7'],
    [
      'bytes that are not UTF-8',
      Buffer.from([0x22, 0xff, 0x22]),
      'ERR10015',
      'the body is not JSON: the text is not UTF-8 at byte 1',
    ],
  ])('refuses %s with 400 and the place', async (_, body, code, description) => {
    expect(await refusal({ chunks: [body] })).toEqual({ code, status: 400, description });
  });

  it.each([
    ['an integer beyond 2^53-1', '[9007199254740993]'],
    ['nesting over 64', '['.repeat(65) + ']'.repeat(65)],
  ])('refuses %s as a value that is not taken, not as text that is no JSON', async (_, body) => {
    const largeStage = createBodyStage(1_000);
    const exchange = exchangeOf({ headers: { 'transfer-encoding': 'chunked' } });
    const ended = largeStage(exchange);
    exchange.message.push(body);
    exchange.message.push(null);
    expect(await refusalOf(() => ended)).toEqual({
      code: 'ERR11004',
      status: 400,
      description: expect.not.stringContaining('not JSON'),
    });
  });

  it('lets a request without body through where none is needed', async () => {
    const exchange = exchangeOf({ headers: { 'content-length': '0', 'content-type': 'text/plain' } });
    expect(stage(exchange)).toBeUndefined();
    expect(await run({ chunks: [] })).toEqual({ body: '', json: undefined });
    expect(exchange.json).toBeUndefined();
  });

  it('refuses a request without body where one is needed', async () => {
    const operation = operationOf({ bodyRequired: true });
    const missing = { code: 'ERR11014', status: 400, description: 'subscribe needs a JSON body' };
    expect(await refusalOf(() => stage(exchangeOf({ operation })))).toEqual(missing);
    expect(await refusal({ chunks: [], operation })).toEqual(missing);
  });

  it('refuses a body where none is taken', async () => {
    const operation = operationOf({ takes: [] });
    expect(await refusal({ chunks: ['1'], operation })).toEqual({
      code: 'ERR11004',
      status: 400,
      description: 'subscribe takes no body',
    });
  });

  it('ends without an answer when the client goes away in mid-body', async () => {
    await expect(run({ chunks: ['{"a":'], isCut: true })).rejects.toBeInstanceOf(ClientGoneError);
  });
});

describe('the body stage with bodies from many clients', () => {
  const overloaded = {
    code: 'ERR12226',
    status: 503,
    description: 'too many bytes of bodies are being received at once; send this one again',
    headers: { 'Retry-After': '1' },
  };

  /** A request whose body has begun to arrive. */
  function begun(limited: Stage, bytes: number) {
    const exchange = exchangeOf({ headers: { 'transfer-encoding': 'chunked' } });
    const running = Promise.resolve(limited(exchange));
    exchange.message.push(' '.repeat(bytes - 1) + '1');
    return {
      async end() {
        exchange.message.complete = true;
        exchange.message.push(null);
        return refusalOf(() => running);
      },
      async cut() {
        exchange.message.destroy();
        await expect(running).rejects.toBeInstanceOf(ClientGoneError);
      },
    };
  }

  it('refuses the body that exceeds what may be received at once, and takes it when others are done', async () => {
    const limited = createBodyStage(1_000, 1_000);
    const first = begun(limited, 600);
    await turn();
    expect(await begun(limited, 600).end()).toEqual(overloaded);
    expect(await first.end()).toBeUndefined();
    expect(await begun(limited, 600).end()).toBeUndefined();
  });

  it('counts what a client that went away had sent no longer', async () => {
    const limited = createBodyStage(1_000, 1_000);
    const gone = begun(limited, 900);
    await turn();
    await gone.cut();
    expect(await begun(limited, 900).end()).toBeUndefined();
  });

  it('takes a body alone although it exceeds the sum', async () => {
    expect(await begun(createBodyStage(1_000, 10), 500).end()).toBeUndefined();
  });
});

/** Lets a stream hand over what was pushed. */
const turn = () => new Promise((resolve) => setImmediate(resolve));
