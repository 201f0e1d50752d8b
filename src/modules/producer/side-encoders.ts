import { encoderOf, type Encoder } from '../../clients/codec/encode.ts';
import type { Format } from '../../clients/codec/formats.ts';
import type { SchemaCodec } from '../../clients/codec/schema-codec.ts';
import type { SchemaType } from '../../clients/codec/schema-definition.ts';
import type { SchemaRegistry } from '../../clients/schema-registry/schema-registry.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { ScannedRequest } from './scan-request.ts';
import type { Side, SideFields } from './side-fields.ts';

/** How the keys or the values of one request are written. */
export interface SideEncoder {
  readonly encode: Encoder;
  readonly format: Format;
  /** Answered as `key_schema_id` or `value_schema_id`; undefined where no schema is used. */
  readonly schemaId: number | undefined;
}

interface SideContext {
  readonly side: Side;
  readonly topic: string;
  /** Format of a request that names none; undefined where the configuration names none either. */
  readonly configuredFormat: Format | undefined;
  /** Undefined where no registry is configured. */
  readonly registry: SchemaRegistry | undefined;
  /** Some record has something on this side. */
  readonly isNeeded: () => boolean;
}

/** Of the formats without a schema; made once, since they are the same for every request. */
const plainEncoders: ReadonlyMap<Format, SideEncoder> = new Map(
  (['BINARY', 'STRING', 'JSON'] as const).map((format) => [
    format,
    { encode: encoderOf(format)!, format, schemaId: undefined },
  ]),
);

/** Asks the registry; a promise where it does not answer from memory. Throws SidecarError ERR12208, ERR12229. */
type LookUp = () => SideEncoder | Promise<SideEncoder>;

/**
 * How one side of a request is written, or the look-up that tells. The registered type decides among the schema formats;
 * the others never consult the registry, whatever stands beside them. The subject is the request's, else `<topic>-key` or
 * `<topic>-value`.
 *
 * @throws SidecarError ERR12210, ERR12211, ERR12213, ERR12214 for coordinates that exclude each other, ERR12208 without a
 * registry
 */
function planSide(fields: SideFields, context: SideContext): SideEncoder | LookUp {
  const { side, topic, configuredFormat, registry, isNeeded } = context;
  const format = fields.format ?? configuredFormat ?? defaultFormat(side, registry !== undefined);
  const plain = plainEncoders.get(format);
  if (plain !== undefined) return plain;
  if (registry === undefined) {
    throw new SidecarError('ERR12208', `${side}Format ${format} needs a schema registry; set schema.registry.url`);
  }
  checkCoordinates(fields, context);
  if (!isNeeded()) return { encode: neverCalled, format, schemaId: undefined };
  return () => {
    const found = lookUp(registry, fields.subject ?? `${topic}-${side}`, fields, format as SchemaType);
    return found instanceof Promise ? found.then(encoderWith) : encoderWith(found);
  };
}

function encoderWith({ encode, type, id }: SchemaCodec): SideEncoder {
  return { encode, format: type, schemaId: id };
}

/** light-4j's with a registry; without one what needs none. */
export function defaultFormat(side: Side, hasRegistry: boolean): Format {
  if (hasRegistry) return 'JSONSCHEMA';
  return side === 'key' ? 'STRING' : 'JSON';
}

function checkCoordinates({ id, version, schema, format }: SideFields, { side, configuredFormat }: SideContext): void {
  const conflict = (code: 'ERR12210' | 'ERR12211' | 'ERR12213', one: string, other: string) => {
    throw new SidecarError(code, `${side}${one} and ${side}${other} exclude each other; give one of them`);
  };
  if (id !== undefined && version !== undefined) conflict('ERR12210', 'SchemaId', 'SchemaVersion');
  if (id !== undefined && schema !== undefined) conflict('ERR12211', 'SchemaId', 'Schema');
  if (version !== undefined && schema !== undefined) conflict('ERR12213', 'SchemaVersion', 'Schema');
  if (schema !== undefined && format === undefined && configuredFormat === undefined) {
    throw new SidecarError('ERR12214', `${side}Schema needs ${side}Format: AVRO, JSONSCHEMA or PROTOBUF`);
  }
}

function lookUp(registry: SchemaRegistry, subject: string, { id, version, schema }: SideFields, type: SchemaType) {
  if (id !== undefined) return registry.byIdUnder(subject, id);
  if (version !== undefined) return registry.byVersion(subject, version);
  return schema === undefined ? registry.latest(subject) : registry.byText(subject, type, schema);
}

function neverCalled(): never {
  throw new Error('a side without data was encoded');
}

export type SideEncoders = Readonly<Record<Side, SideEncoder>> & {
  /** `key_schema_id` and `value_schema_id` of the answer, each behind a comma. */
  readonly answerMembers: string;
};

const asItIs: SideEncoder = { encode: (bytes) => bytes, format: 'BINARY', schemaId: undefined };
/** For a body of bytes. */
export const rawSides: SideEncoders = { key: asItIs, value: asItIs, answerMembers: '' };

export interface SideDefaults {
  readonly keyFormat: Format | undefined;
  readonly valueFormat: Format | undefined;
  readonly registry: SchemaRegistry | undefined;
}

/**
 * Both sides of a request; a promise where one of them needs a look-up. What contradicts itself is refused before anything
 * is asked.
 */
export function sideEncoders(
  scanned: ScannedRequest,
  topic: string,
  { keyFormat, valueFormat, registry }: SideDefaults,
): SideEncoders | Promise<SideEncoders> {
  const { records } = scanned;
  const keyPlan = planSide(scanned.key, {
    side: 'key',
    topic,
    configuredFormat: keyFormat,
    registry,
    isNeeded: () => records.some((record) => record.key !== undefined),
  });
  const valuePlan = planSide(scanned.value, {
    side: 'value',
    topic,
    configuredFormat: valueFormat,
    registry,
    isNeeded: () => records.some((record) => record.value !== undefined),
  });
  const key = typeof keyPlan === 'function' ? keyPlan() : keyPlan;
  // Where the values are refused at once, nobody waits for the keys any more, and their failure must not end the process.
  if (key instanceof Promise) key.catch(() => undefined);
  const value = typeof valuePlan === 'function' ? valuePlan() : valuePlan;
  if (key instanceof Promise || value instanceof Promise) {
    return Promise.all([key, value]).then(([one, other]) => joined(one, other));
  }
  return joined(key, value);
}

function joined(key: SideEncoder, value: SideEncoder): SideEncoders {
  const member = (name: string, id: number | undefined) => (id === undefined ? '' : `,"${name}":${id}`);
  return {
    key,
    value,
    answerMembers: member('key_schema_id', key.schemaId) + member('value_schema_id', value.schemaId),
  };
}
