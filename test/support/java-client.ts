import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { fetched } from './java-process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const program = join(root, 'test/support/java/Partitions.java');

/** The partitions that Kafka's Java client chooses for records with these keys, which it writes to the topic. */
export async function javaPartitions(bootstrap: string, topic: string, keys: readonly Buffer[]): Promise<number[]> {
  const libs = await fetched('kafka-jars.mjs');
  const flags = ['-XX:TieredStopAtLevel=1', '-cp', join(libs, '*')];
  const child = spawn('java', [...flags, program, bootstrap, topic], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdin.end(keys.map((key) => `${key.toString('hex')}\n`).join(''));
  const code = await new Promise((resolve) => child.once('close', resolve));
  // A source file is run by the compiler, which a runtime environment alone does not have.
  if (code !== 0) throw new Error(`${program} needs a JDK, 17 or newer; it ended with ${String(code)}:\n${errors}`);
  return output.trim().split('\n').map(Number);
}
