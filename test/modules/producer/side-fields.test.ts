import { describe, expect, it } from '@jest/globals';
import type { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import { JsonCursor } from '../../../src/foundation/json/json-cursor.ts';
import {
  parseSideField,
  readSideField,
  sideFieldNames,
  sideFields,
} from '../../../src/modules/producer/side-fields.ts';

const said = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return `${(error as SidecarError).code} ${(error as SidecarError).description}`;
  }
};

const read = (name: string, json: string) =>
  said(() => readSideField(new JsonCursor(Buffer.from(json)), name, `/${name}`));

const none = { format: undefined, schema: undefined, subject: undefined, id: undefined, version: undefined };

describe('the fields of a request for keys and values', () => {
  it('go by light-4j’s names and its older ones', () => {
    expect([...sideFieldNames.keys()].toSorted()).toEqual(
      [
        'format',
        ...['key', 'value'].flatMap((side) => [
          `${side}Format`,
          `${side}_format`,
          `${side}Schema`,
          `${side}_schema`,
          `${side}SchemaId`,
          `${side}_schema_id`,
          `${side}SchemaSubject`,
          `${side}_schema_subject`,
          `${side}SchemaVersion`,
          `${side}_schema_version`,
        ]),
      ].toSorted(),
    );
  });

  it.each([
    ['keyFormat', '"avro"', 'AVRO'],
    ['format', '3', 'JSONSCHEMA'],
    ['value_format', '"5"', 'STRING'],
    ['keySchema', '"{\\"type\\":\\"int\\"}"', '{"type":"int"}'],
    ['keySchema', '""', ''],
    ['valueSchemaSubject', '"a/b é"', 'a/b é'],
    ['value_schema_id', '2147483647', 2_147_483_647],
    ['keySchemaVersion', '1', 1],
    ['keySchemaVersion', 'null', undefined],
    ['format', 'null', undefined],
  ])('are read by what they set: %s %s', (name, json, value) => {
    expect(read(name, json)).toBe(value);
  });

  it.each([
    ['keySchemaId', '"1"', 'must be number or null, not string'],
    ['keySchemaId', '-1', 'must be an integer from 0 to 2147483647'],
    ['keySchemaId', '2147483648', 'must be an integer from 0 to 2147483647'],
    ['valueSchemaVersion', '1.0', 'must be an integer from 0 to 2147483647'],
    ['valueSchemaVersion', '"latest"', 'must be number or null, not string'],
    ['format', '1.5', 'must be BINARY, STRING, JSON, AVRO, JSONSCHEMA or PROTOBUF'],
    ['format', '"xml"', 'must be BINARY, STRING, JSON, AVRO, JSONSCHEMA or PROTOBUF'],
    ['keySchemaSubject', '""', 'must have 1 to 1024 characters'],
    ['keySchemaSubject', `"${'s'.repeat(1025)}"`, 'must have 1 to 1024 characters'],
    ['keySchemaSubject', '"."', 'must not be . or ..'],
    ['keySchemaSubject', '"\\u0000"', 'must not hold a control character'],
    ['keySchemaSubject', '"\\ud800"', 'must not hold a lone surrogate'],
    ['keySchemaSubject', '1', 'must be string or null, not number'],
    ['valueSchema', '{"type":"int"}', 'must be string or null, not object'],
  ])('are refused with their place: %s %s', (name, json, refusal) => {
    expect(read(name, json)).toBe(`ERR11004 body #/${name} ${refusal}`);
  });

  it('are read from a query as well', () => {
    expect([
      parseSideField('keyFormat', 'avro', 'q'),
      parseSideField('format', '2', 'q'),
      parseSideField('valueSchemaId', '7', 'q'),
      parseSideField('valueSchemaVersion', '1', 'q'),
      parseSideField('valueSchemaSubject', 'a b', 'q'),
    ]).toEqual(['AVRO', 'AVRO', 7, 1, 'a b']);
  });

  // A query has no place in the body.
  it('are refused with the parameter of the query', () => {
    expect([
      said(() => parseSideField('keyFormat', 'xml', 'query parameter keyFormat')),
      said(() => parseSideField('keySchemaSubject', '..', 'query parameter keySchemaSubject')),
    ]).toEqual([
      'ERR11004 query parameter keyFormat must be BINARY, STRING, JSON, AVRO, JSONSCHEMA or PROTOBUF',
      'ERR11004 query parameter keySchemaSubject must not be . or ..',
    ]);
  });
});

describe('sideFields', () => {
  it('gathers those of one side, its own format before the common one', () => {
    const given = new Map<string, string | number | undefined>([
      ['format', 'JSON'],
      ['key_format', 'AVRO'],
      ['keySchemaId', 1],
      ['value_schema_version', 2],
      ['valueSchemaSubject', 's'],
      ['valueSchema', 'x'],
    ]);
    expect([sideFields('key', given), sideFields('value', given)]).toEqual([
      { ...none, format: 'AVRO', id: 1 },
      { ...none, format: 'JSON', version: 2, subject: 's', schema: 'x' },
    ]);
    expect(sideFields('key', new Map())).toEqual(none);
  });

  it('takes two spellings that agree, or of which one is null, and refuses others', () => {
    const both = (one: number | undefined, other: number | undefined) =>
      said(() =>
        sideFields(
          'key',
          new Map([
            ['keySchemaId', one],
            ['key_schema_id', other],
          ]),
        ),
      );
    expect([both(1, 1), both(undefined, 2), both(3, undefined), both(1, 2)]).toEqual([
      { ...none, id: 1 },
      { ...none, id: 2 },
      { ...none, id: 3 },
      'ERR11004 body #/key_schema_id contradicts another spelling of keySchemaId',
    ]);
  });
});
