import { describe, expect, it } from '@jest/globals';
import { validator } from '../../../src/http/stages/validator.ts';
import { exchangeOf, refusalOf } from '../exchange.ts';
import { specifiedOperation } from '../specifications.ts';

interface Given {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly json?: unknown;
}

const instance = { group: 'g', instance: 'i' };

function exchangeFor(operationId: string, { path = instance, query = '', json }: Given) {
  const operation = { ...specifiedOperation(operationId), readsOwnBytes: false, handler: () => ({ status: 204 }) };
  const exchange = exchangeOf({ operation, url: `/x${query}` });
  exchange.pathParameters = path;
  exchange.json = json;
  return exchange;
}

const refusal = (operationId: string, given: Given) =>
  refusalOf(() => validator(exchangeFor(operationId, given))) as Promise<{ description: string } | undefined>;

const refused = (description: string) => ({ code: 'ERR11004', status: 400, description });

describe('the validator stage', () => {
  it.each<[string, Given]>([
    ['readRecords', {}],
    ['readRecords', { query: '?timeout=0&max_bytes=1&maxBytes=2&max_records=3&format=json' }],
    ['commitOffsets', { query: '?async=true', json: { offsets: [{ topic: 't', partition: 0, offset: 0 }] } }],
    ['commitOffsets', { json: { offsets: [{ topic: 't', partition: 0, offset: 2 ** 53 - 1, metadata: null }] } }],
    ['createConsumerInstance', { path: { group: 'ä/ö %' }, json: { format: 1, 'auto.commit.enable': 'true' } }],
    ['subscribe', { json: { topics: ['a.b_c-1'] } }],
    ['subscribe', { json: { topic_pattern: '.*' } }],
    ['getCommittedOffsets', { json: { offsets: [{ topic: 't', partition: 1 }] } }],
    ['produceRecords', { path: { topic: 't' }, query: '?timeoutMs=500' }],
  ])('lets good input of %s through: %j', async (operationId, given) => {
    expect(await refusal(operationId, given)).toBeUndefined();
  });

  it.each<[string, Given, string]>([
    ['readRecords', { query: '?x=1' }, 'query parameters must not have "x": no such field'],
    ['readRecords', { query: '?timeout=1&timeout=2' }, 'query parameter "timeout" is given twice'],
    ['readRecords', { query: '?timeout=soon' }, 'query parameter timeout must be integer'],
    ['readRecords', { query: '?timeout=-1' }, 'query parameter timeout must be >= 0'],
    ['readRecords', { query: '?timeout=300001' }, 'query parameter timeout must be <= 300000'],
    ['readRecords', { query: '?timeout=1e3' }, 'query parameter timeout must be a whole number'],
    ['readRecords', { query: '?timeout=0x10' }, 'query parameter timeout must be a whole number'],
    ['readRecords', { query: '?timeout=%205' }, 'query parameter timeout must be a whole number'],
    ['readRecords', { query: '?timeout=' }, 'query parameter timeout must be integer'],
    ['readRecords', { query: '?max_bytes=0' }, 'query parameter max_bytes must be >= 1'],
    ['readRecords', { query: '?__proto__=1' }, 'query parameters must not have "__proto__": no such field'],
    ['readRecords', { query: '?toString=1' }, 'query parameters must not have "toString": no such field'],
    ['subscribe', { json: {} }, "body must have required property 'topics'"],
    ['subscribe', { json: { topics: ['t'], topic_pattern: 'x' } }, 'body must not give alternatives together'],
    ['subscribe', { json: { topics: [] } }, 'body #/topics must NOT have fewer than 1 items'],
    ['subscribe', { json: { topics: ['t'], topcs: 1 } }, 'body must not have "topcs": no such field'],
    ['subscribe', { json: [] }, 'body must be object'],
    ['assign', { json: { partitions: [{ topic: 't', partition: -1 }] } }, 'body #/partitions/0/partition must be >= 0'],
    [
      'assign',
      { json: { partitions: [{ topic: 't', partition: 1.5 }] } },
      'body #/partitions/0/partition must be integer',
    ],
    [
      'assign',
      { json: { partitions: [{ topic: 't', partition: '1' }] } },
      'body #/partitions/0/partition must be integer',
    ],
    [
      'assign',
      { json: { partitions: [{ topic: 't' }] } },
      "body #/partitions/0 must have required property 'partition'",
    ],
    [
      'createConsumerInstance',
      { path: { group: 'g' }, json: { 'auto.offset.reset': 'x' } },
      'body #/auto.offset.reset must be one of ["earliest","latest","none"]',
    ],
  ])('refuses for %s %j, naming the place', async (operationId, given, description) => {
    expect(await refusal(operationId, given)).toEqual(refused(description));
  });

  it.each(['a b', '..', '.', 'ä', 'a/b', '', 'x'.repeat(250)])('refuses the topic name %j', async (topic) => {
    const answer = await refusal('produceRecords', { path: { topic } });
    expect(answer).toEqual(refused(expect.stringMatching(/^path parameter topic /) as unknown as string));
  });

  it.each(['a\nb', 'a\u0000', 'a\u0085', '', 'x'.repeat(256)])('refuses the group name %j', async (group) => {
    const answer = await refusal('readRecords', { path: { group, instance: 'i' } });
    expect(answer).toEqual(refused(expect.stringMatching(/^path parameter group /) as unknown as string));
  });

  it.each(['\ud800', 'a\udfffb'])('refuses the instance name %j, half a character', async (name) => {
    expect(await refusal('createConsumerInstance', { path: { group: 'g' }, json: { name } })).toEqual(
      refused(expect.stringMatching(/^body #\/name /) as unknown as string),
    );
  });

  it('gives the operation the query decoded', () => {
    const exchange = exchangeFor('readRecords', { query: '?format=%6Ason&timeout=5' });
    validator(exchange);
    expect([...exchange.query]).toEqual([
      ['format', 'json'],
      ['timeout', '5'],
    ]);
  });
});
