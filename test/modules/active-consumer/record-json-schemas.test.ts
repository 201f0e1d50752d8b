import { describe, expect, it } from '@jest/globals';
import { decoderOf } from '../../../src/clients/codec/decode.ts';
import { DecodeError } from '../../../src/clients/codec/decode-error.ts';
import { SchemaReader } from '../../../src/clients/schema-registry/schema-reader.ts';
import { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import type { ConsumedMessage } from '../../../src/clients/kafka/native-consumer.ts';
import {
  recordsToJson,
  type DecoderSource,
  type RecordShape,
} from '../../../src/modules/active-consumer/record-json.ts';
import { enumOf, startBench } from '../../support/registry-bench.ts';
import { messageOf } from './messages.ts';

/** Decodes bytes to their length, and notes what it was asked for. */
class LengthSource implements DecoderSource {
  readonly asked: (Buffer | null)[][] = [];

  decoderFor(all: readonly (Buffer | null)[]) {
    this.asked.push([...all]);
    return Promise.resolve((bytes: Buffer) => {
      if (bytes.length === 0) throw new DecodeError('is too short');
      return String(bytes.length);
    });
  }
}

const string = decoderOf('STRING')!;

const written = async (messages: readonly Partial<ConsumedMessage>[], shape: Partial<RecordShape>) =>
  JSON.parse(
    (
      await recordsToJson(messages.map(messageOf), { key: string, value: string, headerFormat: 'map', ...shape })
    ).toString(),
  ) as Record<string, unknown>[];

const framed = (id: number, hex: string) => {
  const frame = Buffer.alloc(5);
  frame.writeInt32BE(id, 1);
  return Buffer.concat([frame, Buffer.from(hex, 'hex')]);
};

describe('records whose bytes name their schemas', () => {
  it('have their decoder looked up once for all keys and once for all values', async () => {
    const [key, value] = [new LengthSource(), new LengthSource()];
    const messages = [
      { offset: 0, key: Buffer.from('k'), value: Buffer.from('aa') },
      { offset: 1, key: null, value: null },
      { offset: 2, key: Buffer.from('kk'), value: Buffer.from('aaa') },
    ];
    const records = await written(messages, { key, value });
    expect(records.map((record) => [record['key'], record['value']])).toEqual([
      [1, 2],
      [undefined, undefined],
      [2, 3],
    ]);
    expect([key.asked, value.asked]).toEqual([
      [[Buffer.from('k'), null, Buffer.from('kk')]],
      [[Buffer.from('aa'), null, Buffer.from('aaa')]],
    ]);
  });

  it('may have them on one side only', async () => {
    const value = new LengthSource();
    expect(await written([{ key: Buffer.from('k'), value: Buffer.from('aa') }], { value })).toMatchObject([
      { key: 'k', value: 2 },
    ]);
  });

  it('stand in their place with their bytes where they cannot be decoded, their neighbours unharmed', async () => {
    const records = await written(
      [
        { offset: 0, value: Buffer.from('a') },
        { offset: 1, value: Buffer.alloc(0) },
      ],
      { value: new LengthSource() },
    );
    expect(records).toEqual([
      expect.objectContaining({ offset: 0, value: 1 }),
      {
        topic: 't',
        partition: 0,
        offset: 1,
        timestamp: 1_600_000_000_000,
        headers: { 'X-Correlation-Id': 't-0-1' },
        error: { code: 'ERR12205', description: 'the value is too short' },
        valueBase64: '',
      },
    ]);
  });

  it('are not written at all where the registry cannot be used', async () => {
    const outage: DecoderSource = { decoderFor: () => Promise.reject(new SidecarError('ERR12229', 'gone')) };
    await expect(written([{ value: Buffer.from('a') }], { value: outage })).rejects.toMatchObject({ code: 'ERR12229' });
    await expect(written([{ key: Buffer.from('a') }], { key: outage })).rejects.toMatchObject({ code: 'ERR12229' });
  });

  it('are read through a registry, each by its own schema', async () => {
    const { stub, registry } = await startBench();
    stub.register({ subject: 'a', schema: enumOf('A', 'B') });
    stub.register({ subject: 'b', schema: { type: 'long' } });
    stub.register({ subject: 'j', schema: '{}', schemaType: 'JSON' });
    const values = [
      framed(1, '02'),
      framed(2, 'feffffffffffffffff01'),
      framed(3, '7b22612220203a20312e307d'),
      framed(9, '00'),
      Buffer.from('text'),
    ];
    const text = await recordsToJson(
      values.map((value, offset) => messageOf({ offset, value })),
      { key: string, value: new SchemaReader(registry), headerFormat: 'map' },
    );
    expect(text.toString()).toContain('"value":9223372036854775807,');
    expect(text.toString()).toContain('"value":{"a"  : 1.0},');
    const parsed = JSON.parse(text.toString()) as { value?: unknown; error?: { description: string } }[];
    expect(parsed.map(({ value, error }) => error?.description ?? value)).toEqual([
      'B',
      2 ** 63,
      { a: 1 },
      'the value cannot be read: schema id 9 is not known to the schema registry (40403)',
      'the value has 4 bytes, too few for magic byte 0 and a schema id',
    ]);
  });
});
