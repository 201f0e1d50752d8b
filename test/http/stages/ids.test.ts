import { describe, expect, it } from '@jest/globals';
import { ids } from '../../../src/http/stages/ids.ts';
import { exchangeOf, refusalOf } from '../exchange.ts';

/** Header text as Node hands UTF-8 over: one character a byte. */
const onWire = (text: string) => Buffer.from(text).toString('latin1');

function idsOf(headers: Readonly<Record<string, string>>) {
  const exchange = exchangeOf({ headers });
  ids(exchange);
  const { correlationId, correlationIdHeader, traceabilityId, traceabilityIdHeader, traceparent, tracestate } =
    exchange;
  return { correlationId, correlationIdHeader, traceabilityId, traceabilityIdHeader, traceparent, tracestate };
}

const none = {
  traceabilityId: undefined,
  traceabilityIdHeader: undefined,
  traceparent: undefined,
  tracestate: undefined,
};
const generated = expect.stringMatching(/^[\w-]{22}$/);
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('ids', () => {
  it('takes the ids of the request', () => {
    const headers = { 'x-correlation-id': 'c', 'x-traceability-id': 't', traceparent, tracestate: 'v=1' };
    expect(idsOf(headers)).toEqual({
      correlationId: 'c',
      correlationIdHeader: 'c',
      traceabilityId: 't',
      traceabilityIdHeader: 't',
      traceparent,
      tracestate: 'v=1',
    });
  });

  it('generates a correlation id where there is none, and no traceability id', () => {
    for (const headers of [{}, { 'x-correlation-id': '', 'x-traceability-id': '' }]) {
      const seen = idsOf(headers);
      expect(seen).toEqual({ ...none, correlationId: generated, correlationIdHeader: seen.correlationId });
    }
  });

  it('reads ids beyond ASCII as UTF-8, and answers them as they stood on the wire', () => {
    const wire = onWire('é😀');
    expect(idsOf({ 'x-correlation-id': wire, 'x-traceability-id': wire })).toEqual({
      ...none,
      correlationId: 'é😀',
      correlationIdHeader: wire,
      traceabilityId: 'é😀',
      traceabilityIdHeader: wire,
    });
  });

  it('takes ids of up to 1024 characters', () => {
    expect(idsOf({ 'x-correlation-id': 'c'.repeat(1024) }).correlationId).toBe('c'.repeat(1024));
  });

  it.each([
    ['too long', 'c'.repeat(1025), 'is longer than 1024 characters'],
    ['not UTF-8', 'a\u00e9b', 'is not UTF-8 text'],
    ['with a control character', onWire('a\u0085b'), 'holds a control character'],
    ['with a DEL', 'a\u007fb', 'holds a control character'],
    ['with a tab', 'a\tb', 'holds a control character'],
  ])('refuses an id %s, and answers under a generated one', async (_, id, reason) => {
    for (const [header, name] of [
      ['x-correlation-id', 'X-Correlation-Id'],
      ['x-traceability-id', 'X-Traceability-Id'],
    ] as const) {
      const exchange = exchangeOf({ headers: { [header]: id } });
      expect(await refusalOf(() => ids(exchange))).toEqual({
        code: 'ERR11004',
        status: 400,
        description: `header ${name} ${reason}`,
      });
      expect([exchange.correlationId, exchange.correlationIdHeader, exchange.traceabilityIdHeader]).toEqual([
        generated,
        exchange.correlationId,
        undefined,
      ]);
    }
  });

  it('takes trace contexts of later versions, and passes over malformed ones with their state', () => {
    const bad = [
      traceparent.toUpperCase(),
      traceparent.replace('00-', 'ff-'),
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
      traceparent.slice(1),
      `${traceparent}0`,
    ];
    for (const text of bad) {
      const { traceparent: seen, tracestate } = idsOf({ traceparent: text, tracestate: 'v=1' });
      expect([text, seen, tracestate]).toEqual([text, undefined, undefined]);
    }
    const later = `${traceparent.replace('00-', '01-')}-more`;
    expect(idsOf({ traceparent: later }).traceparent).toBe(later);
  });

  it('passes over a version 00 context with more fields behind, which that version forbids', () => {
    expect(idsOf({ traceparent: `${traceparent}-more` }).traceparent).toBeUndefined();
  });
});
