import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { hex } from '../hex.ts';
import { AvroCase, recordOf } from './avro.ts';

const longs = new AvroCase({ type: 'array', items: 'long' });
const map = new AvroCase({ type: 'map', values: 'int' });

/** Something of everything. */
const all = new AvroCase(
  recordOf({
    n: 'null',
    b: 'boolean',
    i: 'int',
    l: 'long',
    f: 'float',
    d: 'double',
    y: 'bytes',
    s: 'string',
    x: { type: 'fixed', name: 'F', size: 2 },
    e: { type: 'enum', name: 'E', symbols: ['A', 'B'] },
    a: { type: 'array', items: ['null', 'string', recordOf({ m: { type: 'map', values: 'long' } }, 'Q')] },
    m: { type: 'map', values: { type: 'array', items: 'Q' } },
  }),
);
const allJson =
  '{"n":null,"b":true,"i":-70000,"l":9223372036854775807,"f":0.5,"d":-1.25,"y":"\\u0000ÿ","s":"é\\n","x":"xy","e":"B",' +
  '"a":[null,{"string":"x"},{"Q":{"m":{"k":-1,"l":300}}}],"m":{"":[],"a":[{"m":{}},{"m":{"z":1}}]}}';

describe('blocks of an array or map', () => {
  it('may be several, with or without their size', () => {
    expect([
      longs.decode(hex('0406360208', '00')),
      longs.decode(hex('03', '04', '0636', '02', '08', '00')),
      longs.decode(hex('01', '02', '06', '01', '02', '36', '00')),
      map.decode(hex('02', '0261', '02', '01', '06', '0262', '04', '00')),
    ]).toEqual(['[3,27,4]', '[3,27,4]', '[3,27]', '{"a":1,"b":2}']);
  });

  it('may have any count of items', () => {
    const count = 10_000;
    const items = Buffer.concat([longs.bytes(`[${'0,'.repeat(count - 1)}0]`)]);
    expect((JSON.parse(longs.decode(items)) as unknown[]).length).toBe(count);
  });

  it.each([
    ['a count beyond any memory', 'feffffffffffffffff01', 'refused: a block has 9223372036854775807 items'],
    ['a count beyond the bytes', hex('808080808080', '01', '02'), 'refused: the bytes end before the value does'],
    ['a negative size', hex('01', '01', '02', '00'), 'refused: a block has a length of -1'],
    ['a size beyond the bytes', hex('01', '80808001', '02', '00'), 'refused: the bytes end before the value does'],
    ['no end', '0206', 'refused: the bytes end before the value does'],
    ['no size behind a negative count', '01', 'refused: the bytes end before the value does'],
  ])('are refused with %s', (_, bytes, refusal) => {
    expect(longs.decode(bytes)).toBe(refusal);
  });

  it.each([
    ['nulls', 'null'],
    ['records without fields', recordOf({})],
    ['records of nulls', recordOf({ a: 'null', b: 'null' })],
    ['fixeds of no bytes', { type: 'fixed', name: 'F', size: 0 }],
  ])('end soon where they announce 2^40 %s', (_, items) => {
    const type = new AvroCase({ type: 'array', items });
    expect(type.decode(hex('80808080808040', '00'))).toBe('refused: there are more than 1000 items of no bytes');
    expect(type.decode(hex('06', '00'))).not.toMatch(/^refused/);
  });

  // The bound held for each array, and a byte or two began the next one: a kilobyte became a hundred megabytes.
  it('end soon where many of them announce items of no bytes', () => {
    const type = new AvroCase({ type: 'array', items: { type: 'array', items: 'null' } });
    const fiveHundred = hex('e807', '00');
    expect(type.decode('06' + fiveHundred.repeat(3) + '00')).toBe(
      'refused: there are more than 1000 items of no bytes',
    );
    expect(type.decode('04' + fiveHundred.repeat(2) + '00')).not.toMatch(/^refused/);
  });

  // What the sidecar takes from one client it must be able to give to another.
  it('are written with as many items of no bytes as are read, and no more', () => {
    const type = new AvroCase({ type: 'array', items: 'null' });
    const json = `[${'null,'.repeat(999)}null]`;
    expect(type.decode(type.bytes(json)) === json).toBe(true);
    expect(type.encode(`[${'null,'.repeat(1000)}null]`)).toBe(
      'refused at #: a value may have 1000 items that take no bytes, and has more',
    );
  });
});

describe('bytes that are not whole', () => {
  const bytes = all.bytes(allJson);

  it('are refused wherever they end', () => {
    expect(all.decode(bytes)).toBe(allJson);
    for (let end = 0; end < bytes.length; end++) expect(all.decode(bytes.subarray(0, end))).toMatch(/^refused: /);
  });

  it('are refused with more behind them', () => {
    expect(all.decode(Buffer.concat([bytes, Buffer.from([0])]))).toBe(
      'refused: 1 bytes are left over behind the value',
    );
  });

  it('are read from where the datum begins', () => {
    const { decode } = offsetCase();
    expect(decode(Buffer.from('ffffffffff0461', 'hex'), 5)).toBe('refused');
    expect(decode(Buffer.from('ffffffffff0261', 'hex'), 5)).toBe('"a"');
  });

  it('leave nothing behind for what is read next', () => {
    for (let end = 0; end < bytes.length; end += 3) {
      all.decode(bytes.subarray(0, end));
      expect(all.decode(bytes)).toBe(allJson);
    }
  });
});

function offsetCase() {
  const string = new AvroCase('string');
  return {
    decode: (bytes: Buffer, from: number) => {
      const text = string.decode(bytes.subarray(from));
      return text.startsWith('refused') ? 'refused' : text;
    },
  };
}

describe('any bytes', () => {
  const types = [all, longs, map, new AvroCase(['null', 'double', { type: 'map', values: 'string' }])];

  it('are valid JSON or refused', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 40 }), (type, bytes) => {
        isReadOrRefused(type, Buffer.from(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  it('are valid JSON or refused where they were right but for a few', () => {
    const right = all.bytes(allJson);
    const changes = fc.array(fc.tuple(fc.nat(right.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(changes, (changed) => {
        const bytes = Buffer.from(right);
        for (const [at, byte] of changed) bytes[at] = byte;
        isReadOrRefused(all, bytes);
      }),
      { numRuns: 1_000 },
    );
  });

  function isReadOrRefused(type: AvroCase, bytes: Buffer): void {
    const text = type.decode(bytes);
    if (!text.startsWith('refused: ')) JSON.parse(text);
  }
});

describe('a value that contains values of its own type', () => {
  const list = new AvroCase(recordOf({ v: 'int', next: ['null', 'R'] }));
  const tree = new AvroCase({
    type: 'record',
    name: 'T',
    fields: [{ name: 'c', type: { type: 'array', items: 'T' } }],
  });

  it('is written and read to some depth', () => {
    const json = '{"v":1,"next":{"R":'.repeat(60) + '{"v":0,"next":null}' + '}}'.repeat(60);
    expect(list.roundTrip(json)).toBe(json);
  });

  it.each([
    ['a list', list, '0202', '0000'],
    ['arrays', tree, '02', '00'],
  ])('is refused where it goes deeper than can be read: %s', (_, type, level, end) => {
    const deep = Buffer.from(level.repeat(100_000) + end, 'hex');
    expect(type.decode(deep)).toBe('refused: the value nests too deep');
    expect(type.decode(level + end + (type === tree ? '00' : ''))).not.toMatch(/^refused/);
  });
});

describe('what is read', () => {
  it('stays as it is when the next value is read', () => {
    const string = new AvroCase('string');
    const first = string.decode('0261');
    expect([first, string.decode('0262'), first]).toEqual(['"a"', '"b"', '"a"']);
  });

  it('may be very large, and small again', () => {
    const string = new AvroCase({ type: 'array', items: 'string' });
    const large = JSON.stringify(['é'.repeat(700_000), '"'.repeat(700_000)]);
    expect(string.roundTrip(large) === large).toBe(true);
    expect(string.roundTrip('["a"]')).toBe('["a"]');
  });
});
