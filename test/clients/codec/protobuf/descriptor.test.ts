import { describe, expect, it } from '@jest/globals';
import { SchemaError } from '../../../../src/clients/codec/schema-definition.ts';
import { hex } from '../hex.ts';
import { proto2, proto3, ProtobufCase } from './protobuf-case.ts';

describe('a .proto file', () => {
  it('is proto2 where it does not say', () => {
    expect(new ProtobufCase('message M { required int32 a = 1; }').encode('{"a":1}')).toBe('0801');
    expect(
      new ProtobufCase("/* c */ // d\n syntax = 'proto3'; message M { repeated int32 a = 1; }").encode('{"a":[1,2]}'),
    ).toBe('0a020102');
  });

  it('may hold services, options, reserved names, comments and more that does not matter here', () => {
    const type = proto3(`
      package a.b; // comment
      import "google/protobuf/descriptor.proto";
      import "confluent/meta.proto";
      option java_package = "x"; option optimize_for = SPEED;
      extend google.protobuf.FieldOptions { string my = 50000; }
      /* a message */
      message M {
        option deprecated = true;
        reserved 5, 9 to 11, 20 to max; reserved "old", "older";
        int32 a = 1 [deprecated = true, (my) = "x"];
        string message = 2; bool optional = 3; bool reserved = 4; string syntax = 6; int32 to = 7; int32 max = 8;
      }
      service S { option deprecated = true; rpc Get(M) returns (stream M) { option idempotency_level = IDEMPOTENT; } rpc Put(stream M) returns (M); }
      enum E { option allow_alias = true; Z = 0 [deprecated = true]; Y = 0; reserved 2 to 4; }
    `);
    const json = '{"a":1,"message":"m","optional":true,"reserved":true,"syntax":"s","to":1,"max":2}';
    expect(type.roundTrip(json)).toBe(json);
  });

  // Confluent's registry writes metadata, tags for example, into the text that it answers.
  it.each([
    '[(confluent.field_meta).doc = "text"]',
    '[(confluent.field_meta) = { doc: "text" }]',
    '[(confluent.field_meta) = { tags: "PII" }]',
    '[(confluent.field_meta) = { tags: ["PII", "PRIVATE"] }]',
    '[(confluent.field_meta) = {\n    doc: "text",\n    params: [\n      {\n        key: "precision",\n        value: "8"\n      }\n    ]\n  }]',
    '[(confluent.field_meta) = { params: { key: "a", value: "b" } }]',
  ])('may hold the options that Confluent’s registry writes: %s', (options) => {
    expect(proto3(`import "confluent/meta.proto"; message M { string s = 1 ${options}; }`).encode('{"s":"x"}')).toBe(
      '0a0178',
    );
  });

  it('may hold them for messages, files and enums as well', () => {
    const text = `
      import "confluent/meta.proto";
      option (confluent.file_meta) = { doc: "f", params: [{ key: "a", value: "b" }] };
      message M { option (confluent.message_meta) = { doc: "m", tags: ["T"] }; E e = 1; }
      enum E { option (confluent.enum_meta) = { doc: "e" }; Z = 0 [(confluent.enum_value_meta) = { doc: "z" }]; O = 1; }`;
    expect(proto3(text).encode('{"e":"O"}')).toBe('0801');
  });

  it.each([
    ['nothing', ''],
    ['no message', 'syntax = "proto3"; enum E { A = 0; }'],
    ['a word', 'x'],
    ['JSON', '{"type":"record"}'],
    ['a message without an end', 'message M {'],
    ['a message without a name', 'message'],
    ['an unknown type', 'message M { optional Foo f = 1; }'],
    ['one number twice', 'message M { optional int32 a = 1; optional int32 b = 1; }'],
    ['one name twice', 'message M { optional int32 a = 1; optional int32 a = 2; }'],
    ['one message twice', 'message M {} message M {}'],
    ['a number below 1', 'message M { optional int32 a = -1; }'],
    ['an unknown syntax', 'syntax = "proto4"; message M {}'],
    ['an edition', 'edition = "2023"; message M {}'],
    ['a label of proto2 in proto3', 'syntax = "proto3"; message M { required int32 a = 1; }'],
    ['a key of a map that can be none', 'message M { map<double, int32> m = 1; }'],
    ['a missing semicolon', 'message M { optional int32 a = 1 }'],
    ['an import that is not there', 'import "x.proto"; message M {}'],
    ['a comment without an end', 'message M {} /* '],
    ['nesting without end', 'message M { '.repeat(5_000)],
  ])('is none with %s', (_, text) => {
    expect(() => new ProtobufCase(text)).toThrow(SchemaError);
    expect(() => new ProtobufCase(text)).toThrow(/Protobuf/);
  });
});

describe('proto2', () => {
  it('requires what is required, nested too', () => {
    const type = proto2(
      'message M { required int32 a = 1; optional N n = 2; repeated N r = 3; message N { required string b = 1; } }',
    );
    expect([
      type.encode('{"a":0,"n":{"b":""}}'),
      type.encode('{}'),
      type.encode('{"a":1,"n":{}}'),
      type.encode('{"a":1,"r":[{"b":"x"},{}]}'),
    ]).toEqual([
      hex('08001202', '0a00'),
      expect.stringMatching(/^refused at #/),
      expect.stringMatching(/^refused at #/),
      expect.stringMatching(/^refused at #/),
    ]);
    expect(type.decode('')).toMatch(/^(refused: no M: |\{)/);
  });

  it('has groups', () => {
    const type = proto2(
      'message M { optional group Result = 1 { required string url = 2; } repeated group Item = 3 { optional int32 n = 4; } }',
    );
    const json = '{"result":{"url":"u"},"item":[{"n":1},{"n":2}]}';
    expect([type.encode(json), type.roundTrip(json)]).toEqual([hex('0b1201750c', '1b20011c', '1b20021c'), json]);
  });

  it('may have defaults of every type, which are not written', () => {
    const type = proto2(`message M {
      optional int64 a = 1 [default = 9223372036854775807]; optional int64 b = 2 [default = -9223372036854775808];
      optional uint64 c = 3 [default = 18446744073709551615]; optional double d = 4 [default = inf];
      optional double e = 5 [default = -inf]; optional float f = 6 [default = nan]; optional float g = 7 [default = -1.5e3];
      optional string h = 8 [default = "a\\"b"]; optional bytes i = 9 [default = "\\001x"]; optional bool j = 10 [default = true];
      optional E k = 11 [default = ONE]; optional int32 l = 12 [default = 0x10]; optional int32 m = 13 [default = 017];
      enum E { Z = 0; ONE = 1; } }`);
    expect([
      type.encode('{}'),
      type.decode(''),
      type.roundTrip('{"a":"1","c":2,"k":"Z","i":"AQ==","f":"NaN"}'),
    ]).toEqual(['', '{}', '{"a":"1","c":"2","f":"NaN","i":"AQ==","k":"Z"}']);
  });

  it('may be extended, which does not show', () => {
    const type = proto2(
      'message M { optional int32 a = 1; extensions 100 to max; extend M { optional int32 e = 100; } } extend M { optional M f = 101; }',
    );
    expect([type.encode('{"a":1}'), type.decode('0801a00602'), type.encode('{"e":1}').slice(0, 7)]).toEqual([
      '0801',
      '{"a":1}',
      'refused',
    ]);
  });
});

describe('the name of a type', () => {
  const written = (text: string, json: string) => proto3(text).encode(json);

  it('means the innermost of that name', () => {
    const text =
      'package p; message M { message T { int32 inner = 1; } message N { T t = 1; message T { int32 innermost = 1; } } T t = 1; N n = 2; } message T { int32 outer = 1; }';
    expect([
      written(text, '{"t":{"inner":1}}'),
      written(text, '{"n":{"t":{"innermost":1}}}'),
      written(text, '{"t":{"outer":1}}').slice(0, 7),
    ]).toEqual(['0a020801', '12040a020801', 'refused']);
  });

  it('with a dot before it is a full name', () => {
    const text =
      'package p; message M { .p.T t = 1; .p.M.T u = 2; message T { int32 inner = 1; } } message T { int32 outer = 1; }';
    expect(written(text, '{"t":{"outer":1},"u":{"inner":1}}')).toBe(hex('0a0208011202', '0801'));
    expect(() => proto3('package p; message M { .T t = 1; } message T {}')).toThrow(SchemaError);
  });

  it('may lead through messages and packages', () => {
    const text =
      'package a.b; message M { N.O one = 1; b.N.O two = 2; a.b.N.O three = 3; N.E e = 4; } message N { message O { int32 x = 1; } enum E { Z = 0; Y = 1; } }';
    expect(written(text, '{"one":{"x":1},"two":{"x":2},"three":{"x":3},"e":"Y"}')).toBe(
      hex('0a020801', '12020802', '1a020803', '2001'),
    );
  });

  it('may be used before it is declared, and be that of a package', () => {
    expect([
      written(
        'package a.b; message M { b x = 1; a y = 2; } message b { int32 v = 1; } message a { int32 v = 1; }',
        '{"x":{"v":1},"y":{"v":2}}',
      ),
      written('package foo; message foo { foo f = 1; foo.foo g = 2; int32 v = 3; }', '{"f":{"v":1},"g":{"v":2}}'),
    ]).toEqual([hex('0a020801', '12020802'), hex('0a021801', '12021802')]);
  });

  it('may be that of the values of a map', () => {
    const text =
      'message M { map<string, N> some_messages = 1; map<int32, E> enums = 2; message N { int32 v = 1; } enum E { Z = 0; Y = 1; } }';
    const json = '{"someMessages":{"k":{"v":1}},"enums":{"-1":"Y"}}';
    expect(proto3(text).roundTrip(json)).toBe(json);
  });
});

describe('a oneof', () => {
  const type = proto3(
    'message M { oneof one { int32 a = 1; string b = 2; N n = 3; } optional int32 o = 4; oneof two { bool c = 5; } optional string p = 6; message N {} }',
  );

  it('has one of its fields, beside optional ones', () => {
    const values = ['{"a":0,"o":0,"c":false,"p":""}', '{"n":{}}', '{}'];
    expect(values.map((json) => type.roundTrip(json))).toEqual(values);
  });

  it('is refused with two', () => {
    expect(type.encode('{"a":1,"b":"x"}')).toMatch(/^refused at #: /);
  });
});
