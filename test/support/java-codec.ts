// What the sidecar encodes and decodes, seen by the makers' own Avro and Protobuf for Java. Both ways take many items, since
// each call starts a JVM, which takes a second or two.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetched } from './java-process.ts';

const program = fileURLToPath(new URL('java/Codec.java', import.meta.url));

/** Imports are the named types that the schema refers to, each after those it refers to itself. */
export interface AvroText {
  readonly type: 'avro';
  readonly schema: string;
  readonly imports?: readonly string[];
}

/** Imports are files by the path that `import` names; Protobuf's own are there. */
export interface ProtobufText {
  readonly type: 'protobuf';
  readonly schema: string;
  readonly imports?: Readonly<Record<string, string>>;
}

/** A whole record key or value in Confluent's wire format. */
export type Framed = (AvroText | ProtobufText) & { readonly bytes: Buffer };

/** `json` is what Avro's JsonDecoder or Protobuf's JsonFormat takes. */
export type Unframed = { readonly id: number; readonly json: string } & (
  | AvroText
  // Where the message type is in its file: the message's index, then those of the ones nested in it. [0] where absent.
  | (ProtobufText & { readonly indexes?: readonly number[] })
);

export interface JavaDecoded {
  /** The schema's id in the frame. */
  readonly id: number;
  /** As Avro's JsonEncoder and Protobuf's JsonFormat write it, with the default values of fields without presence. */
  readonly json: string;
  /** Of Protobuf: the place of the message type, and its full name. */
  readonly indexes?: readonly number[];
  readonly message?: string;
}

interface JavaEncoded {
  readonly hex: string;
}

/** Throws where Java takes one for broken: bytes left over and unknown fields are faults too. */
export function javaDecode(items: readonly Framed[]): Promise<JavaDecoded[]> {
  return run<JavaDecoded>(items.map(({ bytes, ...item }) => ({ ...item, hex: bytes.toString('hex') })));
}

/** Throws where the JSON does not fit the schema. */
export async function javaEncode(items: readonly Unframed[]): Promise<Buffer[]> {
  const results = await run<JavaEncoded>(
    items.map((item) => (item.type === 'avro' ? item : { indexes: [0], ...item })),
  );
  return results.map(({ hex }) => Buffer.from(hex, 'hex'));
}

async function run<Result extends object>(items: readonly { readonly type: string }[]): Promise<Result[]> {
  const libs = await fetched('codec-jars.mjs');
  const protoc = readdirSync(libs).find((name) => name.startsWith('protoc-'));
  const flags = ['-XX:TieredStopAtLevel=1', '-cp', join(libs, '*')];
  const child = spawn('java', [...flags, program, join(libs, protoc!)], { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const lines = items.map((item) => JSON.stringify({ imports: item.type === 'avro' ? [] : {}, ...item }));
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const code = await new Promise((resolve) => child.once('close', resolve));
  // A source file is run by the compiler, which a runtime environment alone does not have.
  if (code !== 0) throw new Error(`${program} needs a JDK, 17 or newer; it ended with ${String(code)}:\n${errors}`);
  const results = output.split('\n').slice(0, items.length);
  return results.map((line, index) => {
    const result = JSON.parse(line) as Result | { readonly error: string };
    if ('error' in result) throw new Error(`item ${index}: ${result.error}`);
    return result;
  });
}
