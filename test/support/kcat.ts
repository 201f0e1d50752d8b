import { spawn, spawnSync } from 'node:child_process';

/** Whether kcat is installed; `npm test` installs it where it may. */
export const hasKcat = spawnSync('kcat', ['-V'], { stdio: 'ignore' }).status === 0;

/** A record as kcat prints it. */
export interface KcatRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  /** Length of the key, -1 for null. */
  readonly keyLength: number;
  readonly key: Buffer;
  /** Length of the value, -1 for null. */
  readonly valueLength: number;
  readonly value: Buffer;
  /** `name=value` pairs joined by commas. */
  readonly headers: Buffer;
}

/** Each field of a record ends with this byte, which the tests keep out of their data. */
const fieldEnd = 0x1e;
const format = ['%p', '%o', '%T', '%K', '%k', '%S', '%s', '%h'].map((field) => `${field}\\x1e`).join('');

/** Reads a partition from start to end with kcat, a client that shares nothing with the sidecar but the broker. */
export async function kcatRead(bootstrap: string, topic: string, partition = 0): Promise<KcatRecord[]> {
  const options = ['-C', '-b', bootstrap, '-t', topic, '-p', String(partition), '-o', 'beginning', '-e', '-q', '-f'];
  const fields = split(await run([...options, format]));
  const records: KcatRecord[] = [];
  for (let i = 0; i + 8 <= fields.length; i += 8) {
    const [p, offset, timestamp, keyLength, key, valueLength, value, headers] = fields.slice(i, i + 8);
    records.push({
      partition: Number(p),
      offset: Number(offset),
      timestamp: Number(timestamp),
      keyLength: Number(keyLength),
      key: key!,
      valueLength: Number(valueLength),
      value: value!,
      headers: headers!,
    });
  }
  return records;
}

function run(args: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('kcat', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new Error('kcat is missing; on Debian: apt-get install -y kcat') : error),
    );
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(output));
      else reject(new Error(`kcat ended with ${String(code)}:\n${errors}`));
    });
  });
}

function split(output: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let start = 0;
  for (let end = output.indexOf(fieldEnd); end !== -1; end = output.indexOf(fieldEnd, start)) {
    fields.push(output.subarray(start, end));
    start = end + 1;
  }
  return fields;
}
