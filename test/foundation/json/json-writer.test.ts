import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { JsonWriter } from '../../../src/foundation/json/json-writer.ts';

describe('JsonWriter', () => {
  it('joins text, JSON text and bytes in the order they came, however much more than expected', () => {
    const ascii = fc.string({ unit: 'binary-ascii', maxLength: 100 }).map((text) => ({ text }));
    const json = fc.string({ unit: 'binary', maxLength: 100 }).map((text) => ({ json: text.toWellFormed() }));
    const bytes = fc.uint8Array({ maxLength: 200 }).map((part) => ({ json: Buffer.from(part) }));
    fc.assert(
      fc.property(fc.array(fc.oneof(ascii, json, bytes)), fc.integer({ min: 0, max: 300 }), (parts, expectedBytes) => {
        const writer = new JsonWriter(expectedBytes);
        for (const part of parts) {
          if ('text' in part) writer.text(part.text);
          else writer.json(part.json);
        }
        const joined = Buffer.concat(parts.map((part) => Buffer.from('text' in part ? part.text : part.json)));
        expect(writer.finish().equals(joined)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
