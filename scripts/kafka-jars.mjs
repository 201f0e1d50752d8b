// Gets Apache Kafka's jars for the tests and the benchmark, from Maven Central, and prints the folder they lie in.
//
//   node scripts/kafka-jars.mjs            installs Java and Maven first where root on Debian lacks them
//   node scripts/kafka-jars.mjs --check    installs nothing; exits with 1 where Java or Maven is missing
import { join } from 'node:path';
import { dependencies, provideFolder } from './support/maven.mjs';
import { root } from './support/shell.mjs';

const version = '4.1.1';

await provideFolder({
  product: `Apache Kafka ${version}`,
  folder: join(root, '.cache', `kafka-${version}`, 'libs'),
  fetch: dependencies([`org.apache.kafka:kafka_2.13:${version}`, 'org.apache.logging.log4j:log4j-slf4j-impl:2.24.3']),
});
