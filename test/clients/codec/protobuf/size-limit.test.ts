import { describe, expect, it } from '@jest/globals';
import { ProtobufCase } from './protobuf-case.ts';

const fields = Array.from({ length: 100 }, (_, index) => `int32 f${index} = ${index + 1};`).join(' ');
const type = new ProtobufCase(`syntax = "proto3"; message Top { repeated M m = 1; } message M { ${fields} }`);
const tooMany = 'messages of more than 1000000 fields altogether';

describe('messages of many fields', () => {
  // Two bytes each became objects of a hundred fields: a record of a megabyte ended the process.
  it('are not read where they would take all the memory', () => {
    expect(type.decode('0a00'.repeat(499_000))).toBe(`refused: no Top: it holds ${tooMany}`);
    expect(type.decode('0a00'.repeat(5_000))).toMatch(/^\{"m":\[\{"f0":0,/);
  });

  it('are not written either', () => {
    const json = (count: number) => `{"m":[${Array.from({ length: count }, () => '{}').join()}]}`;
    expect(type.encode(json(600_000))).toBe(`refused at #: the value holds ${tooMany}`);
    expect(type.encode(json(5_000))).toBe('0a00'.repeat(5_000));
  });
});
