import { describe, expect, it } from '@jest/globals';
import { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import type { SchemaRegistry } from '../../../src/clients/schema-registry/schema-registry.ts';
import { scanRequest } from '../../../src/modules/producer/scan-request.ts';
import {
  defaultFormat,
  rawSides,
  sideEncoders,
  type SideDefaults,
} from '../../../src/modules/producer/side-encoders.ts';
import { eventually } from '../../support/eventually.ts';
import { enumOf, startBench } from '../../support/registry-bench.ts';

const records = [{ key: 1, value: 1 }];

function sidesOf(fields: object, defaults: Partial<SideDefaults> = {}) {
  const scanned = scanRequest(Buffer.from(JSON.stringify({ records, ...fields })));
  return sideEncoders(scanned, 't', { keyFormat: undefined, valueFormat: undefined, registry: undefined, ...defaults });
}

/** Formats and schema ids of both sides, or the refusal. */
async function outcome(fields: object, defaults?: Partial<SideDefaults>): Promise<unknown> {
  try {
    const { key, value, answerMembers } = await sidesOf(fields, defaults);
    return [key, value]
      .map(({ format, schemaId }) => (schemaId === undefined ? format : `${format} ${schemaId}`))
      .concat(answerMembers);
  } catch (error) {
    if (!(error instanceof SidecarError)) throw error;
    return `${error.code} ${error.description}`;
  }
}

/** A registry with these subjects, one schema each: ids from 1 on. */
async function start(...subjects: readonly string[]) {
  const bench = await startBench();
  for (const subject of subjects) bench.stub.register({ subject, schema: enumOf(`OF_${subject.replace(/\W/g, '_')}`) });
  return bench;
}

/** Fails when it is asked anything. */
const silent = new Proxy(
  {},
  {
    get: (_, name) => () => {
      throw new Error(`asked ${String(name)}`);
    },
  },
) as SchemaRegistry;

describe('the format of a side', () => {
  it('is the request’s, else the configured one, else the default', async () => {
    expect([
      await outcome({}),
      await outcome({ keyFormat: 'binary' }, { keyFormat: 'JSON', valueFormat: 'STRING' }),
      await outcome({ format: 'JSON', valueFormat: 'STRING' }, { valueFormat: 'BINARY' }),
      [
        defaultFormat('key', false),
        defaultFormat('value', false),
        defaultFormat('key', true),
        defaultFormat('value', true),
      ],
    ]).toEqual([
      ['STRING', 'JSON', ''],
      ['BINARY', 'STRING', ''],
      ['JSON', 'STRING', ''],
      ['STRING', 'JSON', 'JSONSCHEMA', 'JSONSCHEMA'],
    ]);
  });

  it('BINARY, STRING and JSON never ask the registry, whatever stands beside them', async () => {
    const coordinates = {
      keySchemaId: 1,
      keySchemaVersion: 1,
      keySchema: 'x',
      keySchemaSubject: 's',
      valueSchemaId: 9,
      valueSchema: '{',
    };
    for (const [keyFormat, valueFormat] of [
      ['BINARY', 'STRING'],
      ['JSON', 'JSON'],
      ['string', '0'],
    ]) {
      expect(await outcome({ ...coordinates, keyFormat, valueFormat }, { registry: silent })).toHaveLength(3);
      expect(sidesOf({ ...coordinates, keyFormat, valueFormat }, { registry: silent })).not.toBeInstanceOf(Promise);
    }
    expect(await outcome(coordinates, { registry: silent, keyFormat: 'JSON', valueFormat: 'STRING' })).toEqual([
      'JSON',
      'STRING',
      '',
    ]);
  });

  it.each(['AVRO', 'JSONSCHEMA', 'PROTOBUF'])(
    '%s is refused without a registry, also where no record needs it',
    async (format) => {
      expect([
        await outcome({ keyFormat: format }),
        await outcome({ valueFormat: format, records: [{ key: 'k' }] }),
      ]).toEqual([
        `ERR12208 keyFormat ${format} needs a schema registry; set schema.registry.url`,
        `ERR12208 valueFormat ${format} needs a schema registry; set schema.registry.url`,
      ]);
    },
  );

  it('of bytes is the bytes', () => {
    const bytes = Buffer.from([0, 1]);
    expect([rawSides.key.encode(bytes), rawSides.value.encode(bytes), rawSides.answerMembers]).toEqual([
      bytes,
      bytes,
      '',
    ]);
  });
});

describe('the schema of a side', () => {
  it('is the latest of the topic’s subject where nothing else is said', async () => {
    const { stub, registry } = await start('t-key', 't-value');
    expect(await outcome({}, { registry })).toEqual(['AVRO 1', 'AVRO 2', ',"key_schema_id":1,"value_schema_id":2']);
    expect(stub.requests.map(({ path }) => path).toSorted()).toEqual([
      '/subjects/t-key/versions/latest',
      '/subjects/t-value/versions/latest',
    ]);
  });

  it('is found by id, version, text or another subject', async () => {
    const { stub, registry } = await start('t-key', 't-value', 'other');
    const text = JSON.stringify(enumOf('NEW'));
    expect([
      await outcome({ keySchemaId: 1, valueSchemaVersion: 1 }, { registry }),
      await outcome({ keySchemaSubject: 'other', valueSchemaSubject: 'other', valueSchemaId: 3 }, { registry }),
      await outcome({ keyFormat: 'STRING', valueFormat: 'AVRO', valueSchema: text }, { registry }),
      await outcome(
        { keyFormat: 'STRING', valueFormat: 'AVRO', valueSchema: text, valueSchemaSubject: 'other' },
        { registry },
      ),
    ]).toEqual([
      ['AVRO 1', 'AVRO 2', ',"key_schema_id":1,"value_schema_id":2'],
      ['AVRO 3', 'AVRO 3', ',"key_schema_id":3,"value_schema_id":3'],
      ['STRING', 'AVRO 4', ',"value_schema_id":4'],
      ['STRING', 'AVRO 4', ',"value_schema_id":4'],
    ]);
    expect(stub.requests.filter(({ path }) => path.endsWith('/versions')).map(({ path }) => path)).toEqual([
      '/subjects/t-value/versions',
      '/subjects/other/versions',
    ]);
  });

  it('decides by its type, whichever schema format was asked for', async () => {
    const { stub, registry } = await start('t-key');
    stub.register({ subject: 't-value', schema: 'syntax = "proto3"; message M {}', schemaType: 'PROTOBUF' });
    stub.register({ subject: 'j', schema: '{}', schemaType: 'JSON' });
    expect([
      await outcome({ keyFormat: 'PROTOBUF', valueFormat: 'AVRO' }, { registry }),
      await outcome({ format: 'AVRO', keySchemaSubject: 'j' }, { registry }),
    ]).toEqual([
      ['AVRO 1', 'PROTOBUF 2', ',"key_schema_id":1,"value_schema_id":2'],
      ['JSONSCHEMA 3', 'PROTOBUF 2', ',"key_schema_id":3,"value_schema_id":2'],
    ]);
  });

  it('is at hand from the second request on', async () => {
    const { registry } = await start('t-key', 't-value');
    await sidesOf({}, { registry });
    expect(sidesOf({}, { registry })).not.toBeInstanceOf(Promise);
  });

  it('is not looked up for a side of which no record has anything', async () => {
    const { stub, registry } = await start('t-value');
    expect([
      await outcome({ records: [{ value: 1 }, { key: null, value: 2 }] }, { registry }),
      await outcome({ records: [{}, { value: null }] }, { registry }),
      await outcome({ keySchemaId: 77, records: [{ value: 1 }] }, { registry }),
    ]).toEqual([
      ['JSONSCHEMA', 'AVRO 1', ',"value_schema_id":1'],
      ['JSONSCHEMA', 'JSONSCHEMA', ''],
      ['JSONSCHEMA', 'AVRO 1', ',"value_schema_id":1'],
    ]);
    expect(stub.count()).toBe(1);
  });

  it('is refused where it is not there', async () => {
    const { registry } = await start('t-key');
    expect([
      await outcome({}, { registry }),
      await outcome({ keySchemaId: 9, valueFormat: 'JSON' }, { registry }),
      await outcome({ keySchemaId: 1, keySchemaSubject: 'x', valueFormat: 'JSON' }, { registry }),
      await outcome({ keySchemaVersion: 2, valueFormat: 'JSON' }, { registry }),
    ]).toEqual([
      'ERR12208 subject t-value has no schema in the schema registry (40401)',
      'ERR12208 schema id 9 is not known to the schema registry (40403)',
      'ERR12208 schema id 1 is not registered under subject x',
      'ERR12208 subject t-key has no version 2 in the schema registry (40402)',
    ]);
  });

  it('cannot be found while the registry is out of reach', async () => {
    const { stub, registry } = await start('t-key', 't-value');
    stub.behave(500);
    expect(await outcome({}, { registry })).toMatch(/^ERR12229 the schema registry cannot be used: /);
  });
});

describe('coordinates that exclude each other', () => {
  const conflicts: [object, string][] = [
    [
      { keySchemaId: 1, keySchemaVersion: 1 },
      'ERR12210 keySchemaId and keySchemaVersion exclude each other; give one of them',
    ],
    [
      { valueSchemaId: 1, value_schema_version: 1 },
      'ERR12210 valueSchemaId and valueSchemaVersion exclude each other; give one of them',
    ],
    [{ keySchemaId: 1, keySchema: '{}' }, 'ERR12211 keySchemaId and keySchema exclude each other; give one of them'],
    [
      { valueSchemaId: 1, valueSchema: '{}', valueFormat: 'AVRO' },
      'ERR12211 valueSchemaId and valueSchema exclude each other; give one of them',
    ],
    [
      { keySchemaVersion: 1, keySchema: '{}' },
      'ERR12213 keySchemaVersion and keySchema exclude each other; give one of them',
    ],
    [
      { valueSchemaVersion: 1, valueSchema: '{}', format: 'AVRO' },
      'ERR12213 valueSchemaVersion and valueSchema exclude each other; give one of them',
    ],
    [{ keySchema: '"int"' }, 'ERR12214 keySchema needs keyFormat: AVRO, JSONSCHEMA or PROTOBUF'],
    [
      { valueSchema: '"int"', keyFormat: 'AVRO', records: [{ value: 1 }] },
      'ERR12214 valueSchema needs valueFormat: AVRO, JSONSCHEMA or PROTOBUF',
    ],
  ];

  it.each(conflicts)('are refused, %j', async (fields, refusal) => {
    const { registry } = await start('t-key', 't-value');
    expect(await outcome(fields, { registry })).toBe(refusal);
    expect(await outcome({ ...fields, records: [{}] }, { registry })).toBe(refusal);
  });

  it('take the configured format for a text’s, and a subject beside each of them', async () => {
    const { registry } = await start('t-key', 's');
    expect([
      await outcome({ keyFormat: 'JSON', valueSchema: '"int"' }, { registry, valueFormat: 'AVRO' }),
      await outcome({ keyFormat: 'JSON', valueSchemaSubject: 's', valueSchemaVersion: 1 }, { registry }),
    ]).toEqual([
      ['JSON', 'AVRO 3', ',"value_schema_id":3'],
      ['JSON', 'AVRO 2', ',"value_schema_id":2'],
    ]);
  });

  it('are told before anything is asked', async () => {
    const { stub, registry } = await start('t-key');
    const coordinates = { keySchemaVersion: 1, valueSchemaId: 1, valueSchemaVersion: 1 };
    expect(await outcome(coordinates, { registry })).toMatch(/^ERR12210 /);
    expect(stub.count()).toBe(0);
  });

  // The keys' look-up went on, and its failure was nobody's: an unhandled rejection, which ends the process.
  it('leave nothing behind of the other side’s look-up where one is refused from memory', async () => {
    const { stub, registry } = await start('t-key');
    expect(await outcome({ valueSchemaVersion: 9 }, { registry })).toMatch(/^ERR12208 subject t-value /);
    stub.forget();
    stub.behave(500);
    expect(await outcome({ keySchemaVersion: 7, valueSchemaVersion: 9 }, { registry })).toMatch(
      /^ERR12208 subject t-value /,
    );
    await eventually(() => expect(stub.count()).toBe(1), { intervalMs: 5 });
    stub.behave('works');
    await registry.latest('t-key');
  });
});
