import { readFileSync } from 'node:fs';
import { OpenAPIBackend } from 'openapi-backend';
import { parse } from 'yaml';
import type { ErrorObject } from 'ajv';

/** The columns of the chain table, `chains.ts`. */
export type ChainName = 'default' | 'admin' | 'probe';

/** What a validator sees of a request. */
export interface ValidatedInput {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Record<string, unknown>;
  readonly requestBody?: unknown;
}

/** Undefined when the input is valid, otherwise the first fault. */
export type RequestValidator = (input: ValidatedInput) => ErrorObject | undefined;

/** An operation as the specification has it. */
export interface SpecifiedOperation {
  readonly operationId: string;
  readonly method: string;
  /** Path template with `{parameter}` parts. */
  readonly path: string;
  readonly chain: ChainName;
  /** Media types it takes as its body; none where it takes no body. */
  readonly takes: readonly string[];
  readonly bodyRequired: boolean;
  /** Media types of its successful answers. */
  readonly produces: readonly string[];
  /** Path and query parameters. */
  readonly validateParameters: RequestValidator;
  /** The parsed body. */
  readonly validateBody: RequestValidator;
}

export interface Specification {
  readonly operations: readonly SpecifiedOperation[];
  /** The document as loaded, references resolved. */
  readonly definition: OpenApiDocument;
  /** The YAML text, as served. */
  readonly source: string;
  /** Compiles the validators not compiled yet, one a turn of the event loop; without it each is compiled at its first request. */
  compileAll(): Promise<void>;
}

/** The parts of an OpenAPI document that are read here. */
export interface OpenApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
}

export interface OpenApiOperation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly { name: string; in: string; required?: boolean; description?: string }[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly example?: unknown }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, unknown>> }>
  >;
}

const methods = ['get', 'put', 'post', 'delete'];

/**
 * Loads an OpenAPI document through openapi-backend and prepares its request validators.
 *
 * openapi-backend's own router is never called: it rebuilds its tables at each request. Its check of the document against
 * the OpenAPI schema takes longer than the rest of the start and runs in the tests instead.
 */
export async function loadSpecification(file: string, chainOf: (path: string) => ChainName): Promise<Specification> {
  const source = readFileSync(file, 'utf8');
  const backend = new OpenAPIBackend({
    definition: parse(source),
    quick: true,
    ajvOpts: { strict: false, validateSchema: false, verbose: true },
    customizeAjv: (ajv) => ajv.addFormat('well-formed', (text: string) => text.isWellFormed()),
  });
  await backend.init();
  const definition = backend.definition as unknown as OpenApiDocument;
  const operations: SpecifiedOperation[] = [];
  const compilers: (() => void)[] = [];
  for (const [path, item] of Object.entries(definition.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (operation?.operationId === undefined) continue;
      const { operationId } = operation;
      let compiled: CompiledValidators | undefined;
      const validators = () => (compiled ??= compileValidators(backend, operationId));
      compilers.push(validators);
      operations.push({
        operationId,
        method: method.toUpperCase(),
        path,
        chain: chainOf(path),
        takes: Object.keys(operation.requestBody?.content ?? {}),
        bodyRequired: operation.requestBody?.required === true,
        produces: producedTypes(operation),
        validateParameters: (input) => firstFault(validators().parameters, input),
        validateBody: (input) => firstFault(validators().body, input),
      });
    }
  }
  const compileAll = async () => {
    for (const compile of compilers) {
      compile();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { operations, definition, source, compileAll };
}

function producedTypes(operation: OpenApiOperation): string[] {
  const ok = operation.responses['200'] ?? operation.responses['204'];
  return Object.keys(ok?.content ?? { 'application/json': {} });
}

type AjvValidator = ReturnType<OpenAPIBackend['validator']['getRequestValidatorsForOperation']>[number];

interface CompiledValidators {
  readonly parameters: readonly AjvValidator[];
  readonly body: readonly AjvValidator[];
}

function compileValidators(backend: OpenAPIBackend, operationId: string): CompiledValidators {
  const all = backend.validator.getRequestValidatorsForOperation(operationId);
  // openapi-backend puts the parameters' validator last, behind the body's.
  return { parameters: all.slice(-1), body: all.slice(0, -1) };
}

function firstFault(validators: readonly AjvValidator[], input: ValidatedInput): ErrorObject | undefined {
  for (const validate of validators) {
    if (!validate(input)) return mostSpecific(validate.errors ?? []);
  }
  return undefined;
}

/** Where alternatives failed, the fault deepest in the input says most; ajv's own order has the alternatives first. */
function mostSpecific(errors: readonly ErrorObject[]): ErrorObject | undefined {
  let best: ErrorObject | undefined;
  for (const error of errors) {
    const depth = error.instancePath.length - (best?.instancePath.length ?? -1);
    // Alternatives with a description of their own say more than what one of them lacks.
    if (depth > 0 || (depth === 0 && error.keyword === 'anyOf' && 'description' in (error.parentSchema ?? {}))) {
      best = error;
    }
  }
  return best;
}
