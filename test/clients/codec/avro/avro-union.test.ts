import { describe, expect, it } from '@jest/globals';
import { hex } from '../hex.ts';
import { AvroCase, recordOf } from './avro.ts';

/** What the value becomes, read with the names of the branches. */
const meant = (union: readonly unknown[], json: string) => {
  const type = new AvroCase(union);
  const encoded = type.encode(json);
  return encoded.startsWith('refused') ? encoded : type.decode(encoded);
};

const enumOf = (...symbols: string[]) => ({ type: 'enum', name: 'E', symbols });
const fixedOf = (size: number) => ({ type: 'fixed', name: 'F', size });
const map = { type: 'map', values: 'int' };

describe('a union’s value', () => {
  it('is written as the place of its branch, then the value', () => {
    const type = new AvroCase(['null', 'string']);
    expect([type.encode('{"string":"a"}'), type.encode('"a"'), type.encode('null')]).toEqual([
      '020261',
      '020261',
      '00',
    ]);
    expect([type.decode('020261'), type.decode('00')]).toEqual(['{"string":"a"}', 'null']);
  });

  it('is read without its branch’s name where that is asked for', () => {
    const type = new AvroCase(recordOf({ u: ['null', 'string', recordOf({ v: ['int', 'null'] }, 'n.Q')] }), {
      isUnionPlain: true,
    });
    expect(
      ['{"u":"a"}', '{"u":null}', '{"u":{"v":1}}', '{"u":{"v":null}}'].map((json) => type.roundTrip(json)),
    ).toEqual(['{"u":"a"}', '{"u":null}', '{"u":{"v":1}}', '{"u":{"v":null}}']);
  });

  it('is taken wrapped in the full name of its branch', () => {
    const branches = [
      'null',
      { ...enumOf('A'), namespace: 'n' },
      { ...fixedOf(1), name: 'm.F' },
      map,
      { type: 'array', items: 'int' },
    ];
    const wrapped = ['{"n.E":"A"}', '{"m.F":"x"}', '{"map":{"a":1}}', '{"array":[1]}'];
    expect(wrapped.map((json) => meant(branches, json))).toEqual(wrapped);
    expect(meant(branches, '{"E":"A"}')).toMatch(/^refused at /);
  });

  it('is refused where no branch can be meant', () => {
    expect([
      meant(['null', 'string'], '1'),
      meant(['null', 'int'], '"1"'),
      meant(['int', 'string'], 'null'),
      meant(['null', 'int'], '{"string":"a"}'),
      meant(['null', 'int'], '{}'),
      meant(['null', 'int'], '{"int":1,"null":null}'),
      meant(['null', 'int'], '[]'),
    ]).toEqual([
      'refused at #: expected type: one of null, string, found: Number',
      'refused at #: expected type: one of null, int, found: String',
      'refused at #: expected type: one of int, string, found: Null',
      'refused at #: expected type: one of null, int, found: JSONObject',
      'refused at #: expected type: one of null, int, found: JSONObject',
      'refused at #: expected type: one of null, int, found: JSONObject',
      'refused at #: expected type: one of null, int, found: JSONArray',
    ]);
  });

  it('is refused at its place in the wrapper, with what the branch expects', () => {
    const type = new AvroCase(recordOf({ a: { type: 'array', items: ['null', { type: 'map', values: 'int' }] } }));
    expect([type.encode('{"a":[null,{"map":{"x/y~":"1"}}]}'), type.encode('{"a":[null,{"x":1.5}]}')]).toEqual([
      'refused at #/a/1/map/x~1y~0: expected type: int, found: String',
      'refused at #/a/1/x: expected type: int, found: 1.5, which is no whole number of plain digits',
    ]);
  });

  it('leads on after a branch that did not fit', () => {
    const type = new AvroCase(recordOf({ a: ['int', 'string', recordOf({ b: 'int' }, 'B'), map], z: 'int' }));
    const values = ['{"a":"x","z":1}', '{"a":{"int":1},"z":1}', '{"a":{"c":1},"z":1}', '{"a":{"b":"x"},"z":1}'];
    expect(values.map((json) => type.encode(json))).toEqual([
      hex('02', '0278', '02'),
      hex('00', '02', '02'),
      hex('06', '02', '0263', '02', '00', '02'),
      'refused at #/a/b: expected type: int, found: String',
    ]);
  });

  it.each([
    ['number', 'union'],
    ['-1', 'refused: a union has no branch -1'],
    ['2', 'refused: a union has no branch 2'],
  ])('is read by a branch number that the union has: %s', (number, said) => {
    const type = new AvroCase(['null', 'int']);
    if (number === 'number') expect([said, type.decode('0202')]).toEqual(['union', '{"int":1}']);
    else expect(type.decode(number === '2' ? '0400' : '01')).toBe(said);
  });
});

describe('a plain value in a union', () => {
  it('is the whole number that keeps its digits: int, long, double, float', () => {
    expect([
      meant(['float', 'double', 'long', 'int'], '1'),
      meant(['float', 'double', 'long', 'int'], '3000000000'),
      meant(['float', 'double', 'long', 'int'], '9223372036854775807'),
      meant(['float', 'double', 'long', 'int'], '9223372036854775808'),
      meant(['float', 'double', 'long', 'int'], '1.5'),
      meant(['float', 'long'], '1.5'),
      meant(['int', 'double'], '1e300'),
      meant(['int', 'float'], '1e300'),
    ]).toEqual([
      '{"int":1}',
      '{"long":3000000000}',
      '{"long":9223372036854775807}',
      '{"double":9223372036854776000.0}',
      '{"double":1.5}',
      '{"float":1.5}',
      '{"double":1e+300}',
      expect.stringMatching(/^refused at #: /),
    ]);
  });

  it('is an enum where the symbol is one, else a string, bytes, a fixed, a number’s name', () => {
    const texts = ['string', 'bytes', enumOf('A'), fixedOf(1), 'double'];
    expect([
      meant(texts, '"A"'),
      meant(texts, '"B"'),
      meant(['bytes', fixedOf(1)], '"Ā"'),
      meant([fixedOf(2), 'bytes'], '"ab"'),
      meant([fixedOf(2), 'null'], '"ab"'),
      meant(['double', 'null'], '"NaN"'),
      meant(['string', 'double'], '"NaN"'),
      meant([enumOf('A'), 'null'], '"B"'),
    ]).toEqual([
      '{"E":"A"}',
      '{"string":"B"}',
      expect.stringMatching(/^refused at #: bytes are written as/),
      '{"bytes":"ab"}',
      '{"F":"ab"}',
      '{"double":"NaN"}',
      '{"string":"NaN"}',
      'refused at #: "B" is no symbol of enum E: A',
    ]);
  });

  it('is the first record that takes it, else the map', () => {
    const branches = [recordOf({ a: 'int' }, 'A'), map, recordOf({ b: 'int' }, 'B')];
    expect([
      meant(branches, '{"a":1}'),
      meant(branches, '{"b":1}'),
      meant(branches, '{"c":1}'),
      meant(branches, '{}'),
    ]).toEqual(['{"A":{"a":1}}', '{"B":{"b":1}}', '{"map":{"c":1}}', '{"map":{}}']);
  });
});

describe('an object that could be wrapped or plain', () => {
  it('is the wrapper where its value fits the branch', () => {
    const record = recordOf({ string: 'string' }, 'Q');
    expect([
      meant([record, 'string'], '{"string":"x"}'),
      meant([map, 'int'], '{"int":1}'),
      meant(['null', { type: 'map', values: 'string' }], '{"map":{"map":"x"}}'),
      meant([record, 'string'], '{"Q":{"string":"x"}}'),
    ]).toEqual(['{"string":"x"}', '{"int":1}', '{"map":{"map":"x"}}', '{"Q":{"string":"x"}}']);
  });

  it('is the record or map where the value does not fit the branch, or stands beside others', () => {
    const record = recordOf({ string: 'int' }, 'Q');
    expect([
      meant([record, 'string'], '{"string":1}'),
      meant(['null', { type: 'map', values: 'string' }], '{"map":"x"}'),
      meant([map, 'int'], '{"int":1,"b":2}'),
      meant([{ type: 'map', values: 'string' }, 'int'], '{"int":"x"}'),
    ]).toEqual(['{"Q":{"string":1}}', '{"map":{"map":"x"}}', '{"map":{"int":1,"b":2}}', '{"map":{"int":"x"}}']);
  });

  it('is refused as a wrapper where neither fits', () => {
    expect(meant([recordOf({ string: 'int' }, 'Q'), 'string'], '{"string":true}')).toBe(
      'refused at #/string: expected type: string, found: Boolean',
    );
  });
});

/** Records that begin alike, so that one is tried after the other. */
describe('a value that is tried as several records', () => {
  // What the first attempt had written went on counting against the bound on items without bytes.
  it('may have as many items of no bytes as one that is tried once', () => {
    const nulls = { type: 'array', items: 'null' };
    const type = new AvroCase([recordOf({ xs: nulls, y: 'int' }, 'A'), recordOf({ xs: nulls, z: 'int' }, 'B')]);
    const json = `{"xs":[${'null,'.repeat(699)}null],"z":1}`;
    expect(type.encode(json)).toBe(hex('02', 'f80a', '00', '02'));
  });
});

/** Nested as deep as a request may be, and answered while the event loop can wait. */
describe('a deep value with a choice at each level', () => {
  const within = (limitMs: number, run: () => string): [string, boolean] => {
    const begun = performance.now();
    const result = run();
    return [result.slice(0, 10), performance.now() - begun < limitMs];
  };

  // Each level was tried as wrapper and as record, and each of these tried the next level in both ways again: a body of a
  // few hundred bytes that ends in a wrong value held the event loop for hours.
  it('is refused at once where wrapper and record look alike', () => {
    const type = new AvroCase({ type: 'record', name: 'next', fields: [{ name: 'next', type: ['null', 'next'] }] });
    const depth = 24;
    expect(within(250, () => type.encode('{"next":'.repeat(depth) + '5' + '}'.repeat(depth)))).toEqual([
      'refused at',
      true,
    ]);
  });

  // The same for records of one shape: what the first refuses at its last field was written again by the second.
  it('is written at once where the first record takes all but the last field', () => {
    const add = { type: 'record', name: 'Add', fields: [{ name: 'left', type: ['null', 'Add', 'Mul'] }] };
    const mul = {
      type: 'record',
      name: 'Mul',
      fields: [
        { name: 'left', type: ['null', 'Add', 'Mul'] },
        { name: 'x', type: 'int' },
      ],
    };
    const declared = { ...add, fields: [{ name: 'left', type: ['null', 'Add', mul] }] };
    const type = new AvroCase(['null', declared, 'Mul']);
    let json = 'null';
    for (let depth = 0; depth < 15; depth++) json = `{"left":${json},"x":1}`;
    expect(within(250, () => type.encode(json))).toEqual(['0404040404', true]);
  });
});
