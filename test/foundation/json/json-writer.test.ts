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

  it('takes single bytes, and parts of larger buffers of any length', () => {
    const source = Buffer.from(Array.from({ length: 3_000 }, (_, index) => index % 256));
    const cuts = fc.tuple(fc.nat(3_000), fc.nat(3_000)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    fc.assert(
      fc.property(fc.array(fc.oneof(cuts, fc.nat(255)), { maxLength: 8 }), (parts) => {
        const writer = new JsonWriter(0);
        for (const part of parts) {
          if (typeof part === 'number') writer.byte(part);
          else writer.slice(source, part[0], part[1]);
        }
        const joined = Buffer.concat(
          parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : source.subarray(...part))),
        );
        expect([writer.length, writer.finish().equals(joined)]).toEqual([joined.length, true]);
      }),
      { numRuns: 100 },
    );
  });

  it('gives copies, which what is written next leaves alone', () => {
    const writer = new JsonWriter(64);
    const copies = ['first', 'x'.repeat(10_000), 'third'].map((text) => {
      writer.text(text);
      return writer.takeCopy(1_000);
    });
    writer.text('fourth');
    expect([copies.map(String), String(writer.takeCopy(1_000)), writer.length]).toEqual([
      ['first', 'x'.repeat(10_000), 'third'],
      'fourth',
      0,
    ]);
  });

  it('begins anew after a reset, also from a large buffer', () => {
    const writer = new JsonWriter(64);
    for (const size of [10, 5_000]) {
      writer.text('x'.repeat(size));
      writer.reset(100);
      writer.json('é');
      expect([writer.length, String(writer.takeCopy(100))]).toEqual([2, 'é']);
    }
  });
});
