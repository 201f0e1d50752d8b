import { describe, expect, it } from '@jest/globals';
import type { ConsumedMessage } from '../../../src/clients/kafka/native-consumer.ts';
import { rawBytes, recordsToJson, type RecordShape } from '../../../src/modules/active-consumer/record-json.ts';
import { specifiedOperations, specifications } from '../../http/specifications.ts';
import { messageOf, shapeOf } from './messages.ts';

const json = shapeOf('STRING', 'JSON');

const text = async (messages: readonly Partial<ConsumedMessage>[], shape: RecordShape = json) =>
  (await recordsToJson(messages.map(messageOf), shape)).toString();

const parsed = async (messages: readonly Partial<ConsumedMessage>[], shape?: RecordShape) =>
  JSON.parse(await text(messages, shape)) as unknown[];

const headers = (...pairs: readonly (readonly [string, string | Buffer])[]) =>
  pairs.map(([name, value]) => ({ [name]: Buffer.from(value) }));

describe('recordsToJson', () => {
  it('writes every field of a record, its value as it is stored', async () => {
    const message = {
      partition: 3,
      offset: 9_007_199_254_740_991,
      key: Buffer.from('k"é'),
      value: Buffer.from('{"a" : 1.0}'),
    };
    expect(await text([message])).toBe(
      '[{"topic":"t","key":"k\\"é","value":{"a" : 1.0},"headers":{"X-Correlation-Id":"t-3-9007199254740991"},' +
        '"partition":3,"offset":9007199254740991,"timestamp":1600000000000}]',
    );
  });

  it('keeps numbers beyond double precision to the digit', async () => {
    expect(await text([{ value: Buffer.from('[9223372036854775807,1.0,1e400]') }])).toContain(
      '"value":[9223372036854775807,1.0,1e400],',
    );
  });

  it('omits key and value where Kafka has null, and writes JSON null', async () => {
    const records = await parsed([{ key: null, value: null }, { value: Buffer.from('null') }]);
    expect(records.map((record) => [Object.keys(record as object), (record as { value?: unknown }).value])).toEqual([
      [['topic', 'headers', 'partition', 'offset', 'timestamp'], undefined],
      [['topic', 'value', 'headers', 'partition', 'offset', 'timestamp'], null],
    ]);
  });

  it('omits a timestamp that the record has not', async () => {
    expect(await parsed([{ timestamp: -1 }, { timestamp: 0 }])).toEqual([
      expect.not.objectContaining({ timestamp: expect.anything() }),
      expect.objectContaining({ timestamp: 0 }),
    ]);
  });

  it('writes no records as an empty list', async () => {
    expect(await text([])).toBe('[]');
  });

  it('writes what cannot be decoded in its place, with its bytes, and its neighbours unharmed', async () => {
    const bad = { offset: 1, key: Buffer.from('k'), value: Buffer.from('{'), headers: headers(['h', '1']) };
    const records = await parsed([{ offset: 0 }, bad, { offset: 2 }]);
    expect(records).toEqual([
      expect.objectContaining({ offset: 0, value: 1 }),
      {
        topic: 't',
        partition: 0,
        offset: 1,
        timestamp: 1_600_000_000_000,
        headers: { h: '1', 'X-Correlation-Id': 't-0-1' },
        error: { code: 'ERR12205', description: 'the value is not valid JSON' },
        keyBase64: 'aw==',
        valueBase64: 'ew==',
      },
      expect.objectContaining({ offset: 2, value: 1 }),
    ]);
  });

  it('tells a key that cannot be decoded, and leaves out what is null', async () => {
    expect(await parsed([{ key: Buffer.from([0xff]), value: null }], shapeOf('STRING', 'BINARY'))).toEqual([
      {
        topic: 't',
        partition: 0,
        offset: 0,
        timestamp: 1_600_000_000_000,
        headers: { 'X-Correlation-Id': 't-0-0' },
        error: { code: 'ERR12205', description: 'the key is not UTF-8 text' },
        keyBase64: '/w==',
      },
    ]);
  });

  it('finds that an empty value is no JSON, but empty text and bytes', async () => {
    const empty = [{ value: Buffer.alloc(0) }];
    expect([
      await parsed(empty),
      await parsed(empty, shapeOf('BINARY', 'STRING')),
      await parsed(empty, shapeOf('STRING', 'BINARY')),
    ]).toEqual([
      [expect.objectContaining({ valueBase64: '' })],
      [expect.objectContaining({ value: '' })],
      [expect.objectContaining({ value: '' })],
    ]);
  });

  it('answers what the specification promises', async () => {
    const records = [
      { key: Buffer.from('k') },
      { value: null },
      { value: Buffer.from('{') },
      { value: Buffer.from('null') },
    ];
    const fields = (schema: string) => {
      const { components } = specifications[0]!.definition as unknown as {
        components: { schemas: Record<string, { required: string[]; properties: object }> };
      };
      const { required, properties } = components.schemas[schema]!;
      return { required, known: Object.keys(properties) };
    };
    expect(specifiedOperations.some(({ operationId }) => operationId === 'readRecords')).toBe(true);
    for (const record of (await parsed(records)) as object[]) {
      const { required, known } = fields('error' in record ? 'UndecodableRecord' : 'ConsumerRecord');
      expect(Object.keys(record)).toEqual(expect.arrayContaining(required));
      expect(known).toEqual(expect.arrayContaining(Object.keys(record)));
    }
  });

  it('lets the event loop have its turn while it writes much', async () => {
    const value = Buffer.from(`"${'x'.repeat(700_000)}"`);
    let turns = 0;
    const count = setInterval(() => turns++, 0);
    const written = await text([{ value }, { value }, { value }, { value }, { value }, { value }]);
    clearInterval(count);
    expect([written.length > 4_200_000, turns > 0]).toEqual([true, true]);
  });
});

describe('the headers of an answered record', () => {
  const of = async (message: Partial<ConsumedMessage>, format: 'map' | 'list') => {
    const [record] = await parsed([message], shapeOf('STRING', 'JSON', format));
    return (record as { headers: unknown }).headers;
  };

  it('are a map of texts in which the last of a name wins', async () => {
    expect(
      await of({ headers: headers(['a', '1'], ['b', 'é"'], ['a', '2'], ['x-correlation-id', 'own']) }, 'map'),
    ).toEqual({
      a: '2',
      b: 'é"',
      'x-correlation-id': 'own',
    });
  });

  it('are a list with repeated names, order and bytes where the instance says so', async () => {
    const given = headers(['a', '1'], ['b', Buffer.from([0, 0xff])], ['a', ''], ['X-Correlation-Id', 'own']);
    expect(await of({ headers: given }, 'list')).toEqual([
      { name: 'a', value: '1' },
      { name: 'b', valueBase64: 'AP8=' },
      { name: 'a', value: '' },
      { name: 'X-Correlation-Id', value: 'own' },
    ]);
  });

  it('have a correlation id derived from the record’s place where it has none, the same each time', async () => {
    const place = { partition: 2, offset: 7 };
    const derived = { name: 'X-Correlation-Id', value: 't-2-7' };
    expect([
      await of(place, 'list'),
      await of(place, 'map'),
      await of({ ...place, headers: [] }, 'list'),
      await of({ ...place, headers: headers(['a', '1']) }, 'list'),
    ]).toEqual([[derived], { 'X-Correlation-Id': 't-2-7' }, [derived], [{ name: 'a', value: '1' }, derived]]);
  });

  it('keep a name that the client library makes the prototype of its object', async () => {
    const header = Object.setPrototypeOf({}, Buffer.from('x')) as Readonly<Record<string, Buffer>>;
    expect(await of({ headers: [header, ...headers(['X-Correlation-Id', 'c'])] }, 'list')).toEqual([
      { name: '__proto__', value: 'x' },
      { name: 'X-Correlation-Id', value: 'c' },
    ]);
    const answer = await text([{ headers: [header] }]);
    expect(answer).toContain('"headers":{"__proto__":"x","X-Correlation-Id":"t-0-0"}');
  });
});

describe('rawBytes', () => {
  it('counts key and value as stored', () => {
    expect([
      rawBytes(messageOf({ key: Buffer.from('é'), value: Buffer.from('abc') })),
      rawBytes(messageOf({ value: null })),
    ]).toEqual([5, 0]);
  });
});
