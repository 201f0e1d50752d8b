import { describe, expect, it } from '@jest/globals';
import { compileJsonSchema } from '../../../src/clients/codec/json-schema.ts';
import { SchemaError } from '../../../src/clients/codec/schema-definition.ts';
import { checkOf, objectOf } from './json-schema-case.ts';

const draft = (name: string) => `http://json-schema.org/${name}/schema#`;

describe('a value that does not fit', () => {
  const check = checkOf(
    objectOf(
      {
        count: { type: 'integer' },
        name: { type: ['string', 'null'] },
        kind: { enum: ['a', 1, null] },
        tags: { type: 'array', items: objectOf({ 'a/b~': { type: 'boolean' } }), maxItems: 2 },
        price: { type: 'number', minimum: 0 },
      },
      { required: ['count'], additionalProperties: false },
    ),
  );

  it.each([
    ['{"count":"1"}', '#/count: expected type: Integer, found: String'],
    ['{"count":1.5}', '#/count: expected type: Integer, found: BigDecimal'],
    ['{"count":null}', '#/count: expected type: Integer, found: Null'],
    ['{"count":[]}', '#/count: expected type: Integer, found: JSONArray'],
    ['{"count":{}}', '#/count: expected type: Integer, found: JSONObject'],
    ['{"count":true}', '#/count: expected type: Integer, found: Boolean'],
    ['{"count":1,"name":5}', '#/name: expected type: String or Null, found: Integer'],
    ['{"count":1,"price":"x"}', '#/price: expected type: Number, found: String'],
    ['{"count":1,"price":-1}', '#/price: must be >= 0'],
    ['{}', '#: required key [count] not found'],
    ['{"count":1,"other":2}', '#: extraneous key [other] is not permitted'],
    ['{"count":1,"kind":{"a":1}}', '#/kind: {"a":1} is not a valid enum value'],
    ['{"count":1,"kind":"b"}', '#/kind: "b" is not a valid enum value'],
    ['{"count":1,"tags":[{},{"a/b~":1}]}', '#/tags/1/a~1b~0: expected type: Boolean, found: Integer'],
    ['{"count":1,"tags":[{},{},{}]}', '#/tags: must NOT have more than 2 items'],
    ['[]', '#: expected type: JSONObject, found: JSONArray'],
    ['"x"', '#: expected type: JSONObject, found: String'],
    ['1', '#: expected type: JSONObject, found: Integer'],
  ])('is refused in the words of light-4j, with its place: %s', (json, refusal) => {
    expect(check(json)).toBe(refusal);
  });

  it.each([
    '{"count":1}',
    '{"count":1.0,"name":null,"kind":null}',
    ' {"count":-0,"tags":[{"a/b~":true}]} ',
    '{"count":1e3}',
  ])('is not this one: %s', (json) => {
    expect(check(json)).toBe('fits');
  });

  it('is refused where it lies deepest, among alternatives', () => {
    const either = checkOf({ anyOf: [{ type: 'string' }, objectOf({ a: objectOf({ b: { type: 'integer' } }) })] });
    expect([either('{"a":{"b":"x"}}'), either('"x"'), either('1')]).toEqual([
      '#/a/b: expected type: Integer, found: String',
      'fits',
      expect.stringMatching(/^#: /),
    ]);
  });

  it('leaves nothing behind for the next', () => {
    expect([check('{}'), check('{"count":1}'), check('{"count":"x"}'), check('{"count":1}')]).toEqual([
      '#: required key [count] not found',
      'fits',
      '#/count: expected type: Integer, found: String',
      'fits',
    ]);
  });
});

describe('a number', () => {
  it('may be larger than a double holds', () => {
    const [integer, number] = [checkOf({ type: 'integer' }), checkOf({ type: 'number' })];
    const texts = ['9223372036854775807', '-123456789012345678901234567890', '1e300', '1e400'];
    expect(texts.map((json) => [integer(json), number(json)])).toEqual(texts.map(() => ['fits', 'fits']));
  });

  // 19.99 / 0.01 is 1998.9999999999998 in a double; prices have such schemas.
  it('is a multiple as its digits say', () => {
    const cents = checkOf({ multipleOf: 0.01 });
    expect(['19.99', '0.07', '1.10', '4.35', '100'].map(cents)).toEqual(Array.from({ length: 5 }, () => 'fits'));
    expect([cents('0.001'), cents('19.995'), checkOf({ multipleOf: 3 })('10')]).toEqual([
      '#: must be multiple of 0.01',
      '#: must be multiple of 0.01',
      '#: must be multiple of 3',
    ]);
  });
});

describe('the names of properties', () => {
  // The runtime's objects have members by nature, which the validator took for the value's own.
  it.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty'])('may be %s', (name) => {
    const schema = `{"type":"object","properties":{"${name}":{"type":"string"}}}`;
    const required = `{"required":["${name}"]}`;
    expect([
      checkOf(schema)('{}'),
      checkOf(schema)(`{"${name}":"x"}`),
      checkOf(schema)(`{"${name}":1}`),
      checkOf(required)('{}'),
      checkOf(required)(`{"${name}":1}`),
      checkOf('{"additionalProperties":false}')(`{"${name}":1}`),
    ]).toEqual([
      'fits',
      'fits',
      `#/${name}: expected type: String, found: Integer`,
      `#: required key [${name}] not found`,
      'fits',
      `#: extraneous key [${name}] is not permitted`,
    ]);
  });
});

describe('the draft', () => {
  it('is the one that $schema names', () => {
    const exclusive = { minimum: 1, exclusiveMinimum: true };
    expect([
      checkOf({ $schema: draft('draft-04'), ...exclusive })('1'),
      checkOf({ $schema: draft('draft-06'), contains: { const: 1 } })('[2]'),
      checkOf(`{"$schema":"${draft('draft-07')}","if":{"type":"integer"},"then":{"minimum":5}}`)('1'),
      checkOf({
        $schema: 'https://json-schema.org/draft/2019-09/schema',
        properties: { a: {} },
        unevaluatedProperties: false,
      })('{"b":1}'),
      checkOf({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        prefixItems: [{ type: 'string' }],
        items: false,
      })('["a",1]'),
    ]).toEqual([
      '#: must be > 1',
      expect.stringMatching(/^#: must contain/),
      '#: must be >= 5',
      '#: must NOT have unevaluated properties',
      '#: must NOT have more than 1 items',
    ]);
  });

  it('is 7 where none or an unknown one is named', () => {
    expect([
      checkOf({ exclusiveMinimum: 1 })('1'),
      checkOf({ $schema: 'https://example.com/own', exclusiveMinimum: 1 })('1'),
      checkOf({ $schema: 5, exclusiveMinimum: 1 })('1'),
      checkOf({ items: [{ type: 'string' }], additionalItems: false })('["a",1]'),
    ]).toEqual(['#: must be > 1', '#: must be > 1', '#: must be > 1', '#: must NOT have more than 1 items']);
  });

  it('4 has its id, and the others may hold one without effect', () => {
    const ids = { id: 'http://x/a.json', properties: { id: { type: 'integer' } } };
    expect([
      checkOf({ $schema: draft('draft-04'), ...ids })('{"id":"x"}'),
      checkOf(ids)('{"id":"x"}'),
      checkOf({ ...ids, $id: 'http://x/b.json' })('{"id":1}'),
      checkOf({ id: 5 })('1'),
    ]).toEqual([
      '#/id: expected type: Integer, found: String',
      '#/id: expected type: Integer, found: String',
      'fits',
      'fits',
    ]);
  });
});

describe('a schema', () => {
  it('may be true or false', () => {
    expect([checkOf('true')('1'), checkOf('false')('1'), checkOf('{}')('{"a":[1]}')]).toEqual([
      'fits',
      '#: boolean schema is false',
      'fits',
    ]);
  });

  it('may hold formats, keywords and types of values that nobody knows', () => {
    const schema = objectOf(
      {
        a: { type: 'string', format: 'nobody-knows', 'connect.type': 'int8', title: 'A', examples: [1] },
        b: { readOnly: true, default: 5, type: 'integer' },
        c: { nullable: true, description: 'Of OpenAPI.' },
        d: { discriminator: { propertyName: 'x' }, oneOf: [{}] },
      },
      { $comment: 'c', definitions: { x: { type: 'string' } }, 'confluent:tags': ['PII'] },
    );
    expect(checkOf(schema)('{"a":"x","b":1,"c":null,"d":{}}')).toBe('fits');
    expect(checkOf(schema)('{"b":"x"}')).toBe('#/b: expected type: Integer, found: String');
  });

  it('is checked at once whatever it says of $async', () => {
    expect(checkOf({ $async: true, type: 'string' })('1')).toBe('#: expected type: String, found: Integer');
    expect(
      checkOf(objectOf({ a: { $ref: '#/definitions/x' } }, { definitions: { x: { type: 'string' } } }))('{"a":1}'),
    ).toBe('#/a: expected type: String, found: Integer');
  });

  it('checks the formats it knows', () => {
    const formats: [string, string, string][] = [
      ['date-time', '"2020-01-01T00:00:00Z"', '"yesterday"'],
      ['date', '"2020-02-29"', '"2020-02-30"'],
      ['email', '"a@example.com"', '"a"'],
      ['uuid', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', '"8e03"'],
      ['ipv4', '"127.0.0.1"', '"300.0.0.1"'],
      ['uri', '"http://x/y"', '"x y"'],
    ];
    for (const [format, good, bad] of formats) {
      const check = checkOf({ format });
      expect([format, check(good), check(bad), check('5')]).toEqual([
        format,
        'fits',
        `#: must match format "${format}"`,
        'fits',
      ]);
    }
  });

  // Java's regular expressions allow a backslash before any character that is no letter.
  it.each([
    ['^\\d{3}\\-\\d{4}$', '"123-4567"', '"1234567"'],
    ['^\\S+\\@\\S+$', '"a@b"', '"ab"'],
    ['^\\_\\:\\#\\%\\=x$', '"_:#%=x"', '"x"'],
    ['^[\\w\\-\\.]+$', '"a-b.c"', '"a b"'],
    ['^\\p{L}+$', '"é"', '"1"'],
    ['^.$', '"😀"', '"ab"'],
  ])('checks the pattern %s', (pattern, good, bad) => {
    const check = checkOf({ pattern });
    expect([check(good), check(bad)]).toEqual(['fits', `#: must match pattern "${pattern}"`]);
    expect(checkOf({ patternProperties: { [pattern]: { type: 'string' } } })(`{${good}:1}`)).toMatch(
      /expected type: String/,
    );
  });

  // Each object was compared with all others.
  it('finds repeated items soon, however many there are', () => {
    const items = (last: number) => JSON.stringify([...Array.from({ length: 2_000 }, (_, a) => ({ a })), { a: last }]);
    const check = checkOf({ uniqueItems: true });
    const begun = performance.now();
    expect([check(items(-1)), check(items(3)), check('[1,1.0]'), check('[1,"1",[1],{"1":1}]')]).toEqual([
      'fits',
      expect.stringMatching(/^#: must NOT have duplicate items/),
      expect.stringMatching(/^#: must NOT have duplicate items/),
      'fits',
    ]);
    expect(performance.now() - begun).toBeLessThan(250);
  });

  // A schema may come with a request, so its patterns are anybody's.
  it('answers soon whatever pattern it has', () => {
    const begun = performance.now();
    expect(checkOf({ pattern: '^(a+)+$' })(`"${'a'.repeat(26)}!"`)).toBe('#: must match pattern "^(a+)+$"');
    expect(performance.now() - begun).toBeLessThan(250);
  });

  it.each([
    ['no JSON', '{'],
    ['no text', ''],
    ['a number', '5'],
    ['a string', '"x"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a type that is none', '{"type":"strin"}'],
    ['a type that is a number', '{"type":5}'],
    ['a minimum that is a text', '{"minimum":"x"}'],
    ['properties that are a number', '{"properties":5}'],
    ['required that is no list', '{"required":"x"}'],
    ['an enum of nothing', '{"enum":[]}'],
    ['a pattern that is none', '{"pattern":"("}'],
    ['a reference that leads nowhere', '{"$ref":"#/definitions/nope"}'],
    ['a reference to a schema that is not there', '{"$ref":"nope.json"}'],
    ['a reference that is a number', '{"$ref":5}'],
    ['an id that is a number', '{"$id":5}'],
    ['nesting without end', '{"items":'.repeat(10_000) + '{}' + '}'.repeat(10_000)],
  ])('that is none is told: %s', (_, text) => {
    const compile = () => compileJsonSchema({ type: 'JSONSCHEMA', text, references: [] });
    expect(compile).toThrow(SchemaError);
    expect(compile).toThrow(/^no valid JSON Schema: /);
  });

  it('is compiled apart from all others, of the same id too', () => {
    const [text, number] = [
      checkOf({ $id: 'http://x/a', type: 'string' }),
      checkOf({ $id: 'http://x/a', type: 'number' }),
    ];
    expect([text('1'), number('1')]).toEqual(['#: expected type: String, found: Integer', 'fits']);
  });
});
