import { describe, expect, it } from '@jest/globals';
import { hex } from '../hex.ts';
import { AvroCase, recordOf, withDefault } from './avro.ts';

describe('a record', () => {
  const type = new AvroCase(recordOf({ a: 'long', b: 'string', c: 'boolean' }));

  it('is its fields in the schema’s order, in whatever order they come', () => {
    const given = [
      '{"a":27,"b":"foo","c":true}',
      ' { "c" : true , "b" : "foo" ,\n"a" : 27 } ',
      '{"a":27,"c":true,"b":"foo"}',
    ];
    expect(given.map((json) => type.encode(json))).toEqual(given.map(() => hex('36', '06666f6f', '01')));
    expect(type.decode(hex('36', '06666f6f', '01'))).toBe('{"a":27,"b":"foo","c":true}');
  });

  it('knows its fields however their names are written', () => {
    expect([
      type.encode('{"\\u0061":27,"b":"foo","\\u0063":true}'),
      type.encode('{"a":27,"\\u0062":"foo","c":true}'),
    ]).toEqual([hex('36', '06666f6f', '01'), hex('36', '06666f6f', '01')]);
  });

  it.each([
    ['a missing field', '{"a":1,"c":true}', '#: required key [b] not found'],
    ['no field at all', '{}', '#: required key [a] not found'],
    ['an unknown field', '{"a":1,"b":"","c":true,"d":1}', '#: extraneous key [d] is not permitted by record R'],
    [
      'an unknown field before others',
      '{"x":1,"a":1,"b":"","c":true}',
      '#: extraneous key [x] is not permitted by record R',
    ],
    [
      'a field that Object has by nature',
      '{"a":1,"b":"","c":true,"toString":1}',
      '#: extraneous key [toString] is not permitted by record R',
    ],
    [
      '__proto__',
      '{"__proto__":1,"a":1,"b":"","c":true}',
      '#: extraneous key [__proto__] is not permitted by record R',
    ],
    ['a field given twice in order', '{"a":1,"a":2,"b":"","c":true}', '#: key [a] is given twice'],
    ['a field given twice at the end', '{"a":1,"b":"","c":true,"a":1}', '#: key [a] is given twice'],
    ['a field given twice out of order', '{"c":true,"c":true,"a":1,"b":""}', '#: key [c] is given twice'],
    ['a field given twice, once escaped', '{"a":1,"\\u0061":2,"b":"","c":true}', '#: key [a] is given twice'],
    ['another kind', '[]', '#: expected type: record R, found: JSONArray'],
    ['null', 'null', '#: expected type: record R, found: Null'],
    ['null for a field', '{"a":1,"b":null,"c":true}', '#/b: expected type: string, found: Null'],
  ])('is refused with %s', (_, json, refusal) => {
    expect(type.encode(json)).toBe(`refused at ${refusal}`);
  });

  it('may have no fields, and names of any length', () => {
    const long = 'f'.repeat(300);
    expect([
      new AvroCase(recordOf({})).roundTrip('{}'),
      new AvroCase(recordOf({ [long]: 'int' })).roundTrip(`{"${long}":1}`),
    ]).toEqual(['{}', `{"${long}":1}`]);
    expect(new AvroCase(recordOf({ ff: 'int', f: 'int' })).roundTrip('{"f":1,"ff":2}')).toBe('{"ff":2,"f":1}');
  });
});

describe('a field that is not given', () => {
  const written = (fields: Readonly<Record<string, unknown>>, json = '{}') => {
    const type = new AvroCase(recordOf(fields));
    const encoded = type.encode(json);
    return encoded.startsWith('refused') ? encoded : type.decode(encoded);
  };

  it('takes its default', () => {
    expect([
      written({ a: withDefault('int', 5), b: withDefault('string', 'é"'), c: withDefault('bytes', 'ÿ') }),
      written({ a: withDefault('int', 5), b: 'int' }, '{"b":1}'),
      written({ a: 'int', b: withDefault('int', 5), c: 'int' }, '{"c":3,"a":1}'),
      written({
        a: withDefault({ type: 'map', values: 'int' }, { x: 1 }),
        b: withDefault({ type: 'array', items: 'int' }, [1, 2]),
      }),
      written({ a: withDefault({ type: 'enum', name: 'E', symbols: ['X', 'Y'] }, 'Y'), b: withDefault('double', 1) }),
      written({ a: withDefault(recordOf({ x: 'int', y: withDefault('int', 7) }, 'Q'), { x: 1 }) }),
      written({ a: withDefault(['null', 'string'], null), b: withDefault(['string', 'null'], 'x') }),
      written({ a: withDefault('null', null) }),
    ]).toEqual([
      '{"a":5,"b":"é\\"","c":"ÿ"}',
      '{"a":5,"b":1}',
      '{"a":1,"b":5,"c":3}',
      '{"a":{"x":1},"b":[1,2]}',
      '{"a":"Y","b":1.0}',
      '{"a":{"x":1,"y":7}}',
      '{"a":null,"b":{"string":"x"}}',
      '{"a":null}',
    ]);
  });

  // Defaults went through JSON.parse, which rounds what a double cannot hold.
  it('takes a default of 64 bits to the digit', () => {
    const field = (value: string) =>
      `{"type":"record","name":"R","fields":[{"name":"a","type":"long","default":${value}}]}`;
    const values = ['9007199254740993', '9223372036854775807', '-9223372036854775808'];
    expect(values.map((value) => new AvroCase(field(value)).encode('{}'))).toEqual(
      values.map((value) => new AvroCase('long').encode(value)),
    );
  });

  // A default is never wrapped, and belongs to the first branch: it is not chosen as a plain value is.
  it('takes a union’s default for its first branch', () => {
    const map = { type: 'map', values: 'int' };
    expect([
      written({ a: withDefault(['long', 'int'], 5) }),
      written({ a: withDefault(['double', 'int'], 1) }),
      written({ a: withDefault(['bytes', 'string'], 'x') }),
      written({ a: withDefault(['string', { type: 'enum', name: 'E', symbols: ['A'] }], 'A') }),
      written({ a: withDefault([map, 'int'], { int: 1 }) }),
      written({ a: withDefault([recordOf({ string: 'string' }, 'Q'), 'string'], { string: 'x' }) }),
      written({ a: withDefault(recordOf({ u: ['long', 'int'] }, 'Q'), { u: 1 }) }),
    ]).toEqual([
      '{"a":{"long":5}}',
      '{"a":{"double":1.0}}',
      '{"a":{"bytes":"x"}}',
      '{"a":{"string":"A"}}',
      '{"a":{"map":{"int":1}}}',
      '{"a":{"Q":{"string":"x"}}}',
      '{"a":{"u":{"long":1}}}',
    ]);
  });

  it('is refused where the default does not fit its type, each time; the schema is good all the same', () => {
    const type = new AvroCase(recordOf({ a: withDefault('int', 'none'), b: withDefault('string', null) }));
    expect([type.encode('{}'), type.encode('{}'), type.encode('{"a":1}'), type.encode('{"b":"x","a":1}')]).toEqual([
      'refused at #: required key [a] not found',
      'refused at #: required key [a] not found',
      'refused at #: required key [b] not found',
      '020278',
    ]);
  });

  // The default's own missing fields took defaults, and so on until the stack was full.
  it('is refused where its default never ends', () => {
    for (const type of ['R', ['R', 'null']]) {
      expect(new AvroCase(recordOf({ r: withDefault(type, {}) })).encode('{}')).toMatch(/^refused at #/);
    }
  });

  it('keeps its default away from what is given after it', () => {
    const type = new AvroCase(recordOf({ a: withDefault('string', 'd'), b: 'string' }));
    expect(['{"b":"1"}', '{"b":"2","a":"3"}', '{"b":"4"}'].map((json) => type.roundTrip(json))).toEqual([
      '{"a":"d","b":"1"}',
      '{"a":"3","b":"2"}',
      '{"a":"d","b":"4"}',
    ]);
  });
});

describe('an array and a map', () => {
  const array = new AvroCase({ type: 'array', items: 'long' });
  const map = new AvroCase({ type: 'map', values: 'long' });

  it('are one block, then the empty one', () => {
    expect([array.encode('[3,27]'), array.encode(' [ ] '), map.encode('{"a":1}'), map.encode('{ }')]).toEqual([
      '04063600',
      '00',
      '0202610200',
      '00',
    ]);
  });

  it.each([1, 63, 64, 65, 8191, 8192, 20_000])('hold %d items behind a count of as many bytes as it takes', (count) => {
    const numbers = Array.from({ length: count }, (_, index) => index);
    const members = Object.fromEntries(numbers.map((index) => [`k${index}`, index]));
    expect(array.roundTrip(JSON.stringify(numbers))).toBe(JSON.stringify(numbers));
    expect(map.roundTrip(JSON.stringify(members))).toBe(JSON.stringify(members));
  });

  it('hold each other', () => {
    const type = new AvroCase({ type: 'array', items: { type: 'map', values: { type: 'array', items: 'string' } } });
    const many = JSON.stringify(
      Array.from({ length: 70 }, () => ({ a: Array.from({ length: 70 }, () => 'x'), b: [] })),
    );
    expect(type.roundTrip(many)).toBe(many);
  });

  it('take any key, but none twice and no half character', () => {
    const keys = JSON.stringify({ '': 1, '/~"\\\u0000é😀\u2028': 2, ['__proto__']: 3, constructor: 4 });
    expect(JSON.parse(map.roundTrip(keys))).toEqual(JSON.parse(keys));
    expect([map.encode('{"a":1,"a":2}'), map.encode('{"a":1,"\\u0061":2}'), map.encode('{"\\ud800":1}')]).toEqual([
      'refused at #: key [a] is given twice',
      'refused at #: key [a] is given twice',
      'refused at #: a key holds a lone surrogate',
    ]);
  });

  it('are refused as another kind', () => {
    expect([array.encode('{}'), map.encode('[]'), array.encode('"[]"'), map.encode('null')]).toEqual([
      'refused at #: expected type: array, found: JSONObject',
      'refused at #: expected type: map, found: JSONArray',
      'refused at #: expected type: array, found: String',
      'refused at #: expected type: map, found: Null',
    ]);
  });
});

describe('the place of a fault', () => {
  const type = new AvroCase(
    recordOf({ a: { type: 'array', items: recordOf({ b: { type: 'map', values: 'int' }, c: 'int' }, 'Q') } }),
  );

  it('is a JSON pointer, its steps escaped', () => {
    expect([
      type.encode('{"a":[{"b":{},"c":1},{"b":{"x":1,"~/":"1"},"c":1}]}'),
      type.encode('{"a":[{"c":"1","b":{}}]}'),
      type.encode('{"a":[{"b":{"":null},"c":1}]}'),
      type.encode('{"a":[{"b":{},"c":1},{"b":{}}]}'),
      type.encode('{"a":[1]}'),
    ]).toEqual([
      'refused at #/a/1/b/~0~1: expected type: int, found: String',
      'refused at #/a/0/c: expected type: int, found: String',
      'refused at #/a/0/b/: expected type: int, found: Null',
      'refused at #/a/1: required key [c] not found',
      'refused at #/a/0: expected type: record Q, found: Number',
    ]);
  });
});

describe('an encoder that is used again', () => {
  const type = new AvroCase(recordOf({ a: { type: 'array', items: 'string' }, u: ['null', 'int', 'string'] }));

  it('writes the right bytes after a value that it refused', () => {
    const good = '{"a":["x"],"u":"y"}';
    const bytes = type.encode(good);
    const refused = ['{"a":["x","y",1]}', '{"a":[],"u":[]}', '{"u":1}', '{"u":{"int":"x"},"a":[]}', '1'];
    for (const json of refused) expect([type.encode(json).slice(0, 7), type.encode(good)]).toEqual(['refused', bytes]);
  });

  it('writes the right bytes during growth and after a very large value', () => {
    const small = '{"a":["x"],"u":"y"}';
    const bytes = type.encode(small);
    for (const size of [1_000, 1_020, 1_024, 70_000, 3_000_000]) {
      const large = JSON.stringify({
        a: Array.from({ length: 70 }, () => 'y'.repeat(size / 70)),
        u: { string: 'é'.repeat(10) },
      });
      expect(JSON.parse(type.roundTrip(large))).toEqual(JSON.parse(large));
      expect([type.encode(small), type.roundTrip(small)]).toEqual([bytes, '{"a":["x"],"u":{"string":"y"}}']);
    }
  });

  it('gives bytes that later values leave alone', () => {
    const first = type.bytes('{"a":["first"],"u":null}');
    const copy = Buffer.from(first);
    type.bytes('{"a":["second"],"u":null}');
    expect(first).toEqual(copy);
  });
});
