import { describe, expect, it } from '@jest/globals';
import { proto3 } from './protobuf-case.ts';

const type = proto3(
  'import "google/protobuf/timestamp.proto"; message M { N n = 1; repeated N list = 2; map<string, N> map_of = 3; int32 i = 4; ' +
    'repeated int32 ints = 5; google.protobuf.Timestamp at = 6; map<int32, int32> numbers = 7; message N { int32 v = 1; N n = 2; } }',
);

describe('the place where a message does not fit', () => {
  it.each([
    ['{"i":"x"}', '#/i'],
    ['{"n":{"v":"x"}}', '#/n/v'],
    ['{"n":{"n":{"n":{"v":1.5}}}}', '#/n/n/n/v'],
    ['{"list":[{"v":1},{"n":{"v":"x"}}]}', '#/list/1/n/v'],
    ['{"list":[{},5]}', '#/list/1'],
    ['{"list":{}}', '#/list'],
    ['{"ints":[1,2,"x"]}', '#/ints/2'],
    ['{"mapOf":{"a":{"v":1},"x/y~":{"v":"z"}}}', '#/mapOf/x~1y~0/v'],
    ['{"map_of":{"k":{"v":"z"}}}', '#/map_of/k/v'],
    ['{"mapOf":[]}', '#/mapOf'],
    ['{"numbers":{"1":2,"x":3}}', '#/numbers/x'],
    ['{"at":"now"}', '#/at'],
    ['{"other":1}', '#/other'],
    ['{"n":{"other~/":1}}', '#/n/other~0~1'],
    ['{"n":5}', '#/n'],
    ['[]', '#'],
    ['5', '#'],
    ['"x"', '#'],
    ['{"i":1,"list":[],"n":{"v":[]}}', '#/n/v'],
  ])('of %s is %s', (json, place) => {
    const refusal = type.encode(json);
    expect(refusal.slice(0, refusal.indexOf(':'))).toBe(`refused at ${place}`);
  });

  it('is found soon in a large value', () => {
    const items = Array.from({ length: 5_000 }, (_, index) => ({ v: index, n: { v: index } }));
    const begun = performance.now();
    const refusal = type.encode(JSON.stringify({ list: [...items, { n: { v: 'x' } }], i: 1 }));
    expect([refusal.slice(0, refusal.indexOf(':')), performance.now() - begun < 1_000]).toEqual([
      'refused at #/list/5000/n/v',
      true,
    ]);
  });
});
