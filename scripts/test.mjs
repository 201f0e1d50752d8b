// npm test: the fast tests on the embedded broker, then the others on a real Apache Kafka and a real schema registry. Installs
// what is missing.
//
//   npm test -- [--fast | --kafka | --soak] [jest's options and file patterns]
//
// KAFKA_BOOTSTRAP_SERVERS names the broker to use and SCHEMA_REGISTRY_URL the registry; without them they are started, which
// needs Java and Maven. The last line counts; with --no-skips (CI) a test that could not run is a failure.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { canInstall, installCommand, installPackages } from './support/system-packages.mjs';
import { hasCommand, root, run, runQuietly, say } from './support/shell.mjs';
import { build } from './support/build.mjs';

const sets = { '--fast': ['fast'], '--kafka': ['kafka', 'faults'], '--soak': ['soak'] };
const ownFlags = new Set([...Object.keys(sets), '--no-skips']);
const given = process.argv.slice(2);
const projects = given.flatMap((flag) => sets[flag] ?? []);
if (projects.length === 0) projects.push('fast', 'kafka', 'faults');
const jestOptions = given.filter((flag) => !ownFlags.has(flag));

/** What the tests on Kafka run: the script that fetches it, and the variable that names one which runs already. */
const services = [
  { script: 'kafka-jars.mjs', variable: 'KAFKA_BOOTSTRAP_SERVERS' },
  { script: 'registry-app.mjs', variable: 'SCHEMA_REGISTRY_URL' },
  { script: 'codec-jars.mjs' },
];

await bootstrap();
await build();
const results = mkdtempSync(join(tmpdir(), 'kafka-sidecar-tests-'));
const total = { passed: 0, failed: 0, skipped: 0 };
for (const project of projects) await runProject(project);
rmSync(results, { recursive: true });
report();

async function runProject(project) {
  const onKafka = project !== 'fast';
  const isPossible = !onKafka || (await hasServices(project));
  const outputFile = join(results, `${project}.json`);
  if (onKafka && isPossible) await provideKcat();
  // Time matters in the tests on Kafka: one file at a time. What cannot run is listed by a pattern that no title has.
  const options = [
    '--selectProjects',
    project,
    '--json',
    '--outputFile',
    outputFile,
    '--passWithNoTests',
    ...(onKafka ? ['--runInBand'] : ['--maxWorkers', '2']),
    ...(isPossible ? [] : ['--testNamePattern', '^no test has this title$', '--silent']),
    ...jestOptions,
  ];
  const jest = ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')];
  const none = { KAFKA_BOOTSTRAP_SERVERS: 'none', SCHEMA_REGISTRY_URL: 'none' };
  const env = { UV_THREADPOOL_SIZE: '16', ...(isPossible ? {} : none) };
  const { ok, output } = isPossible
    ? { ok: (await run(process.execPath, [...jest, ...options], { env })) === 0, output: '' }
    : await runQuietly(process.execPath, [...jest, ...options], { env });
  if (!ok && output !== '') process.stderr.write(output);
  count(outputFile, ok);
  if (!isPossible) say('SKIPPED the tests on real Kafka: they need Java 17 and Maven, see the message above');
}

/** Whether a broker and a registry can be started; tests that stop one need their own even where one is named. */
async function hasServices(project) {
  const usesNamed = project === 'kafka';
  for (const { script, variable } of services) {
    if (usesNamed && process.env[variable]) continue;
    const { ok, output } = await runQuietly(process.execPath, [`scripts/${script}`]);
    if (ok) continue;
    process.stderr.write(output);
    return false;
  }
  return true;
}

/** The tests that need it are skipped, and counted so, where it cannot be had. */
async function provideKcat() {
  if (hasCommand('kcat', ['-V'])) return;
  if (canInstall()) await installPackages(['kcat'], 'an independent Kafka client for the tests');
  else say(`kcat is missing, an independent Kafka client for the tests. Run:\n\n  ${installCommand(['kcat'])}\n`);
}

function count(file, ok) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(file, 'utf8'),
    );
    total.passed += numPassedTests;
    total.failed += numFailedTests + numRuntimeErrorTestSuites;
    total.skipped += numPendingTests;
    if (!ok && numFailedTests + numRuntimeErrorTestSuites === 0) total.failed++;
  } catch {
    // Jest ended before it could write its results.
    total.failed++;
  }
}

function report() {
  const isSkipFailure = given.includes('--no-skips') && total.skipped > 0;
  if (total.failed > 0 || isSkipFailure || total.passed === 0) process.exitCode = 1;
  if (isSkipFailure) say('skipped tests are failures here');
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
}
