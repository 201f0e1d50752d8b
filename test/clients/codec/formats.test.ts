import { describe, expect, it } from '@jest/globals';
import { parseFormat } from '../../../src/clients/codec/formats.ts';

describe('parseFormat', () => {
  it('takes names in any case and light-4j’s numbers', () => {
    const texts = ['BINARY', 'string', 'Json', 'avro', 'jsonSchema', 'protobuf', '0', '1', '2', '3', '4', '5'];
    expect(texts.map(parseFormat)).toEqual([
      'BINARY',
      'STRING',
      'JSON',
      'AVRO',
      'JSONSCHEMA',
      'PROTOBUF',
      'BINARY',
      'JSON',
      'AVRO',
      'JSONSCHEMA',
      'PROTOBUF',
      'STRING',
    ]);
  });

  it('takes nothing else', () => {
    expect(['', '6', '-1', '1.0', '00', 'XML', ' JSON', 'toString'].map(parseFormat)).toEqual(Array(8).fill(undefined));
  });
});
