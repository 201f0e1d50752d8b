import { decoderOf, type Decoder } from '../../clients/codec/decode.ts';
import { parseFormat } from '../../clients/codec/formats.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { BodyOf } from '../module.ts';
import type { DecoderSource, RecordShape } from './record-json.ts';

/** What one instance was created with. */
export interface InstanceOptions {
  readonly shape: RecordShape;
  /** Absent: `auto.offset.reset` of the section's properties, else earliest. */
  readonly autoOffsetReset: 'earliest' | 'latest' | 'none' | undefined;
  readonly isAutoCommit: boolean;
  /** Raw bytes a read waits for; negative answers with the first record. */
  readonly minBytes: number;
  /** How long a read without `timeout` waits. */
  readonly waitMs: number;
}

/** Defaults from kafka-consumer.yml. */
export interface InstanceDefaults {
  readonly keyFormat?: string | undefined;
  readonly valueFormat?: string | undefined;
  readonly fetchMinBytes: number;
  readonly requestTimeoutMs: number;
  /** Reads what has a schema; undefined without a registry. */
  readonly reader?: DecoderSource | undefined;
}

/** light-4j's fields and their older spellings. */
export type CreateInstanceBody = NonNullable<BodyOf<'createConsumerInstance'>>;

/** @throws SidecarError ERR12201 for a format that is none, or that needs a registry where there is none */
export function resolveInstanceOptions(body: CreateInstanceBody, defaults: InstanceDefaults): InstanceOptions {
  const { reader } = defaults;
  const key = body.keyFormat ?? body.key_format ?? body.format ?? defaults.keyFormat;
  const value = body.valueFormat ?? body.value_format ?? body.format ?? defaults.valueFormat;
  const autoCommit = body['auto.commit.enable'] ?? body.autoCommitEnable ?? false;
  return {
    shape: {
      key: resolveDecoder(key ?? (reader === undefined ? 'STRING' : 'JSONSCHEMA'), reader),
      value: resolveDecoder(value ?? (reader === undefined ? 'JSON' : 'JSONSCHEMA'), reader),
      headerFormat: body.headerFormat ?? 'map',
    },
    autoOffsetReset: body['auto.offset.reset'] ?? body.autoOffsetReset,
    isAutoCommit: autoCommit === true || autoCommit === 'true',
    minBytes: body['fetch.min.bytes'] ?? body.responseMinBytes ?? defaults.fetchMinBytes,
    waitMs: body['consumer.request.timeout.ms'] ?? body.requestWaitMs ?? defaults.requestTimeoutMs,
  };
}

function resolveDecoder(text: string | number, reader: DecoderSource | undefined): Decoder | DecoderSource {
  const format = parseFormat(String(text));
  if (format === undefined) throw new SidecarError('ERR12201', `${JSON.stringify(text)} is no record format`);
  const decoder = decoderOf(format) ?? reader;
  if (decoder === undefined) {
    throw new SidecarError('ERR12201', `format ${format} needs a schema registry; set schema.registry.url`);
  }
  return decoder;
}
