// Gets Apache Kafka's jars for the tests and the benchmark, from Maven Central, and prints the folder they lie in.
//
//   node scripts/kafka-jars.mjs            installs Java and Maven first where root on Debian lacks them
//   node scripts/kafka-jars.mjs --check    installs nothing; exits with 1 where Java or Maven is missing
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, hasCommand, root, runQuietly, say } from './support/shell.mjs';
import { canInstall, installCommand, installPackages } from './support/system-packages.mjs';

const kafkaVersion = '4.1.1';
const oldestJava = 17;
const directory = join(root, '.cache', `kafka-${kafkaVersion}`);
const libs = join(directory, 'libs');

const pom = `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId>
  <artifactId>kafka-broker</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${kafkaVersion}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.24.3</version></dependency>
  </dependencies>
</project>
`;

const missing = [];
// The compiler too: a test runs a source file of Java.
if (javaVersion() < oldestJava || !hasCommand('javac', ['-version'])) missing.push('openjdk-17-jdk-headless');
if (!existsSync(libs) && !hasCommand('mvn')) missing.push('maven');
if (missing.length > 0) await provide();
if (!existsSync(libs)) await download();
process.stdout.write(`${libs}\n`);

function javaVersion() {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0);
}

async function provide() {
  const needs = `Apache Kafka needs Java ${oldestJava} or newer and Maven`;
  if (process.argv.includes('--check') || !canInstall()) {
    fail(`${needs}; missing: ${missing.join(' ')}. Run this, then try again:\n\n  ${installCommand(missing)}\n`);
  }
  await installPackages(missing, 'to run Apache Kafka for the tests');
}

async function download() {
  say(`Fetching Apache Kafka ${kafkaVersion} from Maven Central …`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'pom.xml'), pom);
  // Into a folder of another name, so that a broken download is not taken for a whole one.
  const partial = join(directory, 'libs.partial');
  rmSync(partial, { recursive: true, force: true });
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${partial}`, '-DincludeScope=runtime'];
  const { ok, output } = await runQuietly('mvn', ['-q', '-B', ...goal], { cwd: directory });
  if (!ok) fail(`Maven could not fetch Kafka:\n${output}`);
  renameSync(partial, libs);
}
