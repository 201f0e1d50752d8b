import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RealRegistry } from '../support/real-registry.ts';
import { StubRegistry } from '../support/stub-registry.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const examples = [
  'original.account-value',
  'test1-key',
  'test1-value',
  'test2-key',
  'test2-value',
  'test3-key',
  'test3-value',
  'test4-value',
  'transformed.account-value',
];

interface Outcome {
  readonly code: unknown;
  readonly output: string;
  readonly errors: string;
}

function schemas(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const clean = { ...process.env, SCHEMA_REGISTRY_URL: '', ...env };
  return new Promise((resolve) => {
    const program = ['scripts/register-schemas.mjs', ...args];
    execFile(process.execPath, program, { cwd: root, env: clean }, (error, output, errors) =>
      resolve({ code: error?.code ?? 0, output, errors }),
    );
  });
}

describe('npm run schemas', () => {
  let registry: RealRegistry;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kafka-sidecar-schemas-'));
    registry = await RealRegistry.start();
  }, 60_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await registry?.close();
  });

  test('registers the example schemas, and does nothing the second time', async () => {
    const first = await schemas([`--registry=${registry.url}`]);
    expect(first).toMatchObject({ code: 0, errors: '' });
    const lines = first.output.trimEnd().split('\n');
    expect(lines.map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual(examples.map((subject) => [subject, '1']));
    expect(await schemas([], { SCHEMA_REGISTRY_URL: `http://127.0.0.1:1, ${registry.url}/` })).toEqual(first);
  });

  test('tells which schema was refused and why, and registers the others', async () => {
    const field = (name: string) => ({ type: 'record', name: 'value', fields: [{ name, type: 'int' }] });
    await registry.register({ subject: 'orders', schema: field('count') });
    writeFileSync(join(folder, 'orders.avsc'), JSON.stringify(field('total')));
    writeFileSync(join(folder, 'broken.proto'), 'message {');
    writeFileSync(join(folder, 'whole.proto'), 'syntax = "proto3"; message Whole {}');
    const { code, output, errors } = await schemas([`--registry=${registry.url}`, folder]);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/^whole {2}1 {2}\d+\n$/) });
    expect(errors).toMatch(/✗ broken: was refused: 422 /);
    expect(errors).toMatch(/✗ orders: is not compatible with the version before it: 409 /);
  });

  test('tells that no registry answers, that something else does, and what is missing', async () => {
    const stub = await StubRegistry.start({ credentials: { username: 'user', password: 'secret' } });
    const credentials = { SCHEMA_REGISTRY_USERNAME: 'user', SCHEMA_REGISTRY_PASSWORD: 'secret' };
    try {
      expect(await schemas([`--registry=${stub.url}`])).toMatchObject({
        code: 1,
        errors: expect.stringContaining('credentials'),
      });
      expect(await schemas([`--registry=${stub.url}`], credentials)).toMatchObject({ code: 0, errors: '' });
      stub.behave('html');
      expect(await schemas([`--registry=${stub.url}`], credentials)).toMatchObject({
        code: 1,
        errors: `✗ ${stub.url} is no schema registry: 200\n`,
      });
    } finally {
      await stub.close();
    }
    expect(await schemas([`--registry=${stub.url}`])).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/ does not answer: .*ECONNREFUSED/),
    });
    expect(await schemas([])).toMatchObject({ code: 2, errors: expect.stringContaining('SCHEMA_REGISTRY_URL') });
  });
});
