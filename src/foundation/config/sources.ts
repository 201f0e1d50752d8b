import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { environmentName } from './placeholders.ts';

/** A value with the place it came from, for the message of a fault. */
export interface Sourced {
  readonly value: unknown;
  readonly source: string;
}

/** What values.yml and the environment say, and where section files are. */
export interface Sources {
  /** values.yml, flattened to dotted keys. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The environment's word on a key, else that of values.yml. */
  find(key: string): Sourced | undefined;
  /** The section's file: the user's own where there is one, else the template. */
  readSection(name: string): { readonly content: Readonly<Record<string, unknown>>; readonly source: string };
}

const templateDirectory = fileURLToPath(new URL('../../../config/', import.meta.url));

/**
 * Reads the configuration directory that `--config-dir` or LIGHT_4J_CONFIG_DIR names, if any.
 *
 * @throws Error for a directory or file that cannot be read or is no YAML map
 */
export function readSources(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Sources {
  const directory = configDirectory(argv) ?? env['LIGHT_4J_CONFIG_DIR'];
  if (directory !== undefined && !existsSync(directory))
    throw new Error(`config directory ${directory} does not exist`);
  const valuesFile = directory === undefined ? undefined : join(directory, 'values.yml');
  const values = new Map<string, unknown>();
  if (valuesFile !== undefined && existsSync(valuesFile)) flatten(readMap(valuesFile), '', values);
  return {
    values,
    env,
    find(key) {
      const name = environmentName(key);
      const fromEnv = env[name];
      if (fromEnv !== undefined) return { value: fromEnv, source: `environment ${name}` };
      return values.has(key) ? { value: values.get(key), source: 'values.yml' } : undefined;
    },
    readSection(name) {
      const own = directory === undefined ? undefined : join(directory, `${name}.yml`);
      const isOwn = own !== undefined && existsSync(own);
      const content = readMap(isOwn ? own : join(templateDirectory, `${name}.yml`));
      return { content, source: `${name}.yml` };
    },
  };
}

function configDirectory(argv: readonly string[]): string | undefined {
  const index = argv.findIndex((argument) => argument === '--config-dir' || argument.startsWith('--config-dir='));
  if (index === -1) return undefined;
  const argument = argv[index]!;
  const directory = argument.includes('=') ? argument.slice(argument.indexOf('=') + 1) : argv[index + 1];
  if (directory === undefined || directory === '') throw new Error('--config-dir needs a directory behind it');
  return directory;
}

function readMap(file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (content === null) return {};
  if (typeof content !== 'object' || Array.isArray(content)) throw new Error(`${file} must hold a map of keys`);
  return content as Record<string, unknown>;
}

/** Nested maps become dotted keys; lists and scalars stay. */
function flatten(map: Record<string, unknown>, prefix: string, into: Map<string, unknown>): void {
  for (const [key, value] of Object.entries(map)) {
    const full = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      flatten(value as Record<string, unknown>, full, into);
    } else into.set(full, value);
  }
}
