import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { ConfigError, loadConfig, type LoadedConfig } from '../../../src/foundation/config/load-config.ts';

const directories: string[] = [];
afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true })));

/** A configuration directory with these files; it goes with the test file. */
export function configDirectory(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'kafka-sidecar-config-'));
  directories.push(directory);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return directory;
}

export interface Given {
  /** Text of values.yml. */
  readonly values?: string;
  /** Further files of the directory. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Loads the configuration of an operator who gave these files and variables. */
export function load({ values, files = {}, env = {} }: Given = {}): LoadedConfig {
  const directory = configDirectory({ ...files, ...(values === undefined ? {} : { 'values.yml': values }) });
  return loadConfig({ argv: ['--config-dir', directory], env });
}

/** The faults of a refused configuration, one a line. */
export function faultsOf(given: Given): string[] {
  try {
    load(given);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
  return [];
}
