import * as fc from 'fast-check';

/** A schema, and values of it as avsc takes them: unions wrapped. */
export interface SchemaSample {
  readonly schema: unknown;
  readonly value: unknown;
}

type Plan =
  | { readonly kind: 'primitive'; readonly name: string }
  | { readonly kind: 'fixed'; readonly size: number }
  | { readonly kind: 'enum'; readonly symbols: number }
  | { readonly kind: 'array' | 'map'; readonly of: Plan }
  | { readonly kind: 'record'; readonly fields: readonly Plan[]; readonly hasNamespace: boolean }
  | { readonly kind: 'union'; readonly branches: readonly Plan[] }
  | { readonly kind: 'self'; readonly within: 'union' | 'array' | 'map' };

/** Values of a type, at most so many levels of its own type deep. */
type Values = (depth: number) => fc.Arbitrary<unknown>;

interface Built {
  readonly schema: unknown;
  /** What wraps a value of this type in a union. */
  readonly name: string;
  readonly values: Values;
}

interface Scope {
  readonly count: { value: number };
  readonly namespace: string;
  readonly record: { readonly name: string; readonly values: Values } | undefined;
}

const primitives: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  null: fc.constant(null),
  boolean: fc.boolean(),
  int: fc.oneof(fc.integer(), fc.constantFrom(0, -1, 63, 64, 2_147_483_647, -2_147_483_648)),
  // avsc rounds what twice the number would not fit a double.
  long: fc.oneof(fc.integer({ min: -(2 ** 52), max: 2 ** 52 - 1 }), fc.integer()),
  float: fc.float({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
  string: fc.string({ unit: 'binary', maxLength: 12 }),
  bytes: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
};

const keys = fc.string({ unit: 'binary', maxLength: 4 }).filter((key) => key !== '__proto__');

const plans = fc.letrec<{ plan: Plan; leaf: Plan }>((tie) => ({
  leaf: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('primitive' as const),
        name: fc.constantFrom(...Object.keys(primitives)),
      }),
    },
    fc.record({ kind: fc.constant('fixed' as const), size: fc.nat(5) }),
    fc.record({ kind: fc.constant('enum' as const), symbols: fc.integer({ min: 1, max: 4 }) }),
    fc.record({
      kind: fc.constant('self' as const),
      within: fc.constantFrom('union' as const, 'array' as const, 'map' as const),
    }),
  ),
  plan: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('leaf'),
    fc.record({ kind: fc.constantFrom('array' as const, 'map' as const), of: tie('plan') }),
    fc.record({
      kind: fc.constant('record' as const),
      fields: fc.array(tie('plan'), { maxLength: 4 }),
      hasNamespace: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('union' as const),
      branches: fc.uniqueArray(tie('plan'), { minLength: 1, maxLength: 4, selector: branchKey }),
    }),
  ),
})).plan;

/** Two branches of one of these are one too many; named types get names of their own. */
function branchKey(plan: Plan): unknown {
  if (plan.kind === 'primitive') return plan.name;
  return plan.kind === 'array' || plan.kind === 'map' ? plan.kind : plan;
}

function build(plan: Plan, scope: Scope): Built {
  switch (plan.kind) {
    case 'primitive':
      return { schema: plan.name, name: plan.name, values: () => primitives[plan.name]! };
    case 'fixed': {
      const { size } = plan;
      const bytes = fc.uint8Array({ minLength: size, maxLength: size }).map((array) => Buffer.from(array));
      return named(scope, { type: 'fixed', size }, () => bytes);
    }
    case 'enum': {
      const symbols = Array.from({ length: plan.symbols }, (_, index) => `S${index}`);
      return named(scope, { type: 'enum', symbols }, () => fc.constantFrom(...symbols));
    }
    case 'array':
    case 'map':
      return container(plan.kind, build(plan.of, scope));
    case 'record':
      return record(plan.fields, plan.hasNamespace, scope);
    case 'union':
      return union(
        plan.branches.filter(({ kind }) => kind !== 'union' && kind !== 'self').map((branch) => build(branch, scope)),
      );
    case 'self':
      return self(plan.within, scope);
  }
}

function named({ count, namespace }: Scope, schema: object, values: Values): Built {
  const name = `T${count.value++}`;
  return { schema: { ...schema, name }, name: namespace === '' ? name : `${namespace}.${name}`, values };
}

function container(kind: 'array' | 'map', item: Built): Built {
  const schema = kind === 'array' ? { type: kind, items: item.schema } : { type: kind, values: item.schema };
  const values: Values = (depth) => {
    const maxLength = depth > 0 ? 3 : 0;
    if (maxLength === 0) return fc.constant(kind === 'array' ? [] : {});
    if (kind === 'array') return fc.array(item.values(depth - 1), { maxLength });
    return fc
      .uniqueArray(fc.tuple(keys, item.values(depth - 1)), { maxLength, selector: ([key]) => key })
      .map(Object.fromEntries);
  };
  return { schema, name: kind, values };
}

function record(fields: readonly Plan[], hasNamespace: boolean, scope: Scope): Built {
  const name = `T${scope.count.value++}`;
  const namespace = hasNamespace ? `n${scope.count.value % 3}` : scope.namespace;
  const fullName = namespace === '' ? name : `${namespace}.${name}`;
  const values: Values = (depth) =>
    fc.record(Object.fromEntries(built.map((field, index) => [`f${index}`, field.values(depth)])));
  const own: Scope = { count: scope.count, namespace, record: { name: fullName, values } };
  const built = fields.map((field) => build(field, own));
  const schema = {
    type: 'record',
    name,
    ...(hasNamespace ? { namespace } : {}),
    fields: built.map((field, index) => ({ name: `f${index}`, type: field.schema })),
  };
  return { schema, name: fullName, values };
}

function union(branches: readonly Built[]): Built {
  if (branches.length === 0) return { schema: 'null', name: 'null', values: () => primitives['null']! };
  const wrapped = (branch: Built, depth: number) =>
    branch.name === 'null' ? branch.values(depth) : branch.values(depth).map((value) => ({ [branch.name]: value }));
  return {
    schema: branches.map(({ schema }) => schema),
    name: 'union',
    values: (depth) => fc.oneof(...branches.map((branch) => wrapped(branch, depth))),
  };
}

/** The record around it, in something that can end. */
function self(within: 'union' | 'array' | 'map', { record: outer }: Scope): Built {
  if (outer === undefined) return { schema: 'int', name: 'int', values: () => primitives['int']! };
  const reference: Built = { schema: outer.name, name: outer.name, values: outer.values };
  if (within !== 'union') return container(within, reference);
  const nothing: Built = { schema: 'null', name: 'null', values: () => fc.constant(null) };
  const either = union([nothing, reference]);
  return {
    ...either,
    values: (depth) =>
      depth > 0
        ? union([nothing, { ...reference, values: () => reference.values(depth - 1) }]).values(depth)
        : fc.constant(null),
  };
}

/** Schemas of every shape, each with a value of it. */
export const schemaSamples: fc.Arbitrary<SchemaSample> = plans.chain((plan) => {
  const { schema, values } = build(plan, { count: { value: 0 }, namespace: '', record: undefined });
  return values(3).map((value) => ({ schema, value }));
});
