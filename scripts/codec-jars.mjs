// Gets the makers' own Avro and Protobuf for Java, with which the tests check what the sidecar encodes and decodes, from Maven
// Central, and prints the folder they lie in.
//
//   node scripts/codec-jars.mjs            installs Java and Maven first where root on Debian lacks them
//   node scripts/codec-jars.mjs --check    installs nothing; exits with 1 where Java or Maven is missing
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { dependencies, provideFolder } from './support/maven.mjs';
import { root } from './support/shell.mjs';

const avro = '1.12.2';
const protobuf = '4.36.2';
/** Maven Central's names, of which protoc, a program and no jar, has one for each machine. */
const systems = { linux: 'linux', darwin: 'osx', win32: 'windows' };
const processors = { x64: 'x86_64', arm64: 'aarch_64' };
const machine = `${systems[process.platform]}-${processors[process.arch]}`;

const folder = join(root, '.cache', `codec-${avro}-${protobuf}`);
const fetchJars = dependencies([
  `org.apache.avro:avro:${avro}`,
  `com.google.protobuf:protobuf-java-util:${protobuf}`,
  `com.google.protobuf:protoc:${protobuf}:exe:${machine}`,
  'org.slf4j:slf4j-nop:2.0.18',
]);

await provideFolder({
  product: `Avro ${avro} and Protobuf ${protobuf}`,
  folder,
  fetch: async (directory, output) => {
    const result = await fetchJars(directory, output);
    if (result.ok) chmodSync(join(output, `protoc-${protobuf}-${machine}.exe`), 0o755);
    return result;
  },
});
