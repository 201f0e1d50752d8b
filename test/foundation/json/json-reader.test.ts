import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { JsonReader } from '../../../src/foundation/json/json-reader.ts';

const readerOf = (text: string) => new JsonReader(Buffer.from(text));

/** Reads a whole value with the reader's own steps. */
function read(input: JsonReader): unknown {
  const first = String.fromCharCode(input.peek());
  if (first === '{') {
    input.enter();
    const members: [string, unknown][] = [];
    for (let name = input.nextName(); name !== undefined; name = input.nextName()) members.push([name, read(input)]);
    return Object.fromEntries(members);
  }
  if (first === '[') {
    input.enter();
    const items: unknown[] = [];
    while (!input.leaves()) items.push(read(input));
    return items;
  }
  if (first === '"') return input.readString();
  const start = input.position;
  if (/[-0-9]/.test(first)) input.passNumber();
  else input.passLiteral();
  return JSON.parse(input.bytes.toString('latin1', start, input.position)) as unknown;
}

/** The same with white space wherever it may stand. */
const spaced = (text: string) => ` \n${JSON.stringify(JSON.parse(text), undefined, '\t ')}\r\n `;

describe('JsonReader', () => {
  it('reads any value that JSON.parse reads, whatever space is in it', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
        const expected = JSON.stringify(JSON.parse(text));
        expect([JSON.stringify(read(readerOf(text))), JSON.stringify(read(readerOf(spaced(text))))]).toEqual([
          expected,
          expected,
        ]);
      }),
    );
  });

  it('passes over a value of any kind, and can read it again', () => {
    const input = readerOf(' {"a":[1,{"b":"]}\\""}],"c":-1.5e3}');
    input.enter();
    input.peek();
    const again = readerOf('{"a":[1,{"b":"]}\\""}],"c":-1.5e3}');
    again.enter();
    const name = again.nextName();
    const start = again.position;
    again.skip();
    const next = again.nextName();
    again.position = start;
    expect([name, next, read(again)]).toEqual(['a', 'c', [1, { b: ']}"' }]]);
  });

  it('passes a name where it is that one, written without escapes, and stays otherwise', () => {
    const input = readerOf('{ "ab" : 1 , "\\u0061b":2}');
    input.enter();
    const tried = ['a', 'abc', 'b', ''].map((name) => input.passName(Buffer.from(name)));
    expect([
      tried,
      input.passName(Buffer.from('ab')),
      read(input),
      input.passName(Buffer.from('ab')),
      input.nextName(),
      read(input),
    ]).toEqual([[false, false, false, false], true, 1, false, 'ab', 2]);
    expect([input.passName(Buffer.from('x')), input.nextName()]).toEqual([false, undefined]);
  });

  it('leaves an object or array only where it ends', () => {
    const input = readerOf('[ [ ] , { } ]');
    input.enter();
    const left = [input.leaves()];
    input.enter();
    left.push(input.leaves(), input.leaves());
    input.enter();
    left.push(input.leaves(), input.leaves());
    expect([left, input.position]).toEqual([[false, true, false, true, true], 13]);
  });

  it.each([
    ['short', '"abc"', 'abc'],
    ['none', '""', undefined],
    ['as long as the first look', `"${'x'.repeat(23)}"`, 'x'.repeat(23)],
    ['as long as the first look and one', `"${'x'.repeat(24)}"`, 'x'.repeat(24)],
    ['long', `"${'é'.repeat(100)}"`, 'é'.repeat(100)],
  ])('gives the bytes of a string where they stand: %s', (_, text, value = '') => {
    const input = readerOf(` ${text},`);
    expect([
      input.passString(),
      input.bytes.toString('utf8', input.stringStart, input.position - 1),
      input.position,
    ]).toEqual([undefined, value, Buffer.byteLength(text) + 1]);
  });

  it.each([
    '"\\n"',
    '"a\\"b"',
    `"${'x'.repeat(30)}\\u00e9"`,
    `"${'x'.repeat(22)}\\\\"`,
    '"\\ud83d\\ude00"',
    '"\\ud800"',
    '"\\\\"',
  ])('decodes a string with escapes: %s', (text) => {
    const expected = JSON.parse(text) as string;
    expect([readerOf(text).passString(), readerOf(text).readString()]).toEqual([expected, expected]);
  });

  it('forgets the escapes of one string at the next', () => {
    const input = readerOf('["\\n","plain"]');
    input.enter();
    input.leaves();
    const first = input.passString();
    input.leaves();
    expect([first, input.passString()]).toEqual(['\n', undefined]);
  });

  it('goes as deep as a text has brackets', () => {
    const input = readerOf(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    input.skip();
    expect(input.position).toBe(200_000);
  });
});
