import { scalarText } from './placeholders.ts';

/** What a configuration key holds. Plain data: type, default, bounds and documentation in one place. */
export interface Field<T> {
  readonly kind: 'text' | 'integer' | 'boolean' | 'list' | 'choice';
  /** Undefined where the key may be absent and means something else then. */
  readonly default: T;
  /** What it is for, with its unit. */
  readonly description: string;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  /** The compiled form of a checked value. */
  readonly compile?: (value: string) => T;
}

export type SectionFields = Readonly<Record<string, Field<unknown>>>;

/** The compiled values of a section. */
export type SectionValues<F extends SectionFields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

export const text = (fallback: string, description: string): Field<string> => ({
  kind: 'text',
  default: fallback,
  description,
});

export const flag = (fallback: boolean, description: string): Field<boolean> => ({
  kind: 'boolean',
  default: fallback,
  description,
});

export const integer = (fallback: number, min: number, max: number, description: string): Field<number> => ({
  kind: 'integer',
  default: fallback,
  min,
  max,
  description,
});

export const optionalInteger = (min: number, max: number, description: string): Field<number | undefined> => ({
  kind: 'integer',
  default: undefined,
  min,
  max,
  description,
});

export const list = (fallback: readonly string[], description: string): Field<readonly string[]> => ({
  kind: 'list',
  default: fallback,
  description,
});

export const listOf = <C extends string>(
  choices: readonly C[],
  fallback: readonly C[],
  description: string,
): Field<readonly C[]> => ({ kind: 'list', default: fallback, choices, description });

export const choice = <C extends string>(choices: readonly C[], fallback: C, description: string): Field<C> => ({
  kind: 'choice',
  default: fallback,
  choices,
  description,
});

/** A choice in any case, compiled to upper case; undefined when not set. */
export const optionalChoice = <C extends string>(choices: readonly C[], description: string): Field<C | undefined> => ({
  kind: 'choice',
  default: undefined,
  choices,
  description,
  compile: (value) => value.toUpperCase() as C,
});

/** What a field allows, for the message of a fault. */
export function allowed(field: Field<unknown>): string {
  const { kind, choices, min, max } = field;
  if (kind === 'boolean') return 'true or false';
  if (kind === 'integer') return `a whole number from ${min} to ${max}`;
  if (kind === 'choice') return `one of ${choices!.join(', ')}`;
  if (kind === 'list') return choices === undefined ? 'a list of texts' : `a list of ${choices.join(', ')}`;
  return 'a text';
}

/** Marks a value that a field does not allow. */
export const notAllowed = Symbol('not allowed');

/**
 * A raw value, from YAML or as text from the environment, as the field's type.
 *
 * Null and empty text mean "not set": the default. Text is read by the field's type; nothing else is converted, but that a
 * number is taken for text.
 */
export function readField(field: Field<unknown>, raw: unknown): unknown {
  if (raw === null || raw === undefined || (raw === '' && field.kind !== 'text')) return field.default;
  switch (field.kind) {
    case 'text':
      return typeof raw === 'string' || typeof raw === 'number' ? String(raw) : notAllowed;
    case 'boolean':
      return readBoolean(raw);
    case 'integer':
      return readInteger(field, raw);
    case 'choice':
      return readChoice(field, scalarText(raw));
    case 'list':
      return readList(field, raw);
  }
}

function readBoolean(raw: unknown): unknown {
  if (typeof raw === 'boolean') return raw;
  return raw === 'true' || raw === 'false' ? raw === 'true' : notAllowed;
}

function readInteger({ min, max }: Field<unknown>, raw: unknown): unknown {
  const value = typeof raw === 'string' && /^-?\d+$/.test(raw.trim()) ? Number(raw) : raw;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min! && value <= max!
    ? value
    : notAllowed;
}

function readChoice(field: Field<unknown>, raw: string): unknown {
  const found = field.choices!.find((candidate) => candidate.toLowerCase() === raw.toLowerCase());
  if (found === undefined) return notAllowed;
  return field.compile === undefined ? found : field.compile(found);
}

function readList(field: Field<unknown>, raw: unknown): unknown {
  const items = typeof raw === 'string' ? raw.split(',').map((item) => item.trim()) : raw;
  if (!Array.isArray(items)) return notAllowed;
  if (items.some((item) => typeof item === 'object')) return notAllowed;
  const texts = items.filter((item) => item !== '').map(String);
  if (field.choices !== undefined && texts.some((item) => !field.choices!.includes(item))) return notAllowed;
  return texts;
}
