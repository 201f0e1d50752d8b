import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AvroCase, zigzag } from './avro.ts';

const minLong = -(2n ** 63n);
const maxLong = 2n ** 63n - 1n;
const int = new AvroCase('int');
const long = new AvroCase('long');
const float = new AvroCase('float');
const double = new AvroCase('double');
const string = new AvroCase('string');

describe('a null, boolean, int and long', () => {
  it('are written and read as the specification has them', () => {
    const cases: [AvroCase, string, string][] = [
      [new AvroCase('null'), 'null', ''],
      [new AvroCase('boolean'), 'false', '00'],
      [new AvroCase('boolean'), 'true', '01'],
      [int, '0', '00'],
      [int, '-1', '01'],
      [int, '1', '02'],
      [int, '-64', '7f'],
      [int, '64', '8001'],
      [int, '2147483647', 'feffffff0f'],
      [int, '-2147483648', 'ffffffff0f'],
      [long, '9223372036854775807', 'feffffffffffffffff01'],
      [long, '-9223372036854775808', 'ffffffffffffffffff01'],
    ];
    for (const [type, json, hex] of cases) expect([type.encode(json), type.decode(hex)]).toEqual([hex, json]);
  });

  it('keep every digit of a long, both ways', () => {
    const anyLong = fc.oneof(
      fc.bigInt({ min: minLong, max: maxLong }),
      fc
        .integer({ min: 0, max: 63 })
        .chain((bit) => fc.bigInt({ min: -2n, max: 2n }).map((near) => 2n ** BigInt(bit) + near)),
      fc
        .integer({ min: 0, max: 63 })
        .chain((bit) => fc.bigInt({ min: -1n, max: 2n }).map((near) => near - 2n ** BigInt(bit))),
    );
    fc.assert(
      fc.property(
        anyLong.filter((value) => value >= minLong && value <= maxLong),
        (value) => {
          expect(long.encode(String(value))).toBe(zigzag(value));
          expect(long.decode(zigzag(value))).toBe(String(value));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('refuse what lies beyond their bits', () => {
    expect([
      int.encode('2147483648'),
      int.encode('-2147483649'),
      int.encode('99999999999999999999'),
      long.encode('9223372036854775808'),
      long.encode('-9223372036854775809'),
    ]).toEqual([
      'refused at #: 2147483648 is out of the range of int, 32 bits',
      'refused at #: -2147483649 is out of the range of int, 32 bits',
      'refused at #: 99999999999999999999 is out of the range of int, 32 bits',
      'refused at #: 9223372036854775808 is out of the range of long, 64 bits',
      'refused at #: -9223372036854775809 is out of the range of long, 64 bits',
    ]);
    expect([int.decode(zigzag(2n ** 31n)), int.decode(zigzag(-(2n ** 31n) - 1n)), int.decode(zigzag(maxLong))]).toEqual(
      [
        'refused: an int has the value 2147483648',
        'refused: an int has the value -2147483649',
        'refused: an int has the value 9223372036854775807',
      ],
    );
  });

  it('take a whole number however it is written, but no fraction', () => {
    const written = ['1.0', '1.000', '1e0', '10E+2', '1.0e3', '-0', '-0.0', '0e99'];
    expect(written.map((json) => [int.encode(json), long.encode(json)])).toEqual(
      [1, 1, 1, 1000, 1000, 0, 0, 0].map((value) => [zigzag(BigInt(value)), zigzag(BigInt(value))]),
    );
    const refused = ['1.5', '1e-1', '0.1', '1e400', '9007199254740993.0'];
    expect(refused.map((json) => int.encode(json))).toEqual(
      refused.map(
        (json) => `refused at #: expected type: int, found: ${json}, which is no whole number of plain digits`,
      ),
    );
  });

  it('refuse values of another kind', () => {
    const values = ['null', 'true', '"1"', '[1]', '{"a":1}'];
    expect(values.map((json) => int.encode(json))).toEqual([
      'refused at #: expected type: int, found: Null',
      'refused at #: expected type: int, found: Boolean',
      'refused at #: expected type: int, found: String',
      'refused at #: expected type: int, found: JSONArray',
      'refused at #: expected type: int, found: JSONObject',
    ]);
    expect([new AvroCase('null').encode('0'), new AvroCase('boolean').encode('0'), string.encode('false')]).toEqual([
      'refused at #: expected type: null, found: Number',
      'refused at #: expected type: boolean, found: Number',
      'refused at #: expected type: string, found: Boolean',
    ]);
  });

  it('refuse bytes that are no such value', () => {
    expect([
      new AvroCase('boolean').decode('02'),
      long.decode('80808080808080808080'),
      long.decode('ffffffffffffffffff02'),
      long.decode('ffffffffffffffffffff01'),
      long.decode(''),
      long.decode('0200'),
    ]).toEqual([
      'refused: a boolean has the byte 2',
      'refused: a number has more than 64 bits',
      'refused: a number has more than 64 bits',
      'refused: a number has more than 64 bits',
      'refused: the bytes end before the value does',
      'refused: 1 bytes are left over behind the value',
    ]);
  });
});

describe('a float and a double', () => {
  it('are written as IEEE 754, little-endian', () => {
    expect([float.encode('1.5'), double.encode('1.5'), float.encode('0'), double.encode('-0.0')]).toEqual([
      '0000c03f',
      '000000000000f83f',
      '00000000',
      '0000000000000080',
    ]);
  });

  it('are the nearest to the text, however it is written', () => {
    const written = [
      '0.1',
      '1e23',
      '123456789012345678',
      '5e-324',
      '1.7976931348623157e308',
      '-1E-7',
      '1e-400',
      '0.30000000000000004',
      '100000000000000.5',
      '0.000000000000001',
      '-12.25',
    ];
    expect(written.map((json) => double.bytes(json).readDoubleLE())).toEqual(written.map(Number));
    expect(written.slice(0, 4).map((json) => float.bytes(json).readFloatLE())).toEqual(
      written.slice(0, 4).map((json) => Math.fround(Number(json))),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(double.bytes(Object.is(value, -0) ? '-0.0' : String(value)).readDoubleLE()).toBe(value);
      }),
    );
  });

  it('are read as Java prints them, so that they are seen to be no integers', () => {
    const doubles: [number, string][] = [
      [0, '0.0'],
      [-0, '-0.0'],
      [1, '1.0'],
      [-100, '-100.0'],
      [0.1, '0.1'],
      [1e20, '100000000000000000000.0'],
      [1e21, '1e+21'],
      [5e-324, '5e-324'],
      [NaN, '"NaN"'],
      [Infinity, '"Infinity"'],
      [-Infinity, '"-Infinity"'],
    ];
    const encoded = (value: number) => {
      const eight = Buffer.alloc(8);
      eight.writeDoubleLE(value);
      return eight;
    };
    expect(doubles.map(([value]) => double.decode(encoded(value)))).toEqual(doubles.map(([, text]) => text));
  });

  it('are read in the fewest digits that give the same 32-bit number', () => {
    const floats = ['0.1', '3.4028235e+38', '16777216.0', '1.1754944e-38', '-2.5', '0.0', '-0.0', '123456790.0'];
    expect(floats.map((json) => float.roundTrip(json))).toEqual(floats);
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const four = Buffer.alloc(4);
        four.writeFloatLE(value);
        expect(Math.fround(JSON.parse(float.decode(four)) as number)).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it('take the names of what JSON cannot write', () => {
    expect(
      ['"NaN"', '"Infinity"', '"-Infinity"'].flatMap((json) => [float.roundTrip(json), double.roundTrip(json)]),
    ).toEqual(['"NaN"', '"NaN"', '"Infinity"', '"Infinity"', '"-Infinity"', '"-Infinity"']);
    expect([
      float.encode('"nan"'),
      double.encode('"1.5"'),
      float.encode('1e39'),
      double.encode('1e309'),
      double.encode('-1e999'),
    ]).toEqual([
      'refused at #: expected type: float, found: String',
      'refused at #: expected type: double, found: String',
      'refused at #: 1e+39 is out of the range of float',
      'refused at #: the number is out of the range of double',
      'refused at #: the number is out of the range of double',
    ]);
  });
});
