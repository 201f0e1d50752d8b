import { describe, expect, it } from '@jest/globals';
import {
  allowed,
  choice,
  flag,
  integer,
  list,
  listOf,
  notAllowed,
  optionalChoice,
  optionalInteger,
  readField,
  text,
  type Field,
} from '../../../src/foundation/config/field.ts';

const fields = {
  text: text('fallback', ''),
  flag: flag(true, ''),
  integer: integer(5, 1, 10, ''),
  optionalInteger: optionalInteger(0, 9, ''),
  list: list(['a'], ''),
  listOf: listOf(['a', 'b'], ['a'], ''),
  choice: choice(['low', 'high'], 'low', ''),
  optionalChoice: optionalChoice(['JSON', 'STRING'], ''),
} satisfies Record<string, Field<unknown>>;

describe('readField', () => {
  it('takes the default where nothing is set', () => {
    const defaults = ['fallback', true, 5, undefined, ['a'], ['a'], 'low', undefined];
    for (const nothing of [null, undefined])
      expect(Object.values(fields).map((field) => readField(field, nothing))).toEqual(defaults);
    expect(Object.values(fields).map((field) => readField(field, ''))).toEqual(['', ...defaults.slice(1)]);
  });

  it.each<[keyof typeof fields, unknown, unknown]>([
    ['text', 'x', 'x'],
    ['text', 8080, '8080'],
    ['flag', false, false],
    ['flag', 'false', false],
    ['integer', 7, 7],
    ['integer', '7', 7],
    ['integer', ' 10 ', 10],
    ['optionalInteger', '0', 0],
    ['list', ['x', 1, ''], ['x', '1']],
    ['list', 'x, y,,z', ['x', 'y', 'z']],
    ['listOf', 'b,a', ['b', 'a']],
    ['choice', 'HIGH', 'high'],
    ['optionalChoice', 'json', 'JSON'],
  ])('reads for %s %j as %j', (kind, raw, value) => {
    expect(readField(fields[kind], raw)).toEqual(value);
  });

  it.each<[keyof typeof fields, unknown]>([
    ['text', true],
    ['text', ['x']],
    ['text', { a: 1 }],
    ['flag', 'yes'],
    ['flag', 1],
    ['integer', 0],
    ['integer', 11],
    ['integer', 1.5],
    ['integer', '1.5'],
    ['integer', '1e1'],
    ['integer', '0x5'],
    ['integer', true],
    ['integer', [5]],
    ['optionalInteger', 'none'],
    ['list', 5],
    ['list', { a: 1 }],
    ['list', [{ a: 1 }]],
    ['listOf', 'a,c'],
    ['choice', 'medium'],
    ['choice', ['low']],
    ['optionalChoice', 'XML'],
  ])('does not take for %s %j', (kind, raw) => {
    expect(readField(fields[kind], raw)).toBe(notAllowed);
  });
});

describe('allowed', () => {
  it('says for every kind what it takes', () => {
    expect(Object.values(fields).map(allowed)).toEqual([
      'a text',
      'true or false',
      'a whole number from 1 to 10',
      'a whole number from 0 to 9',
      'a list of texts',
      'a list of a, b',
      'one of low, high',
      'one of JSON, STRING',
    ]);
  });
});
