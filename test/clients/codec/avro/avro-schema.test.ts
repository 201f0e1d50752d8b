import { describe, expect, it } from '@jest/globals';
import { parseAvroSchema } from '../../../../src/clients/codec/avro/avro-schema.ts';
import { SchemaError, type ReferencedSchema } from '../../../../src/clients/codec/schema-definition.ts';
import { hex } from '../hex.ts';
import { AvroCase, recordOf, withDefault } from './avro.ts';

const parse = (text: string, references: readonly ReferencedSchema[] = []) =>
  parseAvroSchema({ type: 'AVRO', text, references });

const reference = (name: string, schema: unknown): ReferencedSchema => ({ name, text: JSON.stringify(schema) });

describe('parseAvroSchema', () => {
  it.each(['"string"', 'string', ' string\n', '{"type":"string"}'])('reads %j', (text) => {
    expect(parse(text)).toEqual({ kind: 'string' });
  });

  it('reads every type', () => {
    const schema = recordOf(
      {
        u: withDefault(['null', 'long'], null),
        a: { type: 'array', items: { type: 'map', values: 'boolean' } },
        e: { type: 'enum', name: 'E', namespace: 'other', symbols: ['A'] },
        f: { type: 'fixed', name: 'F', size: 16 },
      },
      'space.R',
    );
    expect(parse(JSON.stringify(schema))).toEqual({
      kind: 'record',
      name: 'space.R',
      fields: [
        {
          name: 'u',
          type: {
            kind: 'union',
            branches: [
              { name: 'null', node: { kind: 'null' } },
              { name: 'long', node: { kind: 'long' } },
            ],
          },
          defaultText: 'null',
        },
        {
          name: 'a',
          type: { kind: 'array', items: { kind: 'map', values: { kind: 'boolean' } } },
          defaultText: undefined,
        },
        { name: 'e', type: { kind: 'enum', name: 'other.E', symbols: ['A'] }, defaultText: undefined },
        { name: 'f', type: { kind: 'fixed', name: 'space.F', size: 16 }, defaultText: undefined },
      ],
    });
  });

  it('takes logical types, documentation, aliases and what else a schema may hold, for what lies beneath', () => {
    const schema = {
      ...recordOf({
        d: { type: 'int', logicalType: 'date' },
        t: { type: 'long', logicalType: 'timestamp-millis' },
        m: { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 },
        u: { type: 'string', logicalType: 'uuid', 'avro.java.string': 'String' },
        x: { type: 'long', logicalType: 'nobody-knows' },
      }),
      doc: 'd',
      aliases: ['Old'],
      'connect.name': 'n',
    };
    expect(new AvroCase(schema).roundTrip('{"d":1,"t":2,"m":"\\u0001","u":"no uuid","x":3}')).toBe(
      '{"d":1,"t":2,"m":"\\u0001","u":"no uuid","x":3}',
    );
  });

  it('reads defaults and members named like parts of a schema', () => {
    const type = new AvroCase(
      recordOf({
        default: withDefault('int', 1),
        type: 'string',
        items: withDefault({ type: 'map', values: 'int' }, { default: 2, type: 3 }),
      }),
    );
    expect(type.roundTrip('{"type":"t"}')).toBe('{"default":1,"type":"t","items":{"default":2,"type":3}}');
  });

  it('takes defaults that fit nothing', () => {
    const defaults = [null, 'x', 1.5, [], {}, { a: { b: 1 } }];
    for (const value of defaults) {
      expect(
        new AvroCase(recordOf({ a: withDefault({ type: 'enum', name: 'E', symbols: ['A'] }, value) })).encode(
          '{"a":"A"}',
        ),
      ).toBe('00');
    }
    const enumDefault = { type: 'enum', name: 'E', symbols: ['A'], default: 'B' };
    expect(new AvroCase(enumDefault).encode('"A"')).toBe('00');
  });

  it('finds types by name within namespaces', () => {
    const schema = recordOf(
      {
        a: recordOf({ x: 'int' }, 'Q'),
        b: 'Q',
        c: 'space.Q',
        d: recordOf({ y: ['null', 'space.Q', 'Q'], z: recordOf({}, 'Q') }, 'other.D'),
        e: ['null', 'other.Q'],
      },
      'space.R',
    );
    const fields = schema as { fields: { type: { fields?: unknown[] } }[] };
    fields.fields[3]!.type.fields!.reverse();
    const json = '{"a":{"x":1},"b":{"x":2},"c":{"x":3},"d":{"z":{},"y":{"other.Q":{}}},"e":{"other.Q":{}}}';
    expect(new AvroCase(schema).roundTrip(json)).toBe(json);
  });

  it.each([
    ['no JSON', '{"type":'],
    ['nothing', ''],
    ['a number', '5'],
    ['a number for a type', '{"type":5}'],
    ['an unknown type', '"nothing"'],
    ['a type without its parts', '{"type":"record","name":"R"}'],
    ['an array without items', '{"type":"array"}'],
    ['an unknown name', '{"type":"array","items":"Q"}'],
    ['one name twice', JSON.stringify(recordOf({ a: recordOf({}, 'Q'), b: recordOf({}, 'Q') }))],
    ['a field twice', '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}'],
    ['a union within a union', '["null",["int"]]'],
    ['a branch twice', '["int","int"]'],
    ['two arrays in a union', '[{"type":"array","items":"int"},{"type":"array","items":"long"}]'],
    ['a name that is none', '{"type":"fixed","name":"a-b","size":1}'],
    ['a symbol twice', '{"type":"enum","name":"E","symbols":["A","A"]}'],
    ['a negative size', '{"type":"fixed","name":"F","size":-1}'],
    ['fields that are no list', '{"type":"record","name":"R","fields":{}}'],
    ['a field that is null', '{"type":"record","name":"R","fields":[null]}'],
    ['nesting without end', '{"type":"array","items":'.repeat(20_000) + '"int"' + '}'.repeat(20_000)],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrow(SchemaError);
    expect(() => parse(text)).toThrow(/^no valid Avro schema: /);
  });
});

describe('a schema that refers to others', () => {
  const money = recordOf({ amount: 'long', unit: 'shop.Unit' }, 'shop.Money');
  const unit = { type: 'enum', name: 'Unit', namespace: 'shop', symbols: ['EUR', 'USD'] };

  it('uses the types that they define, deep ones first', () => {
    const type = new AvroCase(recordOf({ price: 'Money', unit: ['null', 'Unit'] }, 'shop.Order'), {
      references: [reference('shop.Unit', unit), reference('shop.Money', money)],
    });
    const json = '{"price":{"amount":1,"unit":"USD"},"unit":{"shop.Unit":"EUR"}}';
    expect([type.encode(json), type.roundTrip(json)]).toEqual([hex('0202', '0200'), json]);
  });

  it('may be no more than the name of one', () => {
    expect(new AvroCase('"shop.Unit"', { references: [reference('shop.Unit', unit)] }).encode('"USD"')).toBe('02');
  });

  it('uses the defaults of the fields of the types it refers to', () => {
    const inner = recordOf({ a: withDefault('int', 7) }, 'Inner');
    const type = new AvroCase(recordOf({ i: 'Inner' }), { references: [reference('Inner', inner)] });
    expect(type.roundTrip('{"i":{}}')).toBe('{"i":{"a":7}}');
  });

  it('is refused where one is missing, is none, or defines a name again', () => {
    const order = JSON.stringify(recordOf({ price: 'shop.Money' }, 'shop.Order'));
    expect(() => parse(order)).toThrow(SchemaError);
    expect(() => parse(order, [reference('shop.Money', money)])).toThrow(SchemaError);
    expect(() => parse(order, [{ name: 'shop.Money', text: '{' }])).toThrow(SchemaError);
    expect(() => parse(JSON.stringify(unit), [reference('shop.Unit', unit)])).toThrow(SchemaError);
  });
});
