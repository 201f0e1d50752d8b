import { randomUUID } from 'node:crypto';
import avro from 'avsc';
import { parseWithExactIntegers } from '../../../foundation/json/exact-integers.ts';
import { SchemaError, type SchemaDefinition } from '../schema-definition.ts';

export type AvroPrimitive = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';

/** A parsed Avro type. Named types may contain themselves, so nodes form a graph. */
export type AvroNode =
  | { readonly kind: AvroPrimitive }
  | { readonly kind: 'fixed'; readonly name: string; readonly size: number }
  | { readonly kind: 'enum'; readonly name: string; readonly symbols: readonly string[] }
  | { readonly kind: 'array'; readonly items: AvroNode }
  | { readonly kind: 'map'; readonly values: AvroNode }
  | AvroRecord
  | { readonly kind: 'union'; readonly branches: readonly AvroBranch[] };

export interface AvroRecord {
  readonly kind: 'record';
  readonly name: string;
  readonly fields: readonly AvroField[];
}

export interface AvroField {
  readonly name: string;
  readonly type: AvroNode;
  /** JSON text of the default; undefined without one. */
  readonly defaultText: string | undefined;
}

export interface AvroBranch {
  /** What wraps a value of this branch in Avro's JSON encoding: the full name of a named type, else the kind. */
  readonly name: string;
  readonly node: AvroNode;
}

/**
 * Items of arrays that have no bytes of their own, such as nulls, in one value: a few bytes could announce any number. Not
 * more are written than are read.
 */
export const maxEmptyItems = 1_000;

/** No schema's text has it. */
const exactMark = `exact ${randomUUID()} `;
const markedInteger = new RegExp(`"${exactMark}(-?\\d+)"`, 'g');

const primitives: ReadonlySet<string> = new Set<AvroPrimitive>([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);

export function isPrimitive(node: AvroNode): node is { readonly kind: AvroPrimitive } {
  return primitives.has(node.kind);
}

/**
 * Parses an Avro schema and what it refers to.
 *
 * Logical types keep their underlying type, as in Avro's JSON encoding. Defaults are not checked: registries hold schemas
 * whose defaults do not fit their type, and such a schema must still be readable.
 *
 * @throws SchemaError
 */
export function parseAvroSchema({ text, references }: SchemaDefinition): AvroNode {
  const registry: Record<string, avro.Type> = {};
  const converted = new Map<avro.Type, AvroNode>();
  try {
    for (const reference of references) parseOne(reference.text, registry, converted);
    return parseOne(text, registry, converted);
  } catch (error) {
    throw new SchemaError(`no valid Avro schema: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function parseOne(text: string, registry: Record<string, avro.Type>, converted: Map<avro.Type, AvroNode>): AvroNode {
  const source = parseJson(text);
  const options = { registry, wrapUnions: true, omitRecordMethods: true, logicalTypes: {} };
  const type = avro.Type.forSchema(withoutDefaults(source) as avro.Schema, options);
  return convert(type, source, converted);
}

/** A schema that is a primitive's bare name is also met without its quotes. */
function parseJson(text: string): unknown {
  return /^\w+$/.test(text.trim()) ? text.trim() : parseWithExactIntegers(Buffer.from(text), exactMark);
}

function withoutDefaults(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutDefaults);
  if (!isObject(schema)) return schema;
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name === 'default') continue;
    const holdsSchemas = name === 'type' || name === 'items' || name === 'values' || name === 'fields';
    copy[name] = holdsSchemas ? withoutDefaults(value) : value;
  }
  return copy;
}

/** Walks the parsed type and its source side by side; the latter still has the defaults. */
function convert(type: avro.Type, source: unknown, converted: Map<avro.Type, AvroNode>): AvroNode {
  const known = converted.get(type);
  if (known !== undefined) return known;
  // `{"type": {"type": "record", …}}`: a schema may be wrapped any number of times.
  if (isObject(source) && (isObject(source['type']) || Array.isArray(source['type']))) {
    return convert(type, source['type'], converted);
  }
  const remember = <N extends AvroNode>(node: N): N => {
    converted.set(type, node);
    return node;
  };
  if (type instanceof avro.types.RecordType) {
    const fields: AvroField[] = [];
    const node = remember({ kind: 'record' as const, name: type.name!, fields });
    const sources = isObject(source) ? (source['fields'] as readonly Record<string, unknown>[]) : [];
    for (const [index, field] of type.fields.entries()) {
      const own = sources[index] ?? {};
      const defaultText = own['default'] === undefined ? undefined : textOf(own['default']);
      fields.push({ name: field.name, type: convert(field.type, own['type'], converted), defaultText });
    }
    return node;
  }
  if (type instanceof avro.types.EnumType) {
    return remember({ kind: 'enum', name: type.name!, symbols: type.symbols });
  }
  if (type instanceof avro.types.FixedType) return remember({ kind: 'fixed', name: type.name!, size: type.size });
  return convertUnnamed(type, source, converted);
}

function convertUnnamed(type: avro.Type, source: unknown, converted: Map<avro.Type, AvroNode>): AvroNode {
  const member = (name: string) => (isObject(source) ? source[name] : undefined);
  if (type instanceof avro.types.ArrayType) {
    return { kind: 'array', items: convert(type.itemsType, member('items'), converted) };
  }
  if (type instanceof avro.types.MapType) {
    return { kind: 'map', values: convert(type.valuesType, member('values'), converted) };
  }
  if (type instanceof avro.types.WrappedUnionType) {
    const sources = Array.isArray(source) ? (source as unknown[]) : [];
    const branches = type.types.map((branch, index) => ({
      name: branch.branchName!,
      node: convert(branch, sources[index], converted),
    }));
    return { kind: 'union', branches };
  }
  return { kind: type.typeName as AvroPrimitive };
}

/** JSON text in which the integers that were too large for a double are numbers again. */
function textOf(value: unknown): string {
  return JSON.stringify(value).replaceAll(markedInteger, '$1');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
