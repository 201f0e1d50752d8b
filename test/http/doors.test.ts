import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger } from '../../src/foundation/logging.ts';
import { createApp } from '../../src/http/app.ts';
import { createMethodLookup } from '../../src/http/doors.ts';
import type { Handler, Operations } from '../../src/modules/module.ts';
import { jsonAnswer } from '../../src/modules/module.ts';
import { operationOf } from './exchange.ts';
import { Listening, type SeenAnswer } from './listen.ts';
import { specifications, specifiedOperations } from './specifications.ts';

/** Answers what it was called for. */
const echo: Handler = ({ operationId, pathParameters, query, correlationId }) =>
  jsonAnswer(200, { operationId, pathParameters, query: [...query], correlationId });

const operations: Operations = Object.fromEntries(specifiedOperations.map(({ operationId }) => [operationId, echo]));
const options = {
  specifications,
  modules: [operations],
  origin: { ip: '127.0.0.1', allowedHosts: [] },
  maxBodyBytes: 1_000,
  maxReceivingBytes: 1_000,
  fixedHeaders: { 'X-Fixed': 'yes' },
  logger: silentLogger,
};

let app: Listening;
let probes: Listening;
beforeAll(async () => {
  app = await Listening.start(createApp(options));
  probes = await Listening.start(createApp({ ...options, onlyChains: ['probe'] }));
});
afterAll(() => Promise.all([app.stop(), probes.stop()]));

const parsed = ({ status, text }: SeenAnswer) => {
  const { correlationId, ...body } = JSON.parse(text) as Record<string, unknown>;
  return correlationId === undefined ? { status, code: body['code'] } : { status, ...body };
};
const seen = async (method: string, path: string, headers?: Record<string, string>, body?: string) =>
  parsed(await app.call(method, path, headers, body));

const records = '/consumers/g/instances/i/records';

describe('both doors', () => {
  it.each([
    ['produceRecords', 'POST', '/producers/t', { topic: 't' }, '{"records":[{}]}'],
    ['readRecords', 'GET', records, { group: 'g', instance: 'i' }, undefined],
    ['commitOffsets', 'POST', '/consumers/g/instances/i/offsets', { group: 'g', instance: 'i' }, undefined],
    ['getAssignment', 'GET', '/consumers/g/instances/i/assignments', { group: 'g', instance: 'i' }, undefined],
    ['getLiveness', 'GET', '/health/liveness', {}, undefined],
    ['getServiceHealth', 'GET', '/health/svc-1.0.0', { serviceId: 'svc-1.0.0' }, undefined],
  ])('find the operation %s', async (operationId, method, path, pathParameters, body) => {
    expect(await seen(method, path, {}, body)).toEqual({ status: 200, operationId, pathParameters, query: [] });
  });

  it('give the request’s id back, and a generated one where there was none', async () => {
    for (const path of [records, '/health/liveness']) {
      const given = await app.call('GET', path, { 'X-Correlation-Id': 'mine' });
      const generated = await app.call('GET', path);
      expect([given.headers['x-correlation-id'], given.headers['x-fixed']]).toEqual(['mine', 'yes']);
      expect(JSON.parse(generated.text)).toMatchObject({ correlationId: generated.headers['x-correlation-id'] });
    }
  });

  it('decode percent-encoded names alike', async () => {
    const names: [string, string][] = [
      ['a%20b', 'a b'],
      ['a%2Fb', 'a/b'],
      ['%C3%A9%F0%9F%98%80', 'é😀'],
      ['100%25', '100%'],
      ['%2525', '%25'],
      ['a%3Fb%23c', 'a?b#c'],
      ['a+b', 'a+b'],
      ['a:b;c=d,e@f&g', 'a:b;c=d,e@f&g'],
    ];
    for (const [written, name] of names) {
      const hot = await seen('GET', `/consumers/${written}/instances/${written}/records`);
      const ordinary = await seen('GET', `/consumers/${written}/instances/${written}/assignments`);
      expect([hot, ordinary]).toMatchObject([
        { status: 200, operationId: 'readRecords', pathParameters: { group: name, instance: name } },
        { status: 200, operationId: 'getAssignment', pathParameters: { group: name, instance: name } },
      ]);
    }
  });

  it.each(['%', '%zz', '%C3', '%FF', 'a%2'])('refuse the malformed percent-encoding %s with 400', async (name) => {
    const paths = [`/consumers/${name}/instances/i/records`, `/consumers/${name}/instances/i/assignments`];
    const answers = await Promise.all(paths.map((path) => seen('GET', path)));
    expect(answers).toEqual(paths.map(() => ({ status: 400, code: 'ERR11004' })));
  });

  it('take names as long as the specification allows, however they are encoded', async () => {
    const name = '😀'.repeat(255);
    expect(await seen('GET', `/consumers/${encodeURIComponent(name)}/instances/i/records`)).toMatchObject({
      status: 200,
      pathParameters: { group: name },
    });
  });

  it.each([
    ['a trailing slash', `${records}/`],
    ['a trailing slash', '/health/liveness/'],
    ['a doubled slash', '//health/liveness'],
    ['another case', '/Producers/t'],
    ['a path above', '/consumers'],
    ['the root', '/'],
  ])('answer %s with 404: %s', async (_, path) => {
    expect(await seen('GET', path)).toEqual({ status: 404, code: 'ERR10007' });
  });

  it.each([
    ['POST', records, 'GET'],
    ['PUT', '/producers/t', 'POST'],
    ['DELETE', '/consumers/g', 'POST'],
    ['PATCH', '/consumers/g/instances/i/offsets', 'PUT, POST'],
    ['GET', '/consumers/g/instances/i', 'DELETE'],
    ['OPTIONS', '/spec.yaml', 'GET'],
    ['POST', '/health/liveness', 'GET'],
    ['TRACE', '/health/liveness', 'GET'],
  ])('answer %s %s with 405 and Allow: %s', async (method, path, allow) => {
    const answer = await app.call(method, path);
    expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
    expect(parsed(answer)).toEqual({ status: 405, code: 'ERR10008' });
  });

  it('answer HEAD with 405 and without a body', async () => {
    for (const path of [records, '/health/liveness']) {
      const { status, text } = await app.call('HEAD', path);
      expect([path, status, text]).toEqual([path, 405, '']);
    }
  });

  it('pass the query on, not as part of the path', async () => {
    expect([await seen('GET', `${records}?timeout=5`), await seen('GET', '/health/liveness?')]).toMatchObject([
      { status: 200, query: [['timeout', '5']] },
      { status: 200, query: [] },
    ]);
  });

  it('answer stages that refuse: foreign host, foreign origin, Accept, body', async () => {
    expect([
      await seen('GET', records, { Host: 'evil.example' }),
      await seen('POST', '/consumers/g', { Origin: 'http://evil.example' }),
      await seen('GET', records, { Accept: 'text/html' }),
      await seen('POST', '/consumers/g', {}, '{'),
      await seen('POST', '/consumers/g', {}, 'x'.repeat(1_001)),
    ]).toEqual([
      { status: 403, code: 'ERR12234' },
      { status: 403, code: 'ERR12234' },
      { status: 406, code: 'ERR12239' },
      { status: 400, code: 'ERR10015' },
      { status: 413, code: 'ERR12231' },
    ]);
  });

  it('serve probes whatever Host they are called by', async () => {
    expect(await seen('GET', '/health/liveness', { Host: '10.1.2.3:8080' })).toMatchObject({ status: 200 });
  });
});

describe('a listener for probes alone', () => {
  it('serves health and no other path', async () => {
    const statuses = await Promise.all(
      ['/health/liveness', '/spec.yaml', records].map(async (path) => (await probes.call('GET', path)).status),
    );
    expect(statuses).toEqual([200, 404, 404]);
  });
});

describe('createMethodLookup', () => {
  const lookup = createMethodLookup([
    operationOf({ method: 'GET', path: '/a.b/{x}' }),
    operationOf({ method: 'PUT', path: '/a.b/{x}' }),
    operationOf({ method: 'GET', path: '/a.b/fixed' }),
  ]);

  it('names each method of a path once', () => {
    expect([lookup('/a.b/1'), lookup('/a.b/fixed'), lookup('/aXb/1'), lookup('/a.b/'), lookup('/a.b/1/2')]).toEqual([
      ['GET', 'PUT'],
      ['GET', 'PUT'],
      [],
      [],
      [],
    ]);
  });
});
