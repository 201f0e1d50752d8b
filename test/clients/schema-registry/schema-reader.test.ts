import { describe, expect, it } from '@jest/globals';
import { SchemaReader } from '../../../src/clients/schema-registry/schema-reader.ts';
import { DecodeError } from '../../../src/clients/codec/decode-error.ts';
import { enumOf, outcomeOf, startBench } from '../../support/registry-bench.ts';

const framed = (id: number, hex: string) => {
  const frame = Buffer.alloc(5);
  frame.writeInt32BE(id, 1);
  return Buffer.concat([frame, Buffer.from(hex, 'hex')]);
};

/** A reader over a registry that has these schemas, ids from 1 on. */
async function start(...schemas: readonly object[]) {
  const bench = await startBench();
  for (const [index, schema] of schemas.entries()) bench.stub.register({ subject: `s${index}`, schema });
  return { ...bench, reader: new SchemaReader(bench.registry) };
}

/** What each of the bytes is read as. */
async function read(reader: SchemaReader, ...all: readonly (Buffer | null)[]): Promise<string[]> {
  const decode = await reader.decoderFor(all);
  return all
    .filter((bytes) => bytes !== null)
    .map((bytes) => {
      try {
        return decode(bytes).toString();
      } catch (error) {
        if (error instanceof DecodeError) return `refused: ${error.message}`;
        throw error;
      }
    });
}

describe('SchemaReader', () => {
  it('reads each by the schema it names, all looked up before', async () => {
    const { stub, reader } = await start(enumOf('A', 'B'), { type: 'string' });
    expect(await read(reader, framed(1, '02'), null, framed(2, '0261'), framed(1, '00'))).toEqual([
      '"B"',
      '"a"',
      '"A"',
    ]);
    expect(stub.requests.map(({ path }) => path).toSorted()).toEqual(['/schemas/ids/1', '/schemas/ids/2']);
  });

  it('asks for each schema once, however many records name it', async () => {
    const { stub, reader } = await start(enumOf('A', 'B'), { type: 'string' });
    const many = Array.from({ length: 500 }, (_, index) => (index % 2 === 0 ? framed(1, '02') : framed(2, '0261')));
    expect(new Set(await read(reader, ...many))).toEqual(new Set(['"B"', '"a"']));
    expect(stub.count()).toBe(2);
  });

  it('has the decoder at once where every schema is known, and where none is named', async () => {
    const { reader } = await start(enumOf('A', 'B'));
    await read(reader, framed(1, '02'));
    expect([reader.decoderFor([framed(1, '00')]), reader.decoderFor([]), reader.decoderFor([null])]).toEqual([
      expect.any(Function),
      expect.any(Function),
      expect.any(Function),
    ]);
  });

  it('tells of bytes that name no schema, one that is not there, and of what does not fit', async () => {
    const { reader } = await start(enumOf('A', 'B'));
    expect(
      await read(
        reader,
        framed(1, '02'),
        Buffer.from('text'),
        Buffer.alloc(0),
        Buffer.from('{"json":1}'),
        framed(9, '00'),
        framed(0, '00'),
        framed(-1, '00'),
        framed(1, '0400'),
      ),
    ).toEqual([
      '"B"',
      'refused: has 4 bytes, too few for magic byte 0 and a schema id',
      'refused: has 0 bytes, too few for magic byte 0 and a schema id',
      'refused: begins with byte 123, not with magic byte 0 and a schema id',
      'refused: cannot be read: schema id 9 is not known to the schema registry (40403)',
      'refused: cannot be read: 0 is no schema id',
      'refused: cannot be read: -1 is no schema id',
      'refused: does not fit AVRO schema 1: an enum has no symbol 2',
    ]);
    expect(await read(reader, framed(9, '00'))).toEqual([
      'refused: cannot be read: schema id 9 is not known to the schema registry (40403)',
    ]);
  });

  it('reads nothing where a schema cannot be looked up', async () => {
    const { stub, reader } = await start(enumOf('A', 'B'), { type: 'string' });
    await read(reader, framed(1, '02'));
    stub.behave(500);
    expect(await outcomeOf(() => reader.decoderFor([framed(1, '02'), framed(2, '0261'), framed(9, '00')]))).toMatch(
      /^ERR12229 /,
    );
    expect(await read(reader, framed(1, '02'))).toEqual(['"B"']);
    stub.behave('works');
    expect(await read(reader, framed(2, '0261'))).toEqual(['"a"']);
  });
});
