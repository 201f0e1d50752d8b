import { describe, expect, it } from '@jest/globals';
import {
  isJsonText,
  JsonDuplicateNameError,
  JsonSyntaxError,
  JsonUnsafeIntegerError,
  parseStrictJson,
} from '../../../src/foundation/json/strict-json.ts';
import { JsonDepthError } from '../../../src/foundation/json/json-errors.ts';
import {
  acceptedJson,
  acceptedOpenJson,
  deepJson,
  refusedOpenJson,
  rejectedJson,
  repeatedNameJson,
  roundedOpenJson,
  type JsonCase,
} from '../../support/json-cases.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));

/** The error of a refused text, as plain data. */
function refusalOf(text: string | Buffer): Record<string, unknown> {
  try {
    parseStrictJson(Buffer.from(text));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { name, message, offset } = error;
    return { name, message, offset, ...('path' in error ? { path: error.path } : {}) };
  }
  throw new Error('the text was accepted');
}

describe('isJsonText', () => {
  it.each([...acceptedJson, ...repeatedNameJson, ...acceptedOpenJson, ...roundedOpenJson])(
    'accepts $subject: $shown',
    ({ bytes }) => {
      expect(isJsonText(bytes)).toBe(true);
      expect(JSON.parse(bytes.toString())).toBeDefined();
    },
  );

  it.each([...rejectedJson, ...refusedOpenJson])('rejects $subject: $shown', ({ bytes }) => {
    expect(isJsonText(bytes)).toBe(false);
  });

  it('accepts any depth, and rejects deep text that does not end', () => {
    const levels = 100_000;
    const deep = Buffer.from('[{"a":'.repeat(levels) + '1' + '}]'.repeat(levels));
    expect([deepJson.closed, deep, deepJson.unclosedArrays, deepJson.unclosedObjects].map(isJsonText)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('rejects deep text whose closing brackets are of the wrong kind', () => {
    const levels = 70;
    const wrong = Array.from({ length: levels }, (_, level) => {
      const closing = Array.from({ length: levels }, (__, at) => (at === level ? '}' : ']')).join('');
      return Buffer.from('['.repeat(levels) + closing);
    });
    expect(wrong.filter(isJsonText)).toEqual([]);
  });
});

/** Whether a text has a number that is an integer but not written as plain digits, such as 1.0 or 1e2. */
function hasOddInteger({ bytes }: JsonCase): boolean {
  const numbers =
    bytes
      .toString()
      .replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
      .match(/-?\d[\d.eE+-]*/g) ?? [];
  return numbers.some((text) => /[.eE]/.test(text) && Number.isInteger(Number(text)));
}

const accepted = [...acceptedJson, ...acceptedOpenJson];

describe('parseStrictJson', () => {
  it.each(accepted.filter(hasOddInteger))('refuses an integer that is not plain digits: $shown', ({ bytes }) => {
    expect(() => parseStrictJson(bytes)).toThrow(JsonUnsafeIntegerError);
  });

  it.each(accepted.filter((json) => !hasOddInteger(json)))(
    'gives what JSON.parse gives for $subject: $shown',
    ({ bytes }) => {
      expect(parseStrictJson(bytes)).toEqual(JSON.parse(bytes.toString()));
    },
  );

  it.each([...rejectedJson, ...refusedOpenJson])('refuses $subject: $shown', ({ bytes }) => {
    expect(() => parseStrictJson(bytes)).toThrow(JsonSyntaxError);
  });

  it.each(repeatedNameJson)('refuses repeated names: $shown', ({ bytes }) => {
    expect(() => parseStrictJson(bytes)).toThrow(JsonDuplicateNameError);
  });

  it.each(roundedOpenJson)('refuses integers that would be rounded: $shown', ({ bytes }) => {
    expect(() => parseStrictJson(bytes)).toThrow(JsonUnsafeIntegerError);
  });

  it('refuses nesting over 64, or over the depth it is given, at the bracket that is one too many', () => {
    const nested = (levels: number) => Buffer.from('['.repeat(levels) + ']'.repeat(levels));
    expect(parseStrictJson(nested(64))).toEqual(JSON.parse(nested(64).toString()));
    expect(() => parseStrictJson(nested(65))).toThrow(new JsonDepthError('objects and arrays nest deeper than 64', 64));
    expect(() => parseStrictJson(deepJson.unclosedObjects)).toThrow(JsonDepthError);
    expect(() => parseStrictJson(Buffer.from('{"a":[]}'), 1)).toThrow(
      new JsonDepthError('objects and arrays nest deeper than 1', 5),
    );
  });

  it('names the place of a repeated name, however it is escaped', () => {
    expect(refusalOf('{"a":[{"b/~":1,"b\\u002f~":2}]}')).toEqual({
      name: 'JsonDuplicateNameError',
      message: '/a/0/b~1~0 is given twice, the second time at byte 15',
      offset: 15,
      path: '/a/0/b~1~0',
    });
  });

  it('lets one name stand in several objects', () => {
    expect(parse('{"a":{"a":1},"b":[{"a":2},{"a":3}]}')).toEqual({ a: { a: 1 }, b: [{ a: 2 }, { a: 3 }] });
  });

  it('refuses integers beyond 2^53-1 with their place, and takes those within', () => {
    expect(parse('[9007199254740991,-9007199254740991]')).toEqual([9007199254740991, -9007199254740991]);
    expect(refusalOf('{"a":[0,-9007199254740992]}')).toEqual({
      name: 'JsonUnsafeIntegerError',
      message: '/a/1 is no integer up to 2^53-1 in plain digits and would be rounded at byte 8',
      offset: 8,
      path: '/a/1',
    });
    expect(refusalOf('9007199254740993')).toEqual({
      name: 'JsonUnsafeIntegerError',
      message: 'the number is no integer up to 2^53-1 in plain digits and would be rounded at byte 0',
      offset: 0,
      path: '',
    });
  });

  it('keeps a member named __proto__ a plain member', () => {
    const parsed = parse('{"__proto__":{"a":1}}') as object;
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(Object.entries(parsed)).toEqual([['__proto__', { a: 1 }]]);
  });

  it.each([
    ['', 'a value was expected, not the end of the text at byte 0', 0],
    ['[1,]', "a value was expected, not ']' at byte 3", 3],
    ['[1 2]', "a comma or ] was expected, not '2' at byte 3", 3],
    ['{"a" 1}', "a colon was expected, not '1' at byte 5", 5],
    ['{"a":1,}', "a member name was expected, not '}' at byte 7", 7],
    ['{"a":1 "b":2}', `a comma or } was expected, not '"' at byte 7`, 7],
    ['{a:1}', "a member name was expected, not 'a' at byte 1", 1],
    ['[1]x', "the end was expected, not 'x' at byte 3", 3],
    ['[tru]', "unexpected ']' at byte 4", 4],
    ['["a\n"]', 'unexpected byte 0x0a at byte 3', 3],
    ['["a\\x"]', "unexpected 'x' at byte 4", 4],
    ['["\\u12g4"]', "unexpected 'g' at byte 6", 6],
    ['["abc', 'unexpected the end of the text at byte 5', 5],
    ['[-]', "unexpected ']' at byte 2", 2],
    ['[1.]', "unexpected ']' at byte 3", 3],
    ['[01]', "a comma or ] was expected, not '1' at byte 2", 2],
  ])('says what stands where for %j', (text, message, offset) => {
    expect(refusalOf(text)).toEqual({ name: 'JsonSyntaxError', message, offset });
  });

  it('names the first byte that is not UTF-8, also behind a replacement character that is', () => {
    const text = Buffer.concat([Buffer.from('["é\ufffd'), Buffer.from([0xe2, 0x82]), Buffer.from('"]')]);
    expect(refusalOf(text)).toEqual({
      name: 'JsonSyntaxError',
      message: 'the text is not UTF-8 at byte 7',
      offset: 7,
    });
  });
});
