import { openBrace } from '../../../foundation/json/json-scan.ts';
import type { JsonReader } from '../../../foundation/json/json-reader.ts';
import { EncodeError } from '../encode-error.ts';
import type { AvroOutput } from './avro-output.ts';
import type { AvroNode } from './avro-schema.ts';
import { foundKind, refuse, type Write } from './avro-write.ts';

interface Branch {
  readonly name: string;
  readonly kind: AvroNode['kind'];
  readonly write: Write;
}

interface Candidate extends Branch {
  readonly index: number;
}

/**
 * Which branches a plain JSON value may mean, in the order they are tried among those the union has. A whole number keeps
 * its digits where a branch can; an enum whose symbol fits says more than a string does.
 */
const kindsOf: Readonly<Record<string, readonly AvroNode['kind'][]>> = {
  Null: ['null'],
  Boolean: ['boolean'],
  Number: ['int', 'long', 'double', 'float'],
  String: ['enum', 'string', 'bytes', 'fixed', 'double', 'float'],
  JSONArray: ['array'],
  JSONObject: ['record', 'map'],
};

/**
 * Writes a union's value given wrapped, `{"branch": value}`, or plain. A wrapper wins where both could be meant; plain, the
 * first branch that takes the value.
 */
export function unionWriter(branches: readonly Branch[]): Write {
  const candidates = branches.map((branch, index): Candidate => ({ ...branch, index }));
  const byName = new Map(candidates.map((candidate) => [candidate.name, candidate]));
  const byKind = new Map(
    Object.entries(kindsOf).map(([found, kinds]) => [
      found,
      kinds.flatMap((kind) => candidates.filter((candidate) => candidate.kind === kind)),
    ]),
  );
  const expected = `one of ${branches.map(({ name }) => name).join(', ')}`;
  return (input, out) => {
    const found = foundKind(input);
    const plain = byKind.get(found)!;
    if (input.bytes[input.position] === openBrace) {
      const wrapped = wrapperOf(input, byName);
      if (wrapped !== undefined) {
        writeWrapped(input, out, wrapped, plain);
        return;
      }
    }
    if (plain.length === 0) refuse(out, expected, found);
    writeFirst(input, out, plain);
  };
}

/** The branch that an object of one member names; the input stays where it is. */
function wrapperOf(input: JsonReader, byName: ReadonlyMap<string, Candidate>): Candidate | undefined {
  const start = input.position;
  input.enter();
  const name = input.nextName();
  const branch = name === undefined ? undefined : byName.get(name);
  if (branch !== undefined) input.skip();
  const isOnly = branch !== undefined && input.leaves();
  input.position = start;
  return isOnly ? branch : undefined;
}

/** As a wrapper; where its value does not fit and a record or map could be meant, as that. */
function writeWrapped(input: JsonReader, out: AvroOutput, branch: Candidate, plain: readonly Candidate[]): void {
  const mark = markOf(input, out);
  try {
    input.enter();
    input.nextName();
    out.long(branch.index);
    out.path[out.depth++] = branch.name;
    branch.write(input, out);
    out.depth--;
    input.leaves();
  } catch (error) {
    if (!(error instanceof EncodeError) || plain.length === 0) throw error;
    mark.reset();
    try {
      writeFirst(input, out, plain);
    } catch {
      throw error;
    }
  }
}

/** The first branch that takes the value; where none does, the fault that lies deepest in it says most. */
function writeFirst(input: JsonReader, out: AvroOutput, plain: readonly Candidate[]): void {
  if (plain.length === 1) {
    writeBranch(input, out, plain[0]!);
    return;
  }
  const mark = markOf(input, out);
  let deepest: EncodeError | undefined;
  for (const branch of plain) {
    try {
      writeBranch(input, out, branch);
      return;
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      if (deepest === undefined || error.place.length > deepest.place.length) deepest = error;
      mark.reset();
    }
  }
  throw deepest!;
}

function writeBranch(input: JsonReader, out: AvroOutput, branch: Candidate): void {
  out.long(branch.index);
  branch.write(input, out);
}

/** Where reading and writing stand, to go back to. */
function markOf(input: JsonReader, out: AvroOutput): { reset(): void } {
  const { position } = input;
  const { length, depth } = out;
  return {
    reset() {
      input.position = position;
      out.length = length;
      out.depth = depth;
    },
  };
}
