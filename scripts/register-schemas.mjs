// npm run schemas: registers every schema of a folder under the subject that its file is named after. No dependencies.
//
//   node scripts/register-schemas.mjs [--registry=URL] [folder]
//
// Without --registry the URL is SCHEMA_REGISTRY_URL; of several with commas between, the first that answers is taken. The
// folder is examples/schemas by default. SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD are sent where they are set.
// Prints subject, version and id of each. Exits with 1 where a schema is refused or no registry answers, with 2 where it is
// called wrongly.
import { readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, root } from './support/shell.mjs';

const types = { '.json': 'JSON', '.avsc': 'AVRO', '.proto': 'PROTOBUF' };
const timeoutMs = 10_000;

const { registries, folder } = readArguments();
const schemas = readSchemas();
const registry = await firstThatAnswers();
const rows = [];
for (const schema of schemas) {
  try {
    rows.push(await register(schema));
  } catch (error) {
    process.stderr.write(`✗ ${schema.subject}: ${error.message}\n`);
    process.exitCode = 1;
  }
}
const width = Math.max(...rows.map(([subject]) => subject.length));
for (const [subject, version, id] of rows) process.stdout.write(`${subject.padEnd(width)}  ${version}  ${id}\n`);

function readArguments() {
  try {
    const { values, positionals } = parseArgs({ options: { registry: { type: 'string' } }, allowPositionals: true });
    const urls = values.registry ?? process.env.SCHEMA_REGISTRY_URL ?? '';
    if (urls === '') throw new Error('no registry: give --registry=URL, or set SCHEMA_REGISTRY_URL');
    if (positionals.length > 1) throw new Error('give one folder at most');
    return { registries: urls.split(',').map(target), folder: positionals[0] ?? join(root, 'examples', 'schemas') };
  } catch (error) {
    return misuse(error.message);
  }
}

/** Where and how to call a registry; credentials may be part of its URL. */
function target(text) {
  if (!URL.canParse(text.trim())) throw new Error(`${text} is no URL`);
  const url = new URL(text.trim());
  const username = process.env.SCHEMA_REGISTRY_USERNAME || decodeURIComponent(url.username);
  const password = process.env.SCHEMA_REGISTRY_PASSWORD || decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  const authorization = username === '' ? {} : { authorization: `Basic ${credentials}` };
  return { url: url.href.replace(/\/+$/, ''), headers: authorization };
}

function readSchemas() {
  try {
    const files = readdirSync(folder).filter((file) => Object.hasOwn(types, parse(file).ext));
    if (files.length === 0) throw new Error(`no ${Object.keys(types).join(', ')} files in ${folder}`);
    return files.toSorted().map((file) => {
      const { name: subject, ext } = parse(file);
      return { subject, schemaType: types[ext], schema: readFileSync(join(folder, file), 'utf8') };
    });
  } catch (error) {
    return misuse(error.message);
  }
}

async function firstThatAnswers() {
  const silent = [];
  for (const candidate of registries) {
    const answer = await call(candidate, 'GET', '/subjects').catch((error) => void silent.push(error.message));
    if (answer === undefined) continue;
    if (answer.status === 401) {
      const hint = 'SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD';
      fail(`${candidate.url} asks for other credentials than it got: ${hint}`);
    }
    if (!Array.isArray(answer.body)) fail(`${candidate.url} is no schema registry: ${problem(answer)}`);
    return candidate;
  }
  return fail(silent.join('\n✗ '));
}

/** Registering what is there already answers its id; the look-up tells the version. */
async function register({ subject, ...schema }) {
  const path = `/subjects/${encodeURIComponent(subject)}`;
  const registered = await call(registry, 'POST', `${path}/versions`, schema);
  if (registered.status === 409)
    throw new Error(`is not compatible with the version before it: ${problem(registered)}`);
  if (registered.status !== 200) throw new Error(`was refused: ${problem(registered)}`);
  const found = await call(registry, 'POST', path, schema);
  if (found.status !== 200) throw new Error(`is registered, but not found: ${problem(found)}`);
  return [subject, found.body.version, found.body.id];
}

async function call({ url, headers }, method, path, body) {
  const init = { method, signal: AbortSignal.timeout(timeoutMs) };
  try {
    const answer = await fetch(`${url}${path}`, {
      ...init,
      headers: { ...headers, 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: parsed(await answer.text()) };
  } catch (error) {
    throw new Error(`${url} does not answer: ${error.cause?.message || error.cause?.code || error.message}`, {
      cause: error,
    });
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problem({ status, body }) {
  return `${status} ${body?.message ?? ''}`.trim();
}

function misuse(message) {
  process.stderr.write(`✗ ${message}\n\n  node scripts/register-schemas.mjs [--registry=URL] [folder]\n`);
  process.exit(2);
}
