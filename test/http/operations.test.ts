import { describe, expect, it } from '@jest/globals';
import { isHot, joinOperations } from '../../src/http/operations.ts';
import type { SpecifiedOperation } from '../../src/http/openapi.ts';
import type { Operations } from '../../src/modules/module.ts';
import { operationOf } from './exchange.ts';

const handler = () => ({ status: 204 });
const specified = (...operationIds: readonly string[]): SpecifiedOperation[] =>
  operationIds.map((operationId) => operationOf({ operationId }));

describe('joinOperations', () => {
  it('gives each operation of the documents the handler of its name', () => {
    const other = () => ({ status: 200 });
    const joined = joinOperations(specified('subscribe', 'produceRecords'), [
      { produceRecords: other },
      { subscribe: handler },
    ]);
    expect(joined.map((operation) => [operation.operationId, operation.handler, operation.readsOwnBytes])).toEqual([
      ['subscribe', handler, false],
      ['produceRecords', other, true],
    ]);
  });

  it('refuses to start on a missing, a double and an unspecified handler, naming all', () => {
    const modules: Operations[] = [{ subscribe: handler, assign: handler }, { subscribe: handler }];
    expect(() => joinOperations(specified('subscribe', 'seek', 'unsubscribe'), modules)).toThrow(
      new Error(
        'specification and handlers differ: subscribe has two handlers; seek has no handler; ' +
          'unsubscribe has no handler; assign stands in no specification',
      ),
    );
  });

  it('refuses to start on an operationId that the documents have twice', () => {
    expect(() => joinOperations(specified('subscribe', 'subscribe'), [{ subscribe: handler }])).toThrow(
      'specification and handlers differ: subscribe ',
    );
  });
});

describe('isHot', () => {
  it('sends produce, read and commit past koa', () => {
    const ids = ['produceRecords', 'readRecords', 'commitOffsets', 'subscribe', 'getLiveness'];
    expect(ids.filter((operationId) => isHot(operationOf({ operationId })))).toEqual(ids.slice(0, 3));
  });
});
