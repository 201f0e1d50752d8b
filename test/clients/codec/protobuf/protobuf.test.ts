import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { proto2, proto3 } from './protobuf-case.ts';

/** The examples of https://protobuf.dev/programming-guides/encoding/ */
describe('a message', () => {
  it.each([
    ['int32 a = 1;', '{"a":150}', '089601'],
    ['string b = 2;', '{"b":"testing"}', '120774657374696e67'],
    ['T c = 3; message T { int32 a = 1; }', '{"c":{"a":150}}', '1a03089601'],
    ['string d = 4; repeated int32 e = 5;', '{"d":"hello","e":[1,2,3]}', '220568656c6c6f2a03010203'],
    ['repeated int32 f = 6;', '{"f":[3,270,86942]}', '3206038e029ea705'],
    ['map<string, int32> g = 7;', '{"g":{"k":2}}', '3a050a016b1002'],
    ['repeated string s = 1;', '{"s":["a",""]}', '0a01610a00'],
    ['oneof o { int32 a = 1; string b = 2; }', '{"b":""}', '1200'],
    ['optional int32 a = 1;', '{"a":0}', '0800'],
    ['E e = 1; enum E { Z = 0; N = -1; }', '{"e":"N"}', '08ffffffffffffffffff01'],
  ])('is written as in the specification: %s %s', (fields, json, hex) => {
    const type = proto3(`message M { ${fields} }`);
    expect([type.encode(json), type.decode(hex)]).toEqual([hex, json]);
  });

  it('writes lists packed or not as the syntax and the field say', () => {
    const json = '{"a":[1,2]}';
    expect([
      proto3('message M { repeated int32 a = 1; }').encode(json),
      proto3('message M { repeated int32 a = 1 [packed = false]; }').encode(json),
      proto2('message M { repeated int32 a = 1; }').encode(json),
      proto2('message M { repeated int32 a = 1 [packed = true]; }').encode(json),
    ]).toEqual(['0a020102', '08010802', '08010802', '0a020102']);
    for (const hex of ['0a020102', '08010802', '0a01010802']) {
      expect([
        proto3('message M { repeated int32 a = 1; }').decode(hex),
        proto2('message M { repeated int32 a = 1; }').decode(hex),
      ]).toEqual([json, json]);
    }
  });

  it('shows fields of proto3 that were not given, but none with presence', () => {
    const type = proto3(
      'message M { int32 i = 1; string s = 2; repeated int32 r = 3; map<string,int32> m = 4; bool b = 5; int64 l = 6; bytes y = 7; E e = 8; optional int32 o = 9; M n = 10; oneof x { int32 p = 11; } enum E { Z = 0; } }',
    );
    expect([type.encode('{}'), type.decode('')]).toEqual([
      '',
      '{"i":0,"s":"","r":[],"m":{},"b":false,"l":"0","y":"","e":"Z"}',
    ]);
    expect(proto2('message M { optional int32 i = 1; repeated int32 r = 2; }').decode('')).toBe('{"r":[]}');
  });

  it('takes null for a field that is not given', () => {
    expect(
      proto3('message M { int32 i = 1; M m = 2; repeated int32 r = 3; }').encode('{"i":null,"m":null,"r":null}'),
    ).toBe('');
  });

  it('takes both names of a field, and reads the one of JSON', () => {
    const type = proto3('message M { int32 some_field = 1; int32 other = 2 [json_name = "another-name"]; }');
    expect([type.roundTrip('{"someField":1,"another-name":2}'), type.roundTrip('{"some_field":1,"other":2}')]).toEqual([
      '{"someField":1,"another-name":2}',
      '{"someField":1,"another-name":2}',
    ]);
  });
});

describe('a number', () => {
  const all = proto3(
    'message M { int32 i32 = 1; uint32 u32 = 2; sint32 s32 = 3; fixed32 f32 = 4; sfixed32 sf32 = 5; int64 i64 = 6; ' +
      'uint64 u64 = 7; sint64 s64 = 8; fixed64 f64 = 9; sfixed64 sf64 = 10; float f = 11; double d = 12; bool b = 13; }',
  );

  it.each([
    ['{"i32":-1}', '08ffffffffffffffffff01'],
    ['{"u32":4294967295}', '10ffffffff0f'],
    ['{"s32":-2}', '1803'],
    ['{"f32":1}', '2501000000'],
    ['{"sf32":-1}', '2dffffffff'],
    ['{"i64":"-9223372036854775808"}', '3080808080808080808001'],
    ['{"u64":"18446744073709551615"}', '38ffffffffffffffffff01'],
    ['{"s64":"-9223372036854775808"}', '40ffffffffffffffffff01'],
    ['{"f64":"1"}', '490100000000000000'],
    ['{"sf64":"-1"}', '51ffffffffffffffff'],
    ['{"f":1.5}', '5d0000c03f'],
    ['{"d":-0.25}', '61000000000000d0bf'],
    ['{"b":true}', '6801'],
  ])('is written by its type: %s', (json, hex) => {
    expect(all.encode(json)).toBe(hex);
    expect(JSON.parse(all.decode(hex))).toMatchObject(JSON.parse(json) as object);
  });

  it('of 64 bits may be a number or a text, each to the digit, and is read as text', () => {
    const type = proto3('message M { optional int64 i = 1; optional uint64 u = 2; optional sfixed64 s = 3; }');
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (i, u) => {
          const asText = `{"i":"${i}","u":"${u}","s":"${i}"}`;
          expect([type.roundTrip(asText), type.roundTrip(`{"i":${i},"u":${u},"s":${i}}`)]).toEqual([asText, asText]);
        },
      ),
    );
  });

  it('stands exactly in lists, keys and values of maps, nested messages and oneofs', () => {
    const type = proto3(
      'message M { repeated int64 r = 1; map<int64, uint64> m = 2; M n = 3; oneof o { int64 x = 4; } }',
    );
    const big = '9223372036854775807';
    expect(
      JSON.parse(type.roundTrip(`{"r":[${big},1,"${big}"],"m":{"${big}":${big}},"n":{"x":-${big}}}`)),
    ).toMatchObject({
      r: [big, '1', big],
      m: { [big]: big },
      n: { x: `-${big}` },
    });
  });

  // JSON.parse rounds them, and the rounded number fits.
  it('is not rounded where it is written with a fraction of zeros or an exponent', () => {
    const type = proto3('message M { int64 i = 1; }');
    for (const text of ['9007199254740993.0', '90071992547409930e-1']) {
      expect([text, '{"i":"9007199254740993"}', expect.stringMatching(/^refused/)]).toContainEqual(
        type.roundTrip(`{"i":${text}}`),
      );
    }
    expect([type.roundTrip('{"i":1.0}'), type.roundTrip('{"i":1e3}')]).toEqual(['{"i":"1"}', '{"i":"1000"}']);
  });

  it('keeps its sign, its infinity and what is no number', () => {
    const type = proto3('message M { repeated double d = 1; repeated float f = 2; map<string, double> m = 3; }');
    const json = '{"d":[-0.0,"NaN","Infinity","-Infinity",1e+300],"f":[-0.0,0.5],"m":{"k":-0.0}}';
    expect([type.roundTrip(json), type.roundTrip('{"d":[123456789012345678901234567890]}')]).toEqual([
      json,
      '{"d":[1.2345678901234568e+29],"f":[],"m":{}}',
    ]);
    expect(
      proto3('import "google/protobuf/wrappers.proto"; message M { google.protobuf.DoubleValue d = 1; }').roundTrip(
        '{"d":-0.0}',
      ),
    ).toBe('{"d":-0.0}');
  });

  it.each([
    ['{"i32":2147483648}', '/i32'],
    ['{"i32":1.5}', '/i32'],
    ['{"u32":-1}', '/u32'],
    ['{"i64":"9223372036854775808"}', '/i64'],
    ['{"i64":9223372036854775808}', '/i64'],
    ['{"u64":-1}', '/u64'],
    ['{"i64":"x"}', '/i64'],
    ['{"f":3.5e38}', '/f'],
    ['{"d":"x"}', '/d'],
    ['{"d":1e400}', '/d'],
    ['{"b":1}', '/b'],
    ['{"b":"true"}', '/b'],
    ['{"i32":[1]}', '/i32'],
    ['{"i32":{}}', '/i32'],
  ])('is refused as %s, with its place', (json, place) => {
    expect(all.encode(json)).toMatch(new RegExp(`^refused at #${place}: .`));
  });
});

describe('a text, bytes or enum', () => {
  const type = proto3(
    'message M { string s = 1; bytes b = 2; E e = 3; map<string, string> m = 4; enum E { Z = 0; ONE = 1; } }',
  );

  it('is written and read', () => {
    expect([
      type.roundTrip('{"s":"é😀\\u0000\\"","b":"AP8=","e":"ONE"}'),
      type.roundTrip('{"e":1,"b":"_-8"}'),
      type.roundTrip('{"e":7}'),
      type.roundTrip('{"s":"\\u0000-0"}'),
    ]).toEqual([
      '{"s":"é😀\\u0000\\"","b":"AP8=","e":"ONE","m":{}}',
      '{"s":"","b":"/+8=","e":"ONE","m":{}}',
      '{"s":"","b":"","e":7,"m":{}}',
      '{"s":"\\u0000-0","b":"","e":"Z","m":{}}',
    ]);
  });

  // A text looks like the mark that keeps the sign of zero, where some field may be a zero.
  it('stays what it is beside numbers', () => {
    const beside = proto3('message M { string s = 1; double d = 2; }');
    expect(beside.roundTrip('{"s":"\\u0000-0","d":-0.0}')).toBe('{"s":"\\u0000-0","d":-0.0}');
  });

  // Numbers of many digits were made texts before anybody asked what the field is.
  it.each([
    ['{"s":12345678901234567890}', '/s'],
    ['{"b":12345678901234567890}', '/b'],
    ['{"e":12345678901234567890}', '/e'],
    ['{"m":{"k":12345678901234567890}}', '/m/k'],
    ['{"s":1}', '/s'],
    ['{"s":"\\ud800"}', '/s'],
    ['{"b":"?"}', '/b'],
    ['{"e":"TWO"}', '/e'],
    ['{"e":1.5}', '/e'],
    ['{"m":{"\\ud800":"x"}}', '/m/\ufffd'],
  ])('is refused as %s, with its place', (json, place) => {
    expect(type.encode(json)).toMatch(new RegExp(`^refused at #${place}: .`));
  });

  it('of bytes that are no UTF-8 is not read', () => {
    expect([type.decode('0a01ff'), type.decode('0a03eda080'), type.decode('22050a01ff1200')]).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(/^refused: no M: ./)),
    );
  });
});
