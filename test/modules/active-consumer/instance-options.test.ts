import { describe, expect, it } from '@jest/globals';
import { decoderOf } from '../../../src/clients/codec/decode.ts';
import {
  resolveInstanceOptions,
  type CreateInstanceBody,
  type InstanceDefaults,
} from '../../../src/modules/active-consumer/instance-options.ts';
import type { RecordShape } from '../../../src/modules/active-consumer/record-json.ts';

const defaults: InstanceDefaults = { fetchMinBytes: -1, requestTimeoutMs: 1_000 };

const reader = { decoderFor: () => decoderOf('BINARY')! };

/** Options with their formats by name alone. */
function optionsOf(body: CreateInstanceBody, changed: Partial<InstanceDefaults> = {}) {
  const { shape, ...options } = resolveInstanceOptions(body, { ...defaults, ...changed });
  const { key, value, headerFormat } = shape;
  return { keyFormat: formatOf(key), valueFormat: formatOf(value), headerFormat, ...options };
}

function formatOf(decoder: RecordShape['key']): string {
  const simple = (['STRING', 'JSON', 'BINARY'] as const).find((format) => decoderOf(format) === decoder);
  return simple ?? (decoder === reader ? 'of the schema' : 'none');
}

const plain = {
  keyFormat: 'STRING',
  valueFormat: 'JSON',
  headerFormat: 'map',
  autoOffsetReset: undefined,
  isAutoCommit: false,
  minBytes: -1,
  waitMs: 1_000,
};

describe('resolveInstanceOptions', () => {
  it('takes every default for an empty body', () => {
    expect(optionsOf({})).toEqual(plain);
    expect(
      optionsOf({}, { keyFormat: 'BINARY', valueFormat: 'STRING', fetchMinBytes: 9, requestTimeoutMs: 7 }),
    ).toEqual({
      ...plain,
      keyFormat: 'BINARY',
      valueFormat: 'STRING',
      minBytes: 9,
      waitMs: 7,
    });
  });

  it('takes light-4j’s fields', () => {
    const body: CreateInstanceBody = {
      keyFormat: 'binary',
      valueFormat: 'String',
      headerFormat: 'list',
      'auto.offset.reset': 'latest',
      'auto.commit.enable': 'true',
      'fetch.min.bytes': 100,
      'consumer.request.timeout.ms': 0,
    };
    expect(optionsOf(body)).toEqual({
      keyFormat: 'BINARY',
      valueFormat: 'STRING',
      headerFormat: 'list',
      autoOffsetReset: 'latest',
      isAutoCommit: true,
      minBytes: 100,
      waitMs: 0,
    });
  });

  it('takes the older spellings', () => {
    const body: CreateInstanceBody = {
      key_format: 0,
      format: 5,
      autoOffsetReset: 'none',
      autoCommitEnable: true,
      responseMinBytes: 1,
      requestWaitMs: 2,
    };
    expect(optionsOf(body)).toEqual({
      keyFormat: 'BINARY',
      valueFormat: 'STRING',
      headerFormat: 'map',
      autoOffsetReset: 'none',
      isAutoCommit: true,
      minBytes: 1,
      waitMs: 2,
    });
  });

  it('commits by itself only where the body says true', () => {
    const values = [true, 'true', false, 'false'] as const;
    expect(values.map((value) => optionsOf({ 'auto.commit.enable': value }).isAutoCommit)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each(['AVRO', 'jsonschema', 4])('refuses format %s without a registry, with 400', (format) => {
    expect(() => optionsOf({ valueFormat: format })).toThrow(
      expect.objectContaining({
        code: 'ERR12201',
        status: 400,
        description: expect.stringContaining('schema registry'),
      }),
    );
  });

  it('reads by the schemas that the bytes name, with a registry and unless another format is asked for', () => {
    const formats = (body: CreateInstanceBody, changed: Partial<InstanceDefaults> = {}) => {
      const { keyFormat, valueFormat } = optionsOf(body, { reader, ...changed });
      return [keyFormat, valueFormat];
    };
    expect([
      formats({}),
      formats({ keyFormat: 'STRING', valueFormat: 'avro' }),
      formats({ format: 4 }),
      formats({ value_format: 'JSON' }),
      formats({}, { keyFormat: 'BINARY', valueFormat: 'PROTOBUF' }),
      formats({}, { keyFormat: 'JSON', valueFormat: 'STRING' }),
    ]).toEqual([
      ['of the schema', 'of the schema'],
      ['STRING', 'of the schema'],
      ['of the schema', 'of the schema'],
      ['of the schema', 'JSON'],
      ['BINARY', 'of the schema'],
      ['JSON', 'STRING'],
    ]);
  });

  it('refuses a configured format that needs a registry where there is none', () => {
    expect(() => optionsOf({}, { valueFormat: 'AVRO' })).toThrow(
      expect.objectContaining({
        code: 'ERR12201',
        description: 'format AVRO needs a schema registry; set schema.registry.url',
      }),
    );
  });
});
