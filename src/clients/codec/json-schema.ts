import {
  Ajv,
  type AnySchemaObject,
  type ErrorObject,
  type FuncKeywordDefinition,
  type Options,
  type ValidateFunction,
} from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { compileLinearPattern } from '../../foundation/linear-pattern.ts';
import { EncodeError } from './encode-error.ts';
import { SchemaError, type ReferencedSchema, type SchemaDefinition } from './schema-definition.ts';

/** `multipleOf` divides doubles: 19.99 / 0.01 is no whole number to the last bit. */
const multipleOfPrecision = 6;

/**
 * Older schemas hold keywords, formats and types that a strict reading refuses. Names of an object's own members only:
 * every object has a `toString`.
 */
const lenient: Options = {
  strict: false,
  validateSchema: false,
  validateFormats: true,
  logger: false,
  verbose: true,
  ownProperties: true,
  multipleOfPrecision,
  code: { regExp: Object.assign(compilePattern, { code: 'new RegExp' }) },
};

/** Ajv's own compares every item with every other. */
const uniqueItems: FuncKeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  error: { message: 'must NOT have duplicate items' },
  validate: (isWanted: boolean, items: readonly unknown[]) =>
    !isWanted || new Set(items.map(canonicalText)).size === items.length,
};

/** JSON text that is the same for equal values. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  });
}

/**
 * In linear time where that can be: a pattern such as `(a+)+$` could hold up everybody. Look-around and back-references are
 * JavaScript's alone. Other validators take escapes that JavaScript's strict syntax refuses.
 */
function compilePattern(source: string): Pick<RegExp, 'test'> {
  try {
    const pattern = compileLinearPattern(source);
    return { test: (text) => pattern.isWithin(text) };
  } catch {
    try {
      return new RegExp(source, 'u');
    } catch {
      return new RegExp(source);
    }
  }
}

/** Type names as light-4j's validator prints them. */
const typeNames: Readonly<Record<string, string>> = {
  integer: 'Integer',
  number: 'Number',
  string: 'String',
  boolean: 'Boolean',
  object: 'JSONObject',
  array: 'JSONArray',
  null: 'Null',
};

/**
 * Compiles a JSON Schema (draft 4 to 2020-12, by its `$schema`; draft 7 without one) to a check of a value's JSON text.
 *
 * @returns throws EncodeError naming the place of the first fault
 * @throws SchemaError
 */
export function compileJsonSchema(definition: SchemaDefinition): (text: Buffer) => void {
  const validate = compile(definition);
  return (text) => {
    const value: unknown = JSON.parse(text.toString('utf8'));
    if (isValid(validate, value)) return;
    const fault = deepest(validate.errors ?? []);
    throw new EncodeError(`#${fault?.instancePath ?? ''}`, fault === undefined ? 'is not valid' : describe(fault));
  };
}

function isValid(validate: ValidateFunction, value: unknown): boolean {
  try {
    return validate(value);
  } catch (error) {
    if (error instanceof RangeError) throw new EncodeError('#', 'the schema refers to itself without end');
    throw error;
  }
}

function compile({ text, references }: SchemaDefinition): ValidateFunction {
  try {
    const schema = parse(text);
    const ajv = createAjv(typeof schema === 'object' ? schema['$schema'] : undefined);
    const added = new Set<string>();
    for (const reference of references) addReferenced(ajv, reference, baseOf(schema), added);
    return ajv.compile(schema);
  } catch (error) {
    throw new SchemaError(`no valid JSON Schema: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/**
 * A referenced schema can be met by its own id, by the name the registry keeps for the reference, and by that name relative
 * to the id of the schema that refers to it.
 */
function addReferenced(ajv: Ajv, { name, text }: ReferencedSchema, base: string | undefined, added: Set<string>): void {
  const schema = parse(text);
  const isRelative = base !== undefined && URL.canParse(name, base);
  const names = [baseOf(schema), name, isRelative ? new URL(name, base).href : undefined];
  for (const one of names) {
    if (one === undefined || added.has(one)) continue;
    added.add(one);
    ajv.addSchema(typeof schema === 'boolean' ? schema : { ...schema, [ajv.opts.schemaId]: one }, one);
  }
}

function baseOf(schema: AnySchemaObject | boolean): string | undefined {
  if (typeof schema === 'boolean') return undefined;
  const id: unknown = schema['$id'] ?? schema['id'];
  return typeof id === 'string' ? id : undefined;
}

function parse(text: string): AnySchemaObject | boolean {
  const schema: unknown = JSON.parse(text);
  if (typeof schema === 'boolean') return schema;
  if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) {
    // Ajv's own keyword, which would turn every check into a promise.
    const { $async: _, ...rest } = schema as Record<string, unknown>;
    return rest;
  }
  throw new Error('it must be an object, true or false');
}

function createAjv(dialect: unknown): Ajv {
  const name = typeof dialect === 'string' ? dialect : '';
  const isOld = name.includes('draft-03') || name.includes('draft-04');
  const ajv = isOld ? new AjvDraft04.default(lenient) : newerAjv(name);
  // Only the old drafts have it; schemas of later ones may hold it all the same, without effect. No draft has the other.
  if (!isOld) ajv.removeKeyword('id');
  ajv.removeKeyword('nullable');
  ajv.removeKeyword('uniqueItems').addKeyword(uniqueItems);
  return addFormats.default(ajv);
}

function newerAjv(dialect: string): Ajv {
  if (dialect.includes('2019-09')) return new Ajv2019(lenient);
  return dialect.includes('2020-12') ? new Ajv2020(lenient) : new Ajv(lenient);
}

/** Where alternatives failed, the fault that lies deepest in the value says most. */
function deepest(errors: readonly ErrorObject[]): ErrorObject | undefined {
  let best: ErrorObject | undefined;
  for (const error of errors) {
    if (best === undefined || error.instancePath.length > best.instancePath.length) best = error;
  }
  return best;
}

function describe({ keyword, params, data, message = 'is not valid' }: ErrorObject): string {
  const details = params as Readonly<Record<string, unknown>>;
  if (keyword === 'type') {
    const types = Array.isArray(details['type']) ? (details['type'] as string[]) : [String(details['type'])];
    return `expected type: ${types.map((type) => typeNames[type] ?? type).join(' or ')}, found: ${foundType(data)}`;
  }
  if (keyword === 'required') return `required key [${String(details['missingProperty'])}] not found`;
  if (keyword === 'additionalProperties') {
    return `extraneous key [${String(details['additionalProperty'])}] is not permitted`;
  }
  if (keyword === 'enum') return `${JSON.stringify(data)} is not a valid enum value`;
  return message;
}

function foundType(value: unknown): string {
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'JSONArray';
  if (typeof value === 'number') return Number.isInteger(value) ? 'Integer' : 'BigDecimal';
  return typeNames[typeof value] ?? typeof value;
}
