import { describe, expect, it } from '@jest/globals';
import { createBodyStage } from '../../../src/http/stages/body.ts';
import { specifiedOperation } from '../specifications.ts';
import { exchangeOf, operationOf, refusalOf } from '../exchange.ts';

const stage = createBodyStage(1_000);
/** The operation that takes three kinds of body, as the specification has it. */
const operation = operationOf({ ...specifiedOperation('produceRecords'), readsOwnBytes: true });

/** Runs the stage over a request with this content type; without a body where that is undefined. */
async function run(contentType: string | undefined, body: string | undefined, headers: Record<string, string> = {}) {
  const exchange = exchangeOf({
    operation,
    headers: {
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
  });
  const ended = stage(exchange);
  if (body !== undefined && body !== '') {
    exchange.message.complete = true;
    exchange.message.push(body);
    exchange.message.push(null);
  }
  await ended;
  return [exchange.contentType, exchange.body.toString(), exchange.json];
}

const refusal = (...parts: Parameters<typeof run>) => refusalOf(async () => void (await run(...parts)));

describe('the body of produceRecords', () => {
  it.each([
    ['application/json', 'application/json'],
    [undefined, 'application/json'],
    ['application/json; charset=utf-8', 'application/json'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['Application/X-NDJSON; charset="UTF-8"', 'application/x-ndjson'],
    ['application/octet-stream', 'application/octet-stream'],
    ['APPLICATION/OCTET-STREAM', 'application/octet-stream'],
    ['application/octet-stream; charset=latin1', 'application/octet-stream'],
  ])('may be %s, its bytes left as they are', async (given, seen) => {
    expect(await run(given, '{not json')).toEqual([seen, '{not json', undefined]);
  });

  it.each([
    'text/plain',
    'application/xml',
    'application/jsonx',
    'application/avro',
    'multipart/form-data; boundary=x',
  ])('may not be %s', async (given) => {
    expect(await refusal(given, '{}')).toEqual({
      code: 'ERR12232',
      status: 415,
      description: `Content-Type ${JSON.stringify(given)} is not taken; send application/json or application/x-ndjson or application/octet-stream`,
    });
  });

  it.each(['application/x-ndjson; charset=latin1', 'application/json; charset=utf-16'])(
    'must be UTF-8 where it is text: %s',
    async (given) => {
      expect(await refusal(given, '{}')).toMatchObject({
        code: 'ERR12232',
        status: 415,
        description: expect.stringMatching(/^charset /),
      });
    },
  );

  it('may not be encoded, bytes neither', async () => {
    expect(await refusal('application/octet-stream', 'x', { 'content-encoding': 'gzip' })).toMatchObject({
      code: 'ERR12232',
      status: 415,
    });
  });

  it('may be no bytes at all, where it is bytes', async () => {
    expect([
      await run('application/octet-stream', undefined),
      await run('application/octet-stream', ''),
      await run('application/octet-stream; a=b', '', { 'content-length': '0' }),
    ]).toEqual([
      ['application/octet-stream', '', undefined],
      ['application/octet-stream', '', undefined],
      ['application/octet-stream', '', undefined],
    ]);
    const chunked = exchangeOf({
      operation,
      headers: { 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' },
    });
    const ended = stage(chunked);
    chunked.message.complete = true;
    chunked.message.push(null);
    await ended;
    expect([chunked.contentType, chunked.body.length]).toEqual(['application/octet-stream', 0]);
  });

  it.each(['application/json', 'application/x-ndjson', undefined])('must be there where it is %s', async (given) => {
    const missing = { code: 'ERR11014', status: 400, description: expect.stringContaining('produceRecords needs a') };
    expect([await refusal(given, undefined), await refusal(given, '')]).toEqual([missing, missing]);
  });
});
