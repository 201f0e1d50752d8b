import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, type HttpAnswer } from '../support/http.ts';
import { startSidecar, type RunningSidecar } from '../support/start-sidecar.ts';

let running: RunningSidecar;
beforeAll(async () => {
  running = await startSidecar({ SERVER_MAXTRANSFERFILESIZE: '200000', SERVER_REQUESTRECEIVETIMEOUTMS: '700' });
});
afterAll(() => running.stop());

const produce = (body: unknown, headers?: Record<string, string>) =>
  call('POST', `${running.url}/producers/bad-input`, body, headers);

function codeOf({ status, body }: HttpAnswer): unknown[] {
  const { code, description, statusCode } = body as Record<string, unknown>;
  expect(statusCode).toBe(status);
  return [status, code, description];
}

describe('produceRecords refuses', () => {
  const deep = `{"records":[{"value":${'['.repeat(63)}${']'.repeat(63)}}]}`;
  it.each([
    ['no JSON', '{"records":[', 400, 'ERR10015', /the body is not JSON/],
    ['bytes behind the JSON', '{"records":[{"value":1}]}x', 400, 'ERR10015', /the body is not JSON/],
    ['an empty body', '', 400, 'ERR11014', /needs a JSON body/],
    ['an array as body', '[]', 400, 'ERR11004', /body # must be object, not array/],
    ['no records', '{}', 400, 'ERR11004', /required property 'records'/],
    ['an empty list', '{"records":[]}', 400, 'ERR11004', /#\/records must have at least one record/],
    ['a number as record', '{"records":[1]}', 400, 'ERR11004', /#\/records\/0 must be object, not number/],
    ['an unknown request field', '{"records":[{}],"toString":1}', 400, 'ERR11004', /#\/toString is no field/],
    ['an unknown record field', '{"records":[{"constructor":1}]}', 400, 'ERR11004', /#\/records\/0\/constructor is no/],
    ['a repeated record field', '{"records":[{"value":1,"value":2}]}', 400, 'ERR11004', /value is given twice/],
    ['repeated records', '{"records":[{}],"records":[{}]}', 400, 'ERR11004', /#\/records is given twice/],
    ['an unknown format', '{"records":[{}],"keyFormat":"XML"}', 400, 'ERR11004', /#\/keyFormat must be BINARY/],
    ['contradicting formats', '{"records":[{}],"keyFormat":0,"key_format":1}', 400, 'ERR11004', /contradicts/],
    ['a schema format', '{"records":[{"value":1}],"valueFormat":"avro"}', 400, 'ERR12208', /schema registry/],
    [
      'a negative partition',
      '{"records":[{"partition":-1}]}',
      400,
      'ERR11004',
      /#\/records\/0\/partition must be an int/,
    ],
    ['a fractional partition', '{"records":[{"partition":1.5}]}', 400, 'ERR11004', /partition must be an integer/],
    ['a text as partition', '{"records":[{"partition":"1"}]}', 400, 'ERR11004', /partition must be number, not string/],
    [
      'a rounded timestamp',
      '{"records":[{"timestamp":9007199254740993}]}',
      400,
      'ERR11004',
      /timestamp must be an int/,
    ],
    [
      'a null header value',
      '{"records":[{"headers":{"a":null}}]}',
      400,
      'ERR11004',
      /#\/records\/0\/headers\/a must not/,
    ],
    ['a number as header', '{"records":[{"headers":{"a":1}}]}', 400, 'ERR11004', /headers\/a must be string/],
    ['a repeated header in a map', '{"records":[{"headers":{"a":"","a":""}}]}', 400, 'ERR11004', /headers\/a is given/],
    [
      'a header without name',
      '{"records":[{"headers":[{"value":"1"}]}]}',
      400,
      'ERR11004',
      /headers\/0 must have a name/,
    ],
    ['a header without value', '{"records":[{"headers":[{"name":"1"}]}]}', 400, 'ERR11004', /must have a value/],
    ['bad base64 in a header', '{"records":[{"headers":[{"name":"a","valueBase64":"?"}]}]}', 400, 'ERR11004', /base64/],
    ['a control character in a header name', '{"records":[{"headers":{"a\\n":"1"}}]}', 400, 'ERR11004', /control/],
    ['a lone surrogate in a header name', '{"records":[{"headers":{"\\ud800":"1"}}]}', 400, 'ERR11004', /surrogate/],
    ['a control character in an id', '{"records":[{"correlationId":"a\\r"}]}', 400, 'ERR11004', /control character/],
    ['an empty id', '{"records":[{"correlationId":""}]}', 400, 'ERR11004', /1 to 1024 characters/],
    ['nesting over 64', deep, 400, 'ERR11004', /deep|nest/i],
    [
      'bad base64',
      '{"keyFormat":"BINARY","records":[{"key":"a"}]}',
      400,
      'ERR12206',
      /base64.*index in batch : 0 \(key\)/,
    ],
    [
      'a lone surrogate in a string',
      '{"keyFormat":"STRING","records":[{"key":"\\udc00"}]}',
      400,
      'ERR12206',
      /surrogate/,
    ],
  ])('%s', async (_, body, status, code, description) => {
    expect(codeOf(await produce(body))).toEqual([status, code, expect.stringMatching(description)]);
  });

  it('text that is not UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"records":[{"value":"'), Buffer.from([0xff]), Buffer.from('"}]}')]);
    expect(codeOf(await produce(body))).toEqual([400, 'ERR10015', expect.stringContaining('UTF-8')]);
  });

  it.each([
    ['a foreign content type', { 'content-type': 'text/plain' }, 415, 'ERR12232'],
    ['a content encoding', { 'content-encoding': 'gzip' }, 415, 'ERR12232'],
    ['a charset other than UTF-8', { 'content-type': 'application/json; charset=latin1' }, 415, 'ERR12232'],
    ['an Accept without JSON', { accept: 'text/html' }, 406, 'ERR12239'],
    ['a foreign origin', { origin: 'http://evil.example' }, 403, 'ERR12234'],
    ['an opaque origin', { origin: 'null' }, 403, 'ERR12234'],
    ['a foreign host', { host: 'rebound.example' }, 403, 'ERR12234'],
    ['a control character in an id', { 'x-correlation-id': 'a\u0085b' }, 400, 'ERR11004'],
  ])('%s', async (_, headers, status, code) => {
    const answer = await produce('{"records":[{"value":1}]}', headers);
    expect(codeOf(answer).slice(0, 2)).toEqual([status, code]);
  });

  it.each([
    ['an unknown query parameter', 'bad-input?x=1', 'ERR11004', /"x"/],
    ['a query value of a wrong type', 'bad-input?timeoutMs=1e3', 'ERR11004', /timeoutMs/],
    ['a query value out of range', 'bad-input?timeoutMs=0', 'ERR11004', /timeoutMs/],
    ['a repeated query parameter', 'bad-input?timeoutMs=5&timeoutMs=5', 'ERR11004', /twice/],
    ['a bad topic name', 'a%20b', 'ERR11004', /topic/],
    ['a topic name that is too long', 'x'.repeat(250), 'ERR11004', /topic/],
  ])('%s', async (_, path, code, description) => {
    const answer = await call('POST', `${running.url}/producers/${path}`, '{"records":[{"value":1}]}');
    expect(codeOf(answer)).toEqual([400, code, expect.stringMatching(description)]);
  });

  it.each(['..', '.', '%2e%2e', '%2E'])('a topic named %s', async (topic) => {
    // Written to the socket as it is: HTTP clients resolve dot segments before they send.
    const body = '{"records":[{"value":1}]}';
    const answer = await raw(
      `POST /producers/${topic} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"ERR11004"[\s\S]*"description":"path parameter topic /);
  });

  it('a body over the limit, announced or not', async () => {
    const body = `{"records":[{"value":"${'x'.repeat(200_001)}"}]}`;
    expect(codeOf(await produce(body)).slice(0, 2)).toEqual([413, 'ERR12231']);
    const chunked = await raw(
      `POST /producers/bad-input HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n` +
        `40000\r\n${'x'.repeat(0x40000)}\r\n0\r\n\r\n`,
    );
    expect(chunked).toMatch(/^HTTP\/1.1 413 [\s\S]*"code":"ERR12231"/);
  });
});

describe('any operation', () => {
  it.each([
    ['an unknown path', 'GET', '/nowhere', 404, 'ERR10007'],
    ['a path with a trailing slash', 'POST', '/producers/bad-input/', 404, 'ERR10007'],
    ['an unknown method', 'PATCH', '/producers/bad-input', 405, 'ERR10008'],
    ['GET on a produce path', 'GET', '/producers/bad-input', 405, 'ERR10008'],
    ['OPTIONS', 'OPTIONS', '/producers/bad-input', 405, 'ERR10008'],
  ] as const)('answers %s in the error shape', async (_, method, path, status, code) => {
    expect(codeOf(await call(method, running.url + path)).slice(0, 2)).toEqual([status, code]);
  });

  it.each([
    ['nesting over 64 levels', 'subscriptions', `{"topics":${'['.repeat(70)}${']'.repeat(70)}}`, /64/],
    ['a duplicate name', 'subscriptions', '{"topics":["a"],"topics":["b"]}', /\/topics is given twice/],
    ['an offset that JavaScript would round', 'positions', at('9007199254740993'), /\/offsets\/0\/offset/],
    ['an offset with a fraction', 'positions', at('0.99999999999999999999'), /\/offsets\/0\/offset/],
    ['an offset as text', 'positions', at('"1"'), /#\/offsets\/0\/offset must be integer/],
    [
      'more topics than a subscription takes',
      'subscriptions',
      manyTopics(1_001),
      /#\/topics must NOT have more than 1000/,
    ],
    [
      'more partitions than a call takes',
      'assignments',
      manyPartitions(5_001),
      /#\/partitions must NOT have more than 5000/,
    ],
    ['a long pattern', 'subscriptions', JSON.stringify({ topic_pattern: 'a{1000}'.repeat(100) }), /256 characters/],
  ])('refuses %s with 400 and the place', async (_, path, body, description) => {
    const answer = await call('POST', `${running.url}/consumers/g/instances/i/${path}`, body);
    expect(codeOf(answer)).toEqual([400, 'ERR11004', expect.stringMatching(description)]);
  });

  it('answers a request that is not HTTP in the error shape', async () => {
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"ERR12241"/);
  });

  it('answers a header block over 16 KiB with 431', async () => {
    const answer = await raw(`GET /health/liveness HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 431 [\s\S]*"code":"ERR12240"/);
  });

  it('ends a slow body and a slow header block with 408', async () => {
    const head = 'POST /producers/bad-input HTTP/1.1\r\nHost: localhost\r\n';
    const [body, headers] = await Promise.all([raw(`${head}Content-Length: 100\r\n\r\n{"re`), raw(head)]);
    expect(body).toMatch(/^HTTP\/1.1 408 [\s\S]*"code":"ERR12238"/);
    expect(headers).toMatch(/^HTTP\/1.1 408 [\s\S]*"code":"ERR12238"/);
  });

  it('survives a client that closes in mid-body', async () => {
    const { hostname, port } = new URL(running.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write('POST /producers/bad-input HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{');
        setTimeout(() => socket.destroy(), 20);
      });
      socket.on('close', () => resolve());
    });
    expect((await call('GET', `${running.url}/health/liveness`)).status).toBe(200);
  });
});

function at(offset: string): string {
  return `{"offsets":[{"topic":"t","partition":0,"offset":${offset}}]}`;
}

function manyTopics(count: number): string {
  return JSON.stringify({ topics: Array.from({ length: count }, (_, i) => `t${i}`) });
}

function manyPartitions(count: number): string {
  return JSON.stringify({ partitions: Array.from({ length: count }, (_, partition) => ({ topic: 't', partition })) });
}

/** Writes bytes to the sidecar's port and returns all it answers until it closes the connection or stays silent. */
function raw(text: string): Promise<string> {
  const { hostname, port } = new URL(running.url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setTimeout(3_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      if (answer.includes('\r\n\r\n') && answer.endsWith('}')) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}
