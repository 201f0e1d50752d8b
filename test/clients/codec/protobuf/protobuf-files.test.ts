import { describe, expect, it } from '@jest/globals';
import { SchemaError } from '../../../../src/clients/codec/schema-definition.ts';
import { hex } from '../hex.ts';
import { proto3 } from './protobuf-case.ts';

const file = (text: string) => `syntax = "proto3"; ${text}`;

describe('a file that imports others', () => {
  it('uses their types, those that they import publicly too', () => {
    const type = proto3(
      'package shop; import "money.proto"; message Order { Money price = 1; shop.units.Unit unit = 2; }',
      {
        'units.proto': file('package shop.units; enum Unit { NONE = 0; EUR = 1; }'),
        'money.proto': file(
          'package shop; import public "units.proto"; message Money { int64 amount = 1; units.Unit unit = 2; }',
        ),
      },
    );
    const json = '{"price":{"amount":"5","unit":"EUR"},"unit":"EUR"}';
    expect([type.encode(json), type.roundTrip(json)]).toEqual([hex('0a040805', '1001', '1001'), json]);
  });

  it('may import one file twice, and by two ways', () => {
    const imports = {
      'a.proto': file('message A { int32 x = 1; }'),
      'b.proto': file('import "a.proto"; message B { A a = 1; }'),
    };
    expect(
      proto3('import "a.proto"; import "b.proto"; import "a.proto"; message M { A a = 1; B b = 2; }', imports).encode(
        '{"a":{"x":1},"b":{"a":{"x":2}}}',
      ),
    ).toBe(hex('0a020801', '12040a020802'));
  });

  it('may have references that it does not import, and files of any name', () => {
    expect(
      proto3('import "schema.proto"; message M { A a = 1; }', {
        'schema.proto': file('message A { int32 x = 1; }'),
      }).encode('{"a":{"x":1}}'),
    ).toBe('0a020801');
    expect(
      proto3('import "dir/a b.proto"; message M { A a = 1; }', {
        'dir/a b.proto': file('message A { int32 x = 1; }'),
        'unused.proto': file('message A {}'),
      }).encode('{"a":{"x":1}}'),
    ).toBe('0a020801');
  });

  it('is written by its own first message, whatever it imports', () => {
    expect(
      proto3('import "a.proto"; message M { int32 m = 1; } message A2 {}', {
        'a.proto': file('message A { int32 a = 1; }'),
      }).encode('{"m":1}'),
    ).toBe('0801');
  });

  it('may import what every compiler has, or be given it', () => {
    const timestamp = file('package google.protobuf; message Timestamp { int64 seconds = 1; int32 nanos = 2; }');
    const text = 'import "google/protobuf/timestamp.proto"; message M { google.protobuf.Timestamp at = 1; }';
    for (const imports of [{}, { 'google/protobuf/timestamp.proto': timestamp }]) {
      expect(proto3(text, imports).encode('{"at":"2020-01-01T00:00:00Z"}')).toBe('0a060880c2aff005');
    }
  });

  it('may import Confluent’s own files', () => {
    const type = proto3(
      'import "confluent/type/decimal.proto"; import "confluent/meta.proto"; message M { confluent.type.Decimal d = 1; }',
    );
    const json = '{"d":{"value":"AQ==","precision":3,"scale":2}}';
    expect(type.roundTrip(json)).toBe(json);
  });

  it('is refused where a type is not in what it imports', () => {
    const imports = { 'a.proto': file('message A {}') };
    expect(() => proto3('message M { A a = 1; }', imports)).toThrow(SchemaError);
    expect(() => proto3('import "b.proto"; message M {}', imports)).toThrow(
      /import b\.proto of schema\.proto is no reference/,
    );
    expect(() => proto3('import "a.proto"; message M {}', { 'a.proto': 'message {' })).toThrow(SchemaError);
    expect(() =>
      proto3('import "a.proto"; message M {}', { 'a.proto': file('import "a.proto"; message A {}') }),
    ).toThrow(SchemaError);
  });

  it('may import many', () => {
    const names = Array.from({ length: 200 }, (_, index) => `f${index}`);
    const imports = Object.fromEntries(
      names.map((name) => [`${name}.proto`, file(`package p; message ${name.toUpperCase()} { int32 a = 1; }`)]),
    );
    const type = proto3(
      `${names.map((name) => `import "${name}.proto";`).join('')} message M { p.F199 f = 1; }`,
      imports,
    );
    expect(type.encode('{"f":{"a":1}}')).toBe('0a020801');
  });
});

describe('the types that every compiler has', () => {
  const wellKnown = (name: string, type: string) =>
    proto3(`import "google/protobuf/${name}.proto"; message M { google.protobuf.${type} v = 1; int32 a = 2; }`);

  it.each([
    ['timestamp', 'Timestamp', '"2020-01-01T00:00:00.123456789Z"'],
    ['duration', 'Duration', '"-1.500s"'],
    ['wrappers', 'Int64Value', '"9223372036854775807"'],
    ['wrappers', 'StringValue', '""'],
    ['wrappers', 'BoolValue', 'false'],
    ['wrappers', 'BytesValue', '"AP8="'],
    ['struct', 'Struct', '{"a":[1.5,"x",null,true,{"b":{}}]}'],
    ['struct', 'Value', 'null'],
    ['struct', 'ListValue', '[1,"2"]'],
    ['field_mask', 'FieldMask', '"a,bC.d"'],
    ['empty', 'Empty', '{}'],
  ])('have JSON of their own: %s.proto %s', (name, type, json) => {
    expect(wellKnown(name, type).roundTrip(`{"v":${json}}`)).toBe(`{"v":${json},"a":0}`);
  });

  it('hold any message that the schema knows', () => {
    const json = '{"v":{"@type":"type.googleapis.com/M","a":5},"a":0}';
    expect(JSON.parse(wellKnown('any', 'Any').roundTrip(json))).toEqual(JSON.parse(json));
    expect(wellKnown('any', 'Any').encode('{"v":{"@type":"type.googleapis.com/Other"}}')).toMatch(
      /^refused at #\/v\/@type: /,
    );
  });

  it.each([
    ['timestamp', 'Timestamp', '"yesterday"'],
    ['timestamp', 'Timestamp', '"10000-01-01T00:00:00Z"'],
    ['duration', 'Duration', '"1"'],
    ['wrappers', 'Int32Value', '"x"'],
    ['struct', 'Struct', '[]'],
    ['empty', 'Empty', '{"a":1}'],
  ])('are refused with their place where they are none: %s.proto %s %s', (name, type, json) => {
    expect(wellKnown(name, type).encode(`{"v":${json}}`)).toMatch(/^refused at #\/v(\/a)?: ./);
  });

  // Numbers of many digits were made texts before anybody asked what the field is.
  it('hold numbers that are rounded, but no texts in their place', () => {
    expect([
      wellKnown('struct', 'Value').roundTrip('{"v":12345678901234567890}'),
      wellKnown('struct', 'Struct').roundTrip('{"v":{"n":[12345678901234567890]}}'),
      wellKnown('wrappers', 'StringValue').encode('{"v":12345678901234567890}').slice(0, 7),
    ]).toEqual(['{"v":12345678901234567000,"a":0}', '{"v":{"n":[12345678901234567000]},"a":0}', 'refused']);
  });
});
