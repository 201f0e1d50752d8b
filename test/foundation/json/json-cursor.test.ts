import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { JsonCursor, JsonDepthError, JsonSyntaxError } from '../../../src/foundation/json/json-cursor.ts';

const cursorOf = (text: string, maxDepth?: number) => new JsonCursor(Buffer.from(text), maxDepth);

/** Reads a whole text with the cursor alone, as a caller that knows nothing of it would. */
function readValue(cursor: JsonCursor, bytes: Buffer): unknown {
  switch (cursor.peek()) {
    case 'object':
      return readObject(cursor, bytes);
    case 'array':
      return readArray(cursor, bytes);
    case 'string':
      return cursor.readString();
    case 'number':
      return Number(cursor.readNumberText());
    case 'true':
    case 'false':
    case 'null':
      return cursor.readLiteral();
  }
}

function readObject(cursor: JsonCursor, bytes: Buffer): unknown {
  const members: [string, unknown][] = [];
  cursor.enterObject();
  for (let name = cursor.nextName(); name !== undefined; name = cursor.nextName()) {
    members.push([name, readValue(cursor, bytes)]);
  }
  return Object.fromEntries(members);
}

function readArray(cursor: JsonCursor, bytes: Buffer): unknown {
  const elements: unknown[] = [];
  cursor.enterArray();
  while (cursor.nextElement()) elements.push(elements.length % 2 === 0 ? readValue(cursor, bytes) : cut(cursor, bytes));
  return elements;
}

/** A value skipped, and parsed from its own bytes. */
function cut(cursor: JsonCursor, bytes: Buffer): unknown {
  cursor.skipValue();
  return JSON.parse(bytes.toString('utf8', cursor.valueStart, cursor.position));
}

describe('JsonCursor', () => {
  it('reads and cuts out of any text what JSON.parse finds in it', () => {
    const indent = fc.constantFrom(undefined, 1, '\t', ' \n\r');
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }), indent, (value, gap) => {
        const text = JSON.stringify(value, undefined, gap);
        const bytes = Buffer.from(text);
        const cursor = new JsonCursor(bytes);
        const read = readValue(cursor, bytes);
        cursor.end();
        expect(read).toEqual(JSON.parse(text));
      }),
      { numRuns: 150 },
    );
  });

  it('reads names that share slot, prefix or length without mixing them up', () => {
    const names = fc.array(fc.stringMatching(/^[abc]{0,4}[xy\\"é]?$/), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(names, (written) => {
        const bytes = Buffer.from(`{${written.map((name) => `${JSON.stringify(name)}:0`).join(',')}}`);
        const cursor = new JsonCursor(bytes);
        const read: string[] = [];
        cursor.enterObject();
        for (let name = cursor.nextName(); name !== undefined; name = cursor.nextName()) {
          read.push(name);
          cursor.skipValue();
        }
        expect(read).toEqual(written);
      }),
      { numRuns: 150 },
    );
  });

  it('cuts a value out as it stands, without the white space around it', () => {
    const bytes = Buffer.from('{ "a" : \n { "b" : [ 1.0 , 9223372036854775807 ] } \t}');
    const cursor = new JsonCursor(bytes);
    cursor.enterObject();
    expect(cursor.nextName()).toBe('a');
    cursor.skipValue();
    expect(bytes.toString('utf8', cursor.valueStart, cursor.position)).toBe('{ "b" : [ 1.0 , 9223372036854775807 ] }');
    expect(cursor.nextName()).toBeUndefined();
    cursor.end();
  });

  it('tells what begins next without reading it', () => {
    const kinds = ['{', '[', '"', '-', '0', '9', 't', 'f', 'n'].map((text) => cursorOf(` ${text}`).peek());
    expect(kinds).toEqual(['object', 'array', 'string', 'number', 'number', 'number', 'true', 'false', 'null']);
    expect(() => cursorOf(' +1').peek()).toThrow(new JsonSyntaxError("a value was expected, not '+'", 1));
  });

  it('reads the offset of a name and of a value', () => {
    const cursor = cursorOf('{"a":1, "bc" : "d"}');
    cursor.enterObject();
    cursor.nextName();
    cursor.skipValue();
    cursor.nextName();
    cursor.readString();
    expect({ nameStart: cursor.nameStart, valueStart: cursor.valueStart, position: cursor.position }).toEqual({
      nameStart: 8,
      valueStart: 15,
      position: 18,
    });
  });

  it('gives the bytes of a string as part of the text, decoded where it has escapes', () => {
    const bytes = Buffer.from('["é\u20ac","\\u00e9\\n",""]');
    const cursor = new JsonCursor(bytes);
    cursor.enterArray();
    const read: (string | undefined)[] = [];
    while (cursor.nextElement()) read.push(cursor.readStringBytes()?.toString());
    expect(read).toEqual(['é\u20ac', 'é\n', '']);
  });

  it('has no bytes for a string with a lone surrogate, but its text', () => {
    expect(cursorOf('"\\ud800"').readStringBytes()).toBeUndefined();
    expect(cursorOf('"\\ud800"').readString()).toBe('\ud800');
    expect(cursorOf('"\\ud83d\\ude00"').readStringBytes()).toEqual(Buffer.from('😀'));
  });

  it('gives a number as it is written', () => {
    expect(['-0', '1.0', '9223372036854775807', '1E+2'].map((text) => cursorOf(text).readNumberText())).toEqual([
      '-0',
      '1.0',
      '9223372036854775807',
      '1E+2',
    ]);
  });

  it.each([
    ['an object', '[]', (cursor: JsonCursor) => cursor.enterObject(), "an object was expected, not '['"],
    ['an array', '{}', (cursor: JsonCursor) => cursor.enterArray(), "an array was expected, not '{'"],
    ['a string', '1', (cursor: JsonCursor) => cursor.readString(), "a string was expected, not '1'"],
    ['a number', '"1"', (cursor: JsonCursor) => cursor.readNumberText(), `a number was expected, not '"'`],
    ['a literal', '0', (cursor: JsonCursor) => cursor.readLiteral(), "true, false or null was expected, not '0'"],
  ])('refuses to read %s where something else stands', (_, text, read, message) => {
    expect(() => read(cursorOf(text))).toThrow(new JsonSyntaxError(message, 0));
  });

  it('counts the levels entered and those skipped together', () => {
    const cursor = cursorOf('[[[1]]]', 2);
    cursor.enterArray();
    cursor.nextElement();
    expect(() => cursor.skipValue()).toThrow(new JsonDepthError('objects and arrays nest deeper than 2', 2));
    const other = cursorOf('[[],[[1]]]', 3);
    other.enterArray();
    while (other.nextElement()) other.skipValue();
    other.end();
    expect(other.position).toBe(10);
  });

  it('refuses text behind the value, but for white space', () => {
    const cursor = cursorOf('1 \n');
    cursor.skipValue();
    cursor.end();
    const other = cursorOf('1 ,');
    other.skipValue();
    expect(() => other.end()).toThrow(new JsonSyntaxError("the end was expected, not ','", 2));
  });
});
