import { describe, expect, it } from '@jest/globals';
import avro from 'avsc';
import * as fc from 'fast-check';
import { schemaSamples } from './arbitrary-schema.ts';
import { AvroCase } from './avro.ts';

/** avsc as it reads and writes by itself: JSON by its own text, bytes by its own. */
function avscOf(schema: unknown, value: unknown) {
  const type = avro.Type.forSchema(schema as avro.Schema, { wrapUnions: true });
  return { type, json: type.toString(value), bytes: type.toBuffer(value) };
}

describe('any value of any schema', () => {
  it('is written to the bytes that avsc writes', () => {
    fc.assert(
      fc.property(schemaSamples, ({ schema, value }) => {
        const { json, bytes } = avscOf(schema, value);
        expect(new AvroCase(schema).encode(json)).toBe(bytes.toString('hex'));
      }),
      { numRuns: 200 },
    );
  });

  it('is read to JSON of which avsc makes the same bytes', () => {
    fc.assert(
      fc.property(schemaSamples, ({ schema, value }) => {
        const { type, bytes } = avscOf(schema, value);
        const read = type.fromString(new AvroCase(schema).decode(bytes)) as unknown;
        expect(type.toBuffer(read)).toEqual(bytes);
      }),
      { numRuns: 200 },
    );
  });

  it('is written the same with its fields in another order', () => {
    fc.assert(
      fc.property(schemaSamples, ({ schema, value }) => {
        const { json, bytes } = avscOf(schema, value);
        const records = reversed(JSON.parse(json));
        // Maps have an order too, so only values without them are sure to give the same bytes.
        fc.pre(!JSON.stringify(schema).includes('"map"'));
        expect(new AvroCase(schema).encode(JSON.stringify(records))).toBe(bytes.toString('hex'));
      }),
      { numRuns: 100 },
    );
  });

  it('is refused wherever its bytes end', () => {
    fc.assert(
      fc.property(schemaSamples, ({ schema, value }) => {
        const { bytes } = avscOf(schema, value);
        const type = new AvroCase(schema);
        for (let end = 0; end < bytes.length; end++) {
          expect(type.decode(bytes.subarray(0, end))).toMatch(/^refused: /);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is valid JSON or refused for any other bytes', () => {
    fc.assert(
      fc.property(schemaSamples, fc.uint8Array({ maxLength: 30 }), ({ schema }, bytes) => {
        const text = new AvroCase(schema).decode(Buffer.from(bytes));
        if (!text.startsWith('refused: ')) JSON.parse(text);
      }),
      { numRuns: 200 },
    );
  });
});

/** The same value with the members of its objects in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
