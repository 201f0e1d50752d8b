// Gets the schema registry for the tests, Apicurio's, from Maven Central, and prints the folder it lies in.
//
//   node scripts/registry-app.mjs            installs Java and Maven first where root on Debian lacks them
//   node scripts/registry-app.mjs --check    installs nothing; exits with 1 where Java or Maven is missing
//
// It has Confluent’s API at /apis/ccompat/v7. Of the 2.6 line, since 3.3 needs Java 21, which Debian 12 does not have.
import { join } from 'node:path';
import { archive, provideFolder } from './support/maven.mjs';
import { root } from './support/shell.mjs';

const version = '2.6.13.Final';

await provideFolder({
  product: `Apicurio Registry ${version}`,
  folder: join(root, '.cache', `apicurio-registry-${version}`),
  fetch: archive(`io.apicurio:apicurio-registry-app:${version}:tar.gz:all`),
});
