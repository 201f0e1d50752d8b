import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { JsonDepthError, JsonSyntaxError } from '../../../src/foundation/json/json-errors.ts';
import { JsonText, scanLiteral, scanNumber, scanString, scanValue } from '../../../src/foundation/json/json-scan.ts';
import { isJsonText, parseStrictJson } from '../../../src/foundation/json/strict-json.ts';

const space = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 3 });

const hex = fc.integer({ min: 0, max: 0xffff }).map((unit) => unit.toString(16).padStart(4, '0'));
const character = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }).map(withoutSyntax) },
  fc.constantFrom('\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\u007f', '\u2028'),
  hex.map((digits) => `\\u${digits}`),
);
const string = fc.array(character, { maxLength: 8 }).map((parts) => `"${parts.join('')}"`);
const digits = fc.bigInt({ min: 0n, max: 10n ** 18n }).map(String);
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits,
    fc.option(fc.stringMatching(/^\.[0-9]{1,20}$/), { nil: '' }),
    fc.option(fc.stringMatching(/^[eE][+-]?[0-9]{1,4}$/), { nil: '' }),
  )
  .map((parts) => parts.join(''));

function withoutSyntax(text: string): string {
  return text.toWellFormed().replaceAll(/["\\\u0000-\u001f]/g, '_');
}

/** JSON texts of every kind, with white space and escapes wherever they may stand. */
const { json } = fc.letrec<{ json: string; array: string; object: string }>((tie) => ({
  json: fc
    .tuple(
      space,
      fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        fc.constantFrom('true', 'false', 'null'),
        number,
        string,
        tie('array'),
        tie('object'),
      ),
      space,
    )
    .map((parts) => parts.join('')),
  array: fc.tuple(space, fc.array(tie('json'), { maxLength: 4 })).map(([gap, items]) => `[${items.join(',') || gap}]`),
  object: fc
    .tuple(space, fc.array(fc.tuple(space, string, space, tie('json')), { maxLength: 4 }))
    .map(([gap, members]) => {
      const texts = members.map(([before, name, after, value]) => `${before}${name}${after}:${value}`);
      return `{${texts.join(',') || gap}}`;
    }),
}));

/** Where, how many bytes go, what comes in their place. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.integer({ min: 0, max: 3 }),
  insert: fc.oneof(
    fc
      .constantFrom('', '"', '\\', ',', ':', '[', ']', '{', '}', '0', '-', '.', 'e', ' ', '\n', '\\u', 'é')
      .map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
  ),
});

/** JSON texts with a few bytes changed, mostly no JSON any more. */
const damaged = fc.tuple(json, fc.array(change, { minLength: 1, maxLength: 3 })).map(([text, changes]) =>
  changes.reduce((bytes, { at, remove, insert }) => {
    const from = Math.floor(at * bytes.length);
    return Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + remove)]);
  }, Buffer.from(text)),
);

function isAcceptedByPlatform(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false;
  try {
    JSON.parse(bytes.toString());
    return true;
  } catch {
    return false;
  }
}

/** The value, or the error. */
function attempt(bytes: Buffer): unknown {
  try {
    return { value: parseStrictJson(bytes) };
  } catch (error) {
    return error;
  }
}

describe('any JSON text', () => {
  it('is accepted, white space and escapes included', () => {
    fc.assert(
      fc.property(json, (text) => isJsonText(Buffer.from(text))),
      { numRuns: 400 },
    );
  });

  it('is parsed to what JSON.parse gives, or refused for a loss', () => {
    fc.assert(
      fc.property(json, (text) => {
        const outcome = attempt(Buffer.from(text));
        if (outcome instanceof JsonSyntaxError)
          expect(outcome.name).toMatch(/^Json(DuplicateName|UnsafeInteger)Error$/);
        else expect(outcome).toEqual({ value: JSON.parse(text) });
      }),
      { numRuns: 250 },
    );
  });

  it('is scanned alike at every offset in a buffer', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 0, max: 20 }), (text, before) => {
        const length = Buffer.byteLength(text);
        const bytes = Buffer.alloc(before + length + 20, '"');
        bytes.write(text, before);
        return isJsonText(bytes.subarray(before, before + length));
      }),
      { numRuns: 150 },
    );
  });
});

describe('any damaged JSON text', () => {
  it('is accepted exactly when it is UTF-8 and JSON.parse accepts it', () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        expect(isJsonText(bytes)).toBe(isAcceptedByPlatform(bytes));
      }),
      { numRuns: 1_500 },
    );
  });

  it('is refused by the strict parser, or parsed to what JSON.parse gives', () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        const outcome = attempt(bytes);
        if (!(outcome instanceof Error)) expect(outcome).toEqual({ value: JSON.parse(bytes.toString()) });
        else if (isAcceptedByPlatform(bytes)) expect(outcome.name).toMatch(/^Json(DuplicateName|UnsafeInteger)Error$/);
        else expect(outcome).toBeInstanceOf(JsonSyntaxError);
        expect(outcome).not.toBeInstanceOf(JsonDepthError);
      }),
      { numRuns: 400 },
    );
  });
});

describe('a scan', () => {
  const textOf = (text: string) => new JsonText(Buffer.from(text));

  it.each([
    ['a value with white space before it', scanValue, ' [1] ', 0, 4],
    ['a value in the middle', scanValue, '[1,"a"]', 3, 6],
    ['a string', scanString, '"a\\"b",', 0, 6],
    ['a number', scanNumber, '-1.5e+3]', 0, 7],
    ['a number up to its leading zero', scanNumber, '01', 0, 1],
    ['a word', scanLiteral, 'falsetrue', 0, 5],
    ['a word after another', scanLiteral, 'falsetrue', 5, 9],
  ])('answers the offset behind %s', (_, scan, text, from, end) => {
    expect(scan(textOf(text), from, 64)).toBe(end);
  });

  it.each([
    ['a value', scanValue, '[1,]', 3],
    ['a string that does not end', scanString, '"abc', 4],
    ['a number without digits', scanNumber, '-x', 1],
    ['a cut word', scanLiteral, 'nul]', 3],
    ['a word that is none', scanLiteral, 'x', 0],
  ])('answers the complement of the first byte that cannot stand there in %s', (_, scan, text, at) => {
    expect(scan(textOf(text), 0, 64)).toBe(~at);
  });

  it('tells an escape from none, and depth from grammar', () => {
    const flags = (text: string, maxDepth: number) => {
      const scanned = textOf(text);
      const end = scanValue(scanned, 0, maxDepth);
      return { end, hasEscape: scanned.hasEscape, isTooDeep: scanned.isTooDeep };
    };
    expect([flags('["a"]', 1), flags('["\\n"]', 1), flags('[[1]]', 1), flags('[1', 1), flags('1', 0)]).toEqual([
      { end: 5, hasEscape: false, isTooDeep: false },
      { end: 6, hasEscape: true, isTooDeep: false },
      { end: ~1, hasEscape: false, isTooDeep: true },
      { end: ~2, hasEscape: false, isTooDeep: false },
      { end: 1, hasEscape: false, isTooDeep: false },
    ]);
  });

  it('finds a quote, backslash or control character at every place of a string of any length', () => {
    const found: string[] = [];
    for (let length = 0; length < 48; length++) {
      for (let at = 0; at < length; at++) {
        for (const stop of ['"', '\\', '\u0000', '\u001f']) {
          const text = `"${'é€a'.repeat(16).slice(0, at)}${stop}${'b'.repeat(length - at)}`;
          const offset = Buffer.byteLength(text.slice(0, at + 1));
          const expected = stop === '"' ? offset + 1 : stop === '\\' ? offset + 2 : ~offset;
          const scanned = scanString(textOf(text), 0);
          // `\b` is an escape, behind which the string does not end.
          const end = stop === '\\' ? ~Buffer.byteLength(text) : expected;
          if (scanned !== end) found.push(`${JSON.stringify(text)}: ${scanned}, not ${end}`);
        }
      }
    }
    expect(found).toEqual([]);
  });
});
