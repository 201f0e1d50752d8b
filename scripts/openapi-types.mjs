// Generates the types of requests and answers from the OpenAPI documents into src/modules/*.gen.ts.
//
//   node scripts/openapi-types.mjs           writes the files
//   node scripts/openapi-types.mjs --check   exits with 1 where they differ from the documents
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, root, runQuietly, say } from './support/shell.mjs';

/** Apart from the project's packages: the generator needs an older TypeScript than the project compiles with. */
const tools = ['openapi-typescript@7.13.0', 'typescript@5.9.3'];
const toolsDirectory = join(root, '.cache', 'openapi-typescript-7.13.0');
const documents = { 'kafka-sidecar': 'kafka-api.gen.ts', admin: 'admin-api.gen.ts' };
const banner = '// Generated from openapi/ by `npm run openapi:types`; do not edit.\n';

const isCheck = process.argv.includes('--check');
const generate = await loadGenerator();
for (const [document, file] of Object.entries(documents)) {
  const path = join(root, 'src/modules', file);
  const text = await generate(new URL(`../openapi/${document}.yaml`, import.meta.url));
  if (!isCheck) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
    fail(`src/modules/${file} differs from openapi/${document}.yaml; run npm run openapi:types`);
  }
}

async function loadGenerator() {
  const modules = join(toolsDirectory, 'node_modules');
  if (!existsSync(join(modules, 'openapi-typescript/dist'))) {
    say('Installing the type generator …');
    mkdirSync(toolsDirectory, { recursive: true });
    const { ok, output } = await runQuietly('npm', ['install', '--no-save', '--prefix', toolsDirectory, ...tools]);
    if (!ok) fail(`the generator could not be installed:\n${output}`);
  }
  const load = (file) => import(pathToFileURL(join(modules, file)).href);
  const { default: openapiTypes, astToString } = await load('openapi-typescript/dist/index.mjs');
  return async (url) => banner + astToString(await openapiTypes(url, { defaultNonNullable: false }));
}
