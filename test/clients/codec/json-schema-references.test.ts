import { describe, expect, it } from '@jest/globals';
import { SchemaError } from '../../../src/clients/codec/schema-definition.ts';
import { checkOf, objectOf, type References } from './json-schema-case.ts';

const string = { type: 'string' };
const isNoText = '#: expected type: String, found: Integer';
const draft4 = 'http://json-schema.org/draft-04/schema#';
const draft7 = 'http://json-schema.org/draft-07/schema#';

describe('a JSON Schema that refers to others', () => {
  const cases: [string, object, References][] = [
    ['by the registry’s name', { $ref: 'b.json' }, { 'b.json': string }],
    ['by a name that is an address', { $ref: 'http://x/b.json' }, { 'http://x/b.json': string }],
    ['by its own id', { $ref: 'http://x/own.json' }, { 'b.json': { $id: 'http://x/own.json', ...string } }],
    ['by a name relative to its own id', { $id: 'http://x/dir/root.json', $ref: 'b.json' }, { 'b.json': string }],
    [
      'by a name relative to its own id, one up',
      { $id: 'http://x/dir/root.json', $ref: '../b.json' },
      { '../b.json': string },
    ],
    ['by a part of it', { $ref: 'b.json#/definitions/s' }, { 'b.json': { definitions: { s: string } } }],
    ['by an anchor in it', { $ref: 'b.json#s' }, { 'b.json': { definitions: { s: { $id: '#s', ...string } } } }],
    ['through another', { $ref: 'b.json' }, { 'c.json': string, 'b.json': { $ref: 'c.json' } }],
    [
      'through another, relative to ids',
      { $id: 'http://x/root.json', $ref: 'b.json' },
      { 'c.json': { $id: 'http://x/c.json', ...string }, 'b.json': { $id: 'http://x/b.json', $ref: 'c.json' } },
    ],
    [
      'that refer to parts of themselves',
      { $ref: 'b.json' },
      { 'b.json': { $ref: '#/definitions/s', definitions: { s: string } } },
    ],
    ['of an id with a fragment', { $ref: 'http://x/own.json' }, { 'b.json': { $id: 'http://x/own.json#', ...string } }],
    [
      'of another draft',
      { $schema: draft7, $ref: 'b.json' },
      { 'b.json': { $schema: draft4, id: 'http://x/b.json', ...string } },
    ],
    [
      'of a later draft',
      { $schema: draft4, id: 'http://x/root.json', $ref: 'b.json' },
      { 'b.json': { $schema: draft7, $id: 'http://x/b.json', ...string } },
    ],
  ];

  it.each(cases)('finds them %s', (_, schema, references) => {
    const check = checkOf(schema, references);
    expect([check('1'), check('"x"')]).toEqual([isNoText, 'fits']);
  });

  it('finds each of several, one id under two names too', () => {
    const check = checkOf(
      objectOf({ a: { $ref: 'a.json' }, b: { $ref: 'b.json' }, own: { $ref: 'http://x/s.json' } }),
      {
        'a.json': { $id: 'http://x/s.json', ...string },
        'b.json': { $id: 'http://x/s.json', ...string },
      },
    );
    expect([check('{"a":1}'), check('{"b":1}'), check('{"own":1}'), check('{"a":"x","b":"x","own":"x"}')]).toEqual([
      '#/a: expected type: String, found: Integer',
      '#/b: expected type: String, found: Integer',
      '#/own: expected type: String, found: Integer',
      'fits',
    ]);
  });

  it('may refer to true and false', () => {
    expect([checkOf({ $ref: 'b' }, { b: false })('1'), checkOf({ $ref: 'b' }, { b: true })('1')]).toEqual([
      '#: boolean schema is false',
      'fits',
    ]);
  });

  it('may lead back to itself', () => {
    const tree = checkOf(objectOf({ children: { items: { $ref: '#' } }, v: string }));
    expect([tree('{"children":[{"children":[{"v":1}]}]}'), tree('{"children":[{"children":[]}]}')]).toEqual([
      '#/children/0/children/0/v: expected type: String, found: Integer',
      'fits',
    ]);
  });

  // The check went round without end until the stack was full, and the client was told of a fault of the sidecar's own.
  it('is refused where it leads back to itself without a step into the value', () => {
    const circles = [
      { $ref: '#' },
      { allOf: [{ $ref: '#' }] },
      {
        $ref: '#/definitions/a',
        definitions: { a: { anyOf: [{ $ref: '#/definitions/b' }] }, b: { allOf: [{ $ref: '#/definitions/a' }] } },
      },
    ];
    for (const circle of circles) {
      let said: unknown;
      try {
        said = checkOf(circle)('1');
      } catch (error) {
        said = error instanceof SchemaError ? 'no schema' : error;
      }
      expect(said).toEqual(expect.stringMatching(/^(no schema$|#: )/));
    }
  });

  it('keeps apart what one name means in several schemas', () => {
    const check = checkOf(
      objectOf({ a: { $ref: '#/definitions/x' }, b: { $ref: 'b.json' } }, { definitions: { x: string } }),
      {
        'b.json': { $ref: '#/definitions/x', definitions: { x: { type: 'boolean' } } },
      },
    );
    expect(check('{"a":"x","b":true}')).toBe('fits');
  });

  it('is refused where one of them is none, or leads nowhere', () => {
    expect(() => checkOf({ $ref: 'b.json' }, { 'b.json': '{' })).toThrow(SchemaError);
    expect(() => checkOf({ $ref: 'b.json' }, { 'b.json': 5 })).toThrow(SchemaError);
    expect(() => checkOf({ $ref: 'b.json' }, { 'b.json': { $ref: 'c.json' } })).toThrow(SchemaError);
    expect(() => checkOf({ $ref: 'b.json#/definitions/no' }, { 'b.json': string })).toThrow(SchemaError);
  });

  it('is good where what it refers to and does not use leads nowhere', () => {
    expect(checkOf(string, { 'b.json': { $ref: 'c.json' } })('1')).toBe(isNoText);
  });
});
