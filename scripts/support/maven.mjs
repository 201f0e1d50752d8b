// Jars and programs from Maven Central, for the scripts that tests and the benchmark get them by. No npm dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, hasCommand, runQuietly, say } from './shell.mjs';
import { canInstall, installCommand, installPackages } from './system-packages.mjs';

const oldestJava = 17;
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

/**
 * Fills a folder once, and prints its path. Installs Java and Maven first where root on Debian lacks them; with --check among
 * the program's arguments nothing is installed, and it exits with 1 where one is missing.
 *
 * @param product what is fetched, for messages
 * @param fetch one of `dependencies` and `archive`
 */
export async function provideFolder({ product, folder, fetch }) {
  const isThere = existsSync(folder);
  await provideJava(product, { maven: !isThere });
  if (!isThere) await fill(folder, product, fetch);
  process.stdout.write(`${folder}\n`);
}

/** Artifacts, as `group:artifact:version[:type:classifier]`, with all that they need at run time. */
export const dependencies = (artifacts) => (directory, output) => {
  writeFileSync(join(directory, 'pom.xml'), pom(artifacts));
  return maven(directory, ['copy-dependencies', `-DoutputDirectory=${output}`, '-DincludeScope=runtime']);
};

/** What is in one archive, as `group:artifact:version:type:classifier`. */
export const archive = (artifact) => (directory, output) =>
  maven(directory, ['unpack', `-Dartifact=${artifact}`, `-DoutputDirectory=${output}`]);

async function provideJava(product, needs) {
  const missing = [];
  // The compiler too: tests run source files of Java.
  if (javaVersion() < oldestJava || !hasCommand('javac', ['-version'])) missing.push('openjdk-17-jdk-headless');
  if (needs.maven && !hasCommand('mvn')) missing.push('maven');
  if (missing.length === 0) return;
  if (process.argv.includes('--check') || !canInstall()) {
    const text = `${product}: Java ${oldestJava} or newer and Maven are needed; missing: ${missing.join(' ')}`;
    fail(`${text}. Run this, then try again:\n\n  ${installCommand(missing)}\n`);
  }
  await installPackages(missing, `to run ${product}`);
}

function javaVersion() {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0);
}

async function fill(folder, product, fetch) {
  say(`Fetching ${product} from Maven Central …`);
  // Under another name first, so that a broken download is not taken for a whole one.
  const directory = `${folder}.partial-${process.pid}`;
  const output = join(directory, 'output');
  mkdirSync(directory, { recursive: true });
  const { ok, output: text } = await fetch(directory, output);
  if (ok && !existsSync(folder)) renameSync(output, folder);
  rmSync(directory, { recursive: true, force: true });
  if (!ok) fail(`Maven could not fetch ${product}:\n${text}`);
}

function maven(cwd, [goal, ...options]) {
  return runQuietly('mvn', ['-q', '-B', `${plugin}:${goal}`, ...options], { cwd });
}

function pom(artifacts) {
  const lines = artifacts.map((artifact) => {
    const [group, name, version, type = 'jar', classifier = ''] = artifact.split(':');
    const more = classifier && `<type>${type}</type><classifier>${classifier}</classifier>`;
    return `    <dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>${more}</dependency>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId>
  <artifactId>fetched</artifactId>
  <version>1</version>
  <dependencies>
${lines.join('\n')}
  </dependencies>
</project>
`;
}
