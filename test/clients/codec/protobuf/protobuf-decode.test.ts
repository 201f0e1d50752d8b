import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { hex } from '../hex.ts';
import { proto2, proto3 } from './protobuf-case.ts';

const all = proto3(
  'message M { int32 i = 1; string s = 2; repeated int64 r = 3; map<string, M> m = 4; bytes b = 5; double d = 6; ' +
    'oneof o { M n = 7; fixed32 f = 8; } E e = 9; enum E { Z = 0; } }',
);
const allJson =
  '{"i":-1,"s":"é","r":["1","-2"],"m":{"k":{"i":1,"s":"x","r":[],"m":{},"b":"","d":0,"e":"Z"}},"b":"AA==","d":1.5,' +
  '"n":{"i":0,"s":"","r":[],"m":{},"b":"","d":0,"f":7,"e":"Z"},"e":"Z"}';

describe('bytes of a message', () => {
  it('are read whatever their fields’ order, the last of a field wins', () => {
    expect(all.roundTrip(allJson)).toBe(allJson);
    expect([proto3('message M { int32 a = 1; string b = 2; }').decode(hex('120178', '0801', '0802'))]).toEqual([
      '{"a":2,"b":"x"}',
    ]);
  });

  it('may have fields that the schema has not, of every kind', () => {
    const type = proto3('message M { int32 a = 1; }');
    const unknown = [
      hex('10', '01'),
      hex('19', '0000000000000000'),
      hex('22', '0178'),
      hex('2d', '00000000'),
      hex('33', '0801', '34'),
    ];
    for (const field of unknown) expect(type.decode(`${field}0802${field}`)).toBe('{"a":2}');
  });

  it('are refused where they end too early, or hold what no message has', () => {
    const type = proto3('message M { int32 a = 1; string s = 2; M m = 3; }');
    const bad = [
      '08',
      '0880',
      '1203',
      '120561',
      '1a05',
      '1a0108',
      '07',
      '0f01',
      '00',
      '0001',
      '0bff',
      '0c',
      'ffffffffffffffffffff01',
      '08ffffffffffffffffffff01',
    ];
    expect(bad.map((bytes) => [bytes, type.decode(bytes).slice(0, 14)])).toEqual(
      bad.map((bytes) => [bytes, 'refused: no M:']),
    );
  });

  it('are refused wherever they end in mid-field, else read', () => {
    const bytes = Buffer.from(all.encode(allJson), 'hex');
    for (let end = 0; end < bytes.length; end++) isReadOrRefused(all.decode(bytes.subarray(0, end)));
  });

  it('of any other kind are valid JSON or refused', () => {
    const right = Buffer.from(all.encode(allJson), 'hex');
    const changes = fc.array(fc.tuple(fc.nat(right.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), changes, (random, changed) => {
        isReadOrRefused(all.decode(Buffer.from(random)));
        const bytes = Buffer.from(right);
        for (const [at, byte] of changed) bytes[at] = byte;
        isReadOrRefused(all.decode(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('are refused where they go deeper than can be read', () => {
    let bytes = Buffer.alloc(0);
    const parts: Buffer[] = [];
    const varint = (value: number) => {
      const out: number[] = [];
      for (let rest = value; ; rest = Math.floor(rest / 128)) {
        if (rest < 128) return Buffer.from([...out, rest]);
        out.push((rest % 128) + 128);
      }
    };
    let size = 0;
    for (let depth = 0; depth < 100_000; depth++) {
      const head = Buffer.concat([Buffer.from([0x3a]), varint(size)]);
      parts.push(head);
      size += head.length;
    }
    bytes = Buffer.concat(parts.toReversed());
    expect(all.decode(bytes).slice(0, 14)).toBe('refused: no M:');
    expect(all.decode('3a00')).not.toMatch(/^refused/);
  });

  it('show an enum’s number where it has no name', () => {
    expect([
      proto3('message M { E e = 1; enum E { Z = 0; } }').decode('0805'),
      proto2('message M { optional E e = 1; enum E { Z = 0; } }').decode('0805'),
    ]).toEqual(['{"e":5}', expect.stringMatching(/^\{("e":5)?\}$/)]);
  });
});

function isReadOrRefused(text: string): void {
  if (!text.startsWith('refused: no ')) JSON.parse(text);
}

describe('the message that the index names', () => {
  const type = proto3(
    'message A { int32 a = 1; message B { int32 b = 1; } map<string, int32> m = 2; message C { message D { int32 d = 1; } } } ' +
      'enum E { Z = 0; } message F { int32 f = 1; }',
  );

  it.each([
    ['00', '{"a":1,"m":{}}'],
    ['0200', '{"a":1,"m":{}}'],
    ['0202', '{"f":1}'],
    ['040000', '{"b":1}'],
    ['06000200', '{"d":1}'],
  ])('%s is read', (index, json) => {
    expect(type.decode('0801', index)).toBe(json);
  });

  it.each([
    ['0204', 'the schema has no message of index [2]'],
    ['0201', 'the schema has no message of index [-1]'],
    ['040004', 'the schema has no message of index [0, 2]'],
    ['04feffffff0f00', 'the schema has no message of index [2147483647, 0]'],
    ['', 'the bytes end within the message index'],
  ])('%s is refused where there is none', (index, refusal) => {
    expect(type.decode('', index)).toBe(`refused: ${refusal}`);
  });
});
