import { decoderOf } from '../../clients/codec/decode.ts';
import { parseFormat, type Format } from '../../clients/codec/formats.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { BodyOf } from '../module.ts';
import type { RecordShape } from './record-json.ts';

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
}

/** light-4j's fields and their older spellings. */
export type CreateInstanceBody = NonNullable<BodyOf<'createConsumerInstance'>>;

/** @throws SidecarError ERR12201 for a format that is none, or that needs a schema registry */
export function resolveInstanceOptions(body: CreateInstanceBody, defaults: InstanceDefaults): InstanceOptions {
  const keyFormat = resolveFormat(body.keyFormat ?? body.key_format ?? body.format ?? defaults.keyFormat ?? 'STRING');
  const valueFormat = resolveFormat(
    body.valueFormat ?? body.value_format ?? body.format ?? defaults.valueFormat ?? 'JSON',
  );
  const autoCommit = body['auto.commit.enable'] ?? body.autoCommitEnable ?? false;
  return {
    shape: {
      keyFormat,
      valueFormat,
      decodeKey: requireDecoder(keyFormat),
      decodeValue: requireDecoder(valueFormat),
      headerFormat: body.headerFormat ?? 'map',
    },
    autoOffsetReset: body['auto.offset.reset'] ?? body.autoOffsetReset,
    isAutoCommit: autoCommit === true || autoCommit === 'true',
    minBytes: body['fetch.min.bytes'] ?? body.responseMinBytes ?? defaults.fetchMinBytes,
    waitMs: body['consumer.request.timeout.ms'] ?? body.requestWaitMs ?? defaults.requestTimeoutMs,
  };
}

function resolveFormat(text: string | number): Format {
  const format = parseFormat(String(text));
  if (format === undefined) throw new SidecarError('ERR12201', `${JSON.stringify(text)} is no record format`);
  return format;
}

function requireDecoder(format: Format): NonNullable<ReturnType<typeof decoderOf>> {
  const decoder = decoderOf(format);
  if (decoder === undefined) {
    throw new SidecarError(
      'ERR12201',
      `format ${format} needs a schema registry; this version reads BINARY, STRING and JSON`,
    );
  }
  return decoder;
}
