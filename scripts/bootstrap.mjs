// Installs what the checkout needs and lacks: the npm packages, and the Kafka client's native part. No dependencies.
//
//   node scripts/bootstrap.mjs
//
// The client's binary is downloaded where its publisher can be reached, else compiled; that takes about a minute and
// needs a compiler and some libraries' headers, which root on Debian gets installed and anybody else is told.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, hasCommand, root, runQuietly, say } from './support/shell.mjs';
import { canInstall, installCommand, installPackages, isDebian, isInstalled } from './support/system-packages.mjs';

const oldestNode = [20, 19];
const client = '@confluentinc/kafka-javascript';
const clientDirectory = join(root, 'node_modules', client);
const lockFile = join(root, 'package-lock.json');
/** Holds the hash of the lock file that node_modules was installed from. */
const stampFile = join(root, 'node_modules', '.installed-lock');
/** A download that a firewall swallows must not hold the set-up for ever, milliseconds. */
const downloadTimeoutMs = 120_000;

/** Tools and headers the Kafka client is compiled with: Debian package → command that shows it is there, if any. */
const buildPackages = new Map([
  ['g++', 'g++'],
  ['make', 'make'],
  ['python3', 'python3'],
  ['pkg-config', 'pkg-config'],
  ['libssl-dev', undefined],
  ['zlib1g-dev', undefined],
  ['libzstd-dev', undefined],
  ['liblz4-dev', undefined],
  ['libsasl2-dev', undefined],
  ['libcurl4-openssl-dev', undefined],
]);

/** Installs what is missing; does nothing, in some 100 ms, where all is there. */
export async function bootstrap() {
  checkNode();
  await installPackagesOfNpm();
  if (!loadsClient()) await installClient();
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  fail(`Node.js ${oldestNode.join('.')} or newer is needed; this is ${process.versions.node}. See https://nodejs.org`);
}

async function installPackagesOfNpm() {
  const lock = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lock) return;
  say('Installing npm packages (npm ci) …');
  // The client's own install script is run below, where its failure can be explained.
  const { ok, output } = await runQuietly('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  if (!ok) fail(`npm ci failed:\n${output}`);
  writeFileSync(stampFile, lock);
}

/** In a process of its own: a native module that is broken can take the process with it. */
function loadsClient() {
  const { status } = spawnSync(process.execPath, ['-e', `require(${JSON.stringify(client)})`], {
    cwd: root,
    stdio: 'ignore',
  });
  return status === 0;
}

async function installClient() {
  say('Fetching the Kafka client’s binary …');
  const downloader = join(root, 'node_modules/@mapbox/node-pre-gyp/bin/node-pre-gyp');
  const cwd = clientDirectory;
  const download = await runQuietly(process.execPath, [downloader, 'install'], { cwd, timeoutMs: downloadTimeoutMs });
  if (download.ok && loadsClient()) return;
  say('It cannot be had here, so it is compiled.');
  await provideBuildPackages();
  say('Compiling the Kafka client, which takes one to three minutes …');
  const { ok, output } = await runQuietly('npm', ['rebuild', client, '--foreground-scripts'], { env: buildEnv() });
  if (!ok || !loadsClient()) fail(`the Kafka client could not be compiled:\n${output}`);
  say('The Kafka client is ready.');
}

function buildEnv() {
  // Node's own headers, where the installation has them; else node-gyp downloads them.
  const prefix = resolve(dirname(process.execPath), '..');
  const hasHeaders = existsSync(join(prefix, 'include/node/node.h'));
  return {
    // Links the system's libraries; the default downloads their sources from five more places.
    CKJS_LINKING: 'dynamic',
    // The client's makefiles lack a dependency, so that a parallel outer make fails; the inner one is parallel anyway.
    MAKEFLAGS: undefined,
    JOBS: undefined,
    ...(hasHeaders && process.env.npm_config_nodedir === undefined ? { npm_config_nodedir: prefix } : {}),
  };
}

async function provideBuildPackages() {
  const all = [...buildPackages.keys()];
  if (!isDebian()) {
    if (hasCommand('g++') && hasCommand('make') && hasCommand('python3')) return;
    fail(`a compiler is needed, and these headers, by their Debian names: ${all.join(' ')}`);
  }
  const isThere = ([name, command]) => (command !== undefined && hasCommand(command)) || isInstalled(name);
  const missing = [...buildPackages].filter((entry) => !isThere(entry)).map(([name]) => name);
  if (missing.length === 0) return;
  if (canInstall()) await installPackages(missing, 'to compile the Kafka client');
  else
    fail(
      `system packages are missing to compile the Kafka client. Run this, then try again:\n\n  ${installCommand(missing)}\n`,
    );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bootstrap();
