// npm run fuzz: sends generated requests, valid and not, by both OpenAPI documents to a sidecar on the embedded broker.
//
//   npm run fuzz -- [--seconds=200] [--seed=n]
//
// Needs Python 3.10 or newer; schemathesis is installed into .cache/fuzz. What is checked stands in support/fuzz.toml. Exits
// with 1 when an answer breaks its document or the contract, or when the sidecar fails or ends.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bootstrap } from './bootstrap.mjs';
import { build } from './support/build.mjs';
import { fail, hasCommand, root, run, runQuietly, say } from './support/shell.mjs';

const schemathesis = 'schemathesis==4.32.5';
const directory = join(root, '.cache', 'fuzz');
const environment = join(directory, schemathesis.replace('==', '-'));
const support = join(root, 'scripts', 'support');
const logFile = join(directory, 'sidecar.log');
const startTimeoutMs = 30_000;
const stopTimeoutMs = 10_000;
/** Well below the idle time after which the sidecar closes instances. */
const keepAliveMs = 1_000;
/** Pino's number for errors: what the sidecar logs when it answers 500. */
const errorLevel = 50;
const known = { FUZZ_GROUP: 'fuzz-group', FUZZ_INSTANCE: 'fuzz-instance', FUZZ_TOPIC: 'fuzz-topic' };

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '200' }, seed: { type: 'string' } },
});
const seconds = Number(options.seconds);
if (!(seconds >= 10)) fail(`--seconds is a number from 10, not ${options.seconds}`);
/** The documents and the share of the time each gets; examples are the requests an operation gets in each round. */
const documents = [
  { file: 'kafka-sidecar.yaml', share: 0.9, examples: 40 },
  { file: 'admin.yaml', share: 0.1, examples: 20 },
];

await bootstrap();
await build();
await installSchemathesis();
const sidecar = await startSidecar();
const findings = [];
try {
  await keepInstance();
  const timer = setInterval(() => void keepInstance(), keepAliveMs);
  for (const document of documents) {
    if (!(await fuzz(document))) findings.push(`openapi/${document.file}: see above`);
  }
  clearInterval(timer);
  if (!sidecar.hasEnded() && !(await isLive()))
    findings.push('the sidecar does not answer GET /health/liveness any more');
} finally {
  findings.push(...(await sidecar.stop()));
}
if (findings.length > 0) fail(`findings:\n  ${findings.join('\n  ')}`);
say('no findings');

async function installSchemathesis() {
  if (existsSync(join(environment, 'installed'))) return;
  if (!hasCommand('python3')) fail('Python 3.10 or newer is needed for schemathesis');
  rmSync(environment, { recursive: true, force: true });
  say(`Installing ${schemathesis} …`);
  mkdirSync(directory, { recursive: true });
  // Not under another name first, since a virtual environment cannot be moved: a broken one is removed instead.
  const python = join(environment, 'bin', 'python');
  const steps = [
    ['python3', ['-m', 'venv', environment]],
    [python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', schemathesis]],
  ];
  for (const [command, args] of steps) {
    const { ok, output } = await runQuietly(command, args);
    if (ok) continue;
    rmSync(environment, { recursive: true, force: true });
    fail(`schemathesis could not be installed:\n${output}`);
  }
  writeFileSync(join(environment, 'installed'), '');
}

/** Runs the sidecar as an operator does, with its log in a file, on a port that is free. */
async function startSidecar() {
  const env = {
    ...process.env,
    ...known,
    NODE_ENV: 'test',
    KAFKA_BOOTSTRAP_SERVERS: '',
    SERVER_HTTPPORT: '0',
    LOGGING_LEVEL: 'warn',
    UV_THREADPOOL_SIZE: '16',
    // Requests create many instances and leave them.
    KAFKA_CONSUMER_INSTANCETIMEOUTMS: '4000',
    KAFKA_CONSUMER_REQUESTTIMEOUTMS: '50',
  };
  const child = spawn(process.execPath, ['dist/main.js'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  let isStopping = false;
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    isStopping = true;
    const wasAlive = !hasEnded();
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    const end = await ended;
    clearTimeout(timer);
    writeFileSync(logFile, output);
    const errors = output.split('\n').filter((line) => line.startsWith('{') && JSON.parse(line).level >= errorLevel);
    return [
      ...(wasAlive ? [] : [`the sidecar ended by itself (${end}), see ${logFile}`]),
      ...(wasAlive && end !== 0 ? [`the sidecar did not stop cleanly (${end})`] : []),
      ...errors.slice(0, 5).map((line) => `the sidecar logged: ${line.slice(0, 800)}`),
    ];
  };
  void ended.then((end) => isStopping || say(`the sidecar ended (${end})`));
  const deadline = Date.now() + startTimeoutMs;
  while (!hasEnded() && Date.now() < deadline) {
    const url = /listening\s+(http:\S+)/.exec(output)?.[1];
    if (url !== undefined) return { url, hasEnded, stop };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  return fail(`the sidecar did not start:\n${output}`);
}

/** Requests to random instances are all answered with 404, so there is one that the hooks send most of them to. */
async function keepInstance() {
  const { FUZZ_GROUP: group, FUZZ_INSTANCE: id, FUZZ_TOPIC: topic } = known;
  const base = `/consumers/${group}/instances/${id}`;
  const subscription = await call('GET', `${base}/subscriptions`);
  if (subscription !== 404) return;
  await call('POST', `/producers/${topic}`, { records: [0, 1, 2, 3].map((partition) => ({ partition, value: {} })) });
  await call('POST', `/consumers/${group}`, { id });
  await call('POST', `${base}/subscriptions`, { topics: [topic] });
}

/** @returns the status; undefined where there was no answer, which the other requests will show */
async function call(method, path, body) {
  try {
    const signal = AbortSignal.timeout(startTimeoutMs);
    const init = { method, signal, headers: { 'content-type': 'application/json' } };
    const answer = await fetch(`${sidecar.url}${path}`, { ...init, ...(body && { body: JSON.stringify(body) }) });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return undefined;
  }
}

async function isLive() {
  return (await call('GET', '/health/liveness')) === 200;
}

/** @returns whether there were no findings */
async function fuzz({ file, share, examples }) {
  say(`openapi/${file} …`);
  const args = ['--config-file', join(support, 'fuzz.toml'), 'run', join(root, 'openapi', file), '--url', sidecar.url];
  args.push('--max-examples', String(examples), '--max-time', String(Math.max(5, Math.round(seconds * share))));
  args.push('--generation-database', 'none', ...(options.seed === undefined ? [] : ['--seed', options.seed]));
  const env = { ...known, PYTHONPATH: support, PYTHONDONTWRITEBYTECODE: '1', SCHEMATHESIS_HOOKS: 'fuzz_hooks' };
  return (await run(join(environment, 'bin', 'schemathesis'), args, { cwd: directory, env })) === 0;
}
