import { describe, expect, it } from '@jest/globals';
import { createSpecificationStage } from '../../../src/http/stages/specification.ts';
import { exchangeOf, operationOf, refusalOf, type ExchangeParts } from '../exchange.ts';

const stage = createSpecificationStage((path) => (path === '/things/a' ? ['GET', 'POST'] : []));
const refusal = (parts: ExchangeParts) => refusalOf(() => stage(exchangeOf(parts)));

describe('the specification stage', () => {
  it('lets a specified operation through', async () => {
    expect(await refusal({})).toBeUndefined();
  });

  it('answers an unknown path with 404, its query left out', async () => {
    expect(await refusal({ url: '/nowhere?secret=1', operation: undefined })).toEqual({
      code: 'ERR10007',
      status: 404,
      description: 'no such path: /nowhere',
    });
  });

  it('answers a method that the path has not with 405 and Allow', async () => {
    expect(await refusal({ url: '/things/a', method: 'PATCH', operation: undefined })).toEqual({
      code: 'ERR10008',
      status: 405,
      description: '/things/a takes GET, POST, not PATCH',
      headers: { Allow: 'GET, POST' },
    });
  });

  it('answers a method that a router let through for another, such as HEAD for GET, with 405', async () => {
    const operation = operationOf({ method: 'GET' });
    expect(await refusal({ url: '/things/a', method: 'HEAD', operation })).toMatchObject({ status: 405 });
  });

  it('cuts endless paths in its answer', async () => {
    const refused = await refusal({ url: `/${'x'.repeat(5_000)}`, operation: undefined });
    expect(refused).toEqual({ code: 'ERR10007', status: 404, description: `no such path: /${'x'.repeat(199)}…` });
  });

  it.each([
    '*/*',
    '',
    'application/json',
    'Application/JSON',
    'application/*',
    'text/html, application/json;q=0.1',
    'text/html, */*;q=0.1',
    'application/json; charset=utf-8',
    'application/xml;q=0.9,*/*;q=0.8',
  ])('admits JSON for Accept %j', async (accept) => {
    expect(await refusal({ headers: { accept } })).toBeUndefined();
  });

  it.each(['text/html', 'application/json;q=0', '*/*, application/json;q=0.0', 'application/*;q=0, */*', 'text/*'])(
    'refuses Accept %j, which excludes JSON, with 406',
    async (accept) => {
      expect(await refusal({ headers: { accept } })).toEqual({
        code: 'ERR12239',
        status: 406,
        description: 'the answer is application/json, which Accept excludes',
      });
    },
  );

  it('goes by what the operation produces', async () => {
    const operation = operationOf({ produces: ['text/plain'] });
    expect([
      await refusal({ operation, headers: { accept: 'text/plain' } }),
      await refusal({ operation, headers: { accept: 'application/json' } }),
    ]).toEqual([undefined, expect.objectContaining({ status: 406 })]);
  });
});
