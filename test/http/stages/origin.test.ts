import { describe, expect, it } from '@jest/globals';
import { createOriginStage, type OriginOptions } from '../../../src/http/stages/origin.ts';
import { exchangeOf, refusalOf } from '../exchange.ts';

const refusal = (headers: Readonly<Record<string, string>>, options: Partial<OriginOptions> = {}) => {
  const stage = createOriginStage({ ip: '127.0.0.1', allowedHosts: [], ...options });
  return refusalOf(() => stage(exchangeOf({ headers })));
};

describe('the origin stage', () => {
  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1:8080', '127.9.9.9', '[::1]:8080', '[::1]'])(
    'lets requests to the loopback host %s through',
    async (host) => {
      expect(await refusal({ host })).toBeUndefined();
    },
  );

  it('lets requests without Host through, which no browser sends', async () => {
    expect(await refusal({})).toBeUndefined();
  });

  it.each(['evil.example', 'localhost.evil.example:8080', '127.0.0.1.evil.example', '10.0.0.5', '[fe80::1]', ''])(
    'refuses the foreign host %j',
    async (host) => {
      expect(await refusal({ host })).toEqual({
        code: 'ERR12234',
        status: 403,
        description: `Host ${JSON.stringify(host)} is not served; add it to server.allowedHosts`,
      });
    },
  );

  it('lets requests to server.ip and server.allowedHosts through, in any case and with any port', async () => {
    const options = { ip: '10.0.0.5', allowedHosts: ['Sidecar.Example'] };
    expect([
      await refusal({ host: '10.0.0.5:8080' }, options),
      await refusal({ host: 'SIDECAR.example:99' }, options),
      await refusal({ host: 'sidecar.example' }, options),
    ]).toEqual([undefined, undefined, undefined]);
  });

  it('refuses a foreign host also after it let good ones through', async () => {
    const stage = createOriginStage({ ip: '127.0.0.1', allowedHosts: [] });
    for (let i = 0; i < 200; i++) await stage(exchangeOf({ headers: { host: `localhost:${i}` } }));
    expect(await refusalOf(() => stage(exchangeOf({ headers: { host: 'evil.example' } })))).toMatchObject({
      status: 403,
    });
  });

  it.each([
    ['http://localhost:8080', 'localhost:8080'],
    ['http://127.0.0.1:8080', '127.0.0.1:8080'],
    ['http://LOCALHOST:8080', 'Localhost:8080'],
  ])('lets the sidecar’s own origin %s through', async (origin, host) => {
    expect(await refusal({ host, origin })).toBeUndefined();
  });

  it.each([
    ['another site', 'http://evil.example'],
    ['a sandboxed page', 'null'],
    ['text that is no origin', 'x'],
    ['another port of this machine', 'http://localhost:3000'],
    ['another port of the address listened on', 'http://127.0.0.1:3000'],
  ])('refuses the foreign origin of %s', async (_, origin) => {
    expect(await refusal({ host: 'localhost:8080', origin })).toEqual({
      code: 'ERR12234',
      status: 403,
      description: `Origin ${JSON.stringify(origin)} is not this sidecar; pages of other origins may not call it`,
    });
  });

  it('does not repeat an endless host in its answer', async () => {
    const { description } = (await refusal({ host: 'x'.repeat(10_000) })) as { description: string };
    expect(description.length).toBeLessThan(300);
  });
});
