import { describe, expect, it } from '@jest/globals';
import { Exchange } from '../../src/http/exchange.ts';
import { Listening } from './listen.ts';

/** What a module sees of the headers of a real request. */
async function seenHeaders(headers: Record<string, string>, names: readonly string[]) {
  let seen: unknown;
  const app = await Listening.start((message, response) => {
    const exchange = new Exchange(message, response, undefined);
    seen = { values: names.map((name) => exchange.header(name)), lines: exchange.rawHeaders };
    response.end();
  });
  try {
    await app.call('GET', '/', headers);
    return seen as { values: (string | undefined)[]; lines: readonly string[] };
  } finally {
    await app.stop();
  }
}

describe('a header of a request', () => {
  it('is found in any case; absent and empty are the same', async () => {
    const { values } = await seenHeaders({ 'X-Kafka-Key': 'k', 'X-Empty': '' }, [
      'x-kafka-key',
      'X-KAFKA-KEY',
      'X-Empty',
      'X-None',
    ]);
    expect(values).toEqual(['k', 'k', undefined, undefined]);
  });

  it('has one character per byte', async () => {
    const bytes = Buffer.from('é☃').toString('latin1');
    const { values, lines } = await seenHeaders({ 'X-Kafka-Key': bytes }, ['X-Kafka-Key']);
    expect([values, lines.slice(0, 2)]).toEqual([[bytes], ['X-Kafka-Key', bytes]]);
  });
});
