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
  /** The value stands in an object with the branch's name. */
  readonly isWrapped: boolean;
}

/** More than any schema has, so that a place in the text and a union's number make one number. */
const unionsPerSchema = 2 ** 20;

/**
 * Which branches a plain JSON value may mean, in the order they are tried among those the union has. A whole number keeps
 * its digits where a branch can; an enum whose symbol fits says more than a string does.
 */
const kindsOf: Readonly<Record<string, readonly AvroNode['kind'][]>> = {
  Null: ['null'],
  Boolean: ['boolean'],
  Number: ['int', 'long', 'double', 'float'],
  Fraction: ['double', 'float', 'int', 'long'],
  String: ['enum', 'string', 'bytes', 'fixed', 'double', 'float'],
  JSONArray: ['array'],
  JSONObject: ['record', 'map'],
};

/**
 * Writes a union's value given wrapped, `{"branch": value}`, or plain. A wrapper wins where both could be meant; plain, the
 * first branch that takes the value. A default is plain, and the first branch goes first, as the specification has it.
 *
 * @param id tells the unions of a schema apart
 */
export function unionWriter(id: number, branches: readonly Branch[]): Write {
  const candidates = branches.map((branch, index): Candidate => ({ ...branch, index, isWrapped: false }));
  const byName = new Map(candidates.map((candidate) => [candidate.name, { ...candidate, isWrapped: true }]));
  const byKind = new Map(
    Object.entries(kindsOf).map(([found, kinds]) => [
      found,
      kinds.flatMap((kind) => candidates.filter((candidate) => candidate.kind === kind)),
    ]),
  );
  const expected = `one of ${branches.map(({ name }) => name).join(', ')}`;
  const attemptsAt = (input: JsonReader, out: AvroOutput, found: string): readonly Candidate[] => {
    if (out.isDefault) return candidates;
    const plain = byKind.get(found === 'Number' && isFraction(input) ? 'Fraction' : found)!;
    const wrapped = input.bytes[input.position] === openBrace ? wrapperOf(input, byName) : undefined;
    if (wrapped === undefined) return plain;
    return plain.length === 0 ? [wrapped] : [wrapped, ...plain];
  };
  return (input, out) => {
    const found = foundKind(input);
    const attempts = attemptsAt(input, out, found);
    if (attempts.length === 0) refuse(out, expected, found);
    if (attempts.length === 1) writeBranch(input, out, attempts[0]!);
    else writeFirst(input, out, attempts, input.position * unionsPerSchema + id);
  };
}

/** Whether a number goes on with a point or an exponent behind its digits. */
function isFraction({ bytes, position }: JsonReader): boolean {
  let at = bytes[position] === 0x2d ? position + 1 : position;
  while (bytes[at]! >= 0x30 && bytes[at]! <= 0x39) at++;
  return bytes[at] === 0x2e || bytes[at] === 0x65 || bytes[at] === 0x45;
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

/**
 * The first branch that takes the value. What came of it is kept: an outer union that tries its own branches comes here
 * again for each of them, and with a choice at every level the attempts would double from level to level.
 */
function writeFirst(input: JsonReader, out: AvroOutput, attempts: readonly Candidate[], place: number): void {
  const known = out.choices.get(place);
  if (known instanceof EncodeError) throw known;
  if (known !== undefined) {
    writeBranch(input, out, known as Candidate);
    return;
  }
  const mark = markOf(input, out);
  const faults: EncodeError[] = [];
  for (const branch of attempts) {
    try {
      writeBranch(input, out, branch);
      out.choices.set(place, branch);
      return;
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      faults.push(error);
      mark.reset();
    }
  }
  const fault = attempts[0]!.isWrapped ? faults[0]! : deepest(faults);
  out.choices.set(place, fault);
  throw fault;
}

/** The fault that lies deepest in the value says most. */
function deepest(faults: readonly EncodeError[]): EncodeError {
  return faults.reduce((best, fault) => (fault.place.length > best.place.length ? fault : best));
}

function writeBranch(input: JsonReader, out: AvroOutput, { index, isWrapped, name, write }: Candidate): void {
  out.long(index);
  if (!isWrapped) {
    write(input, out);
    return;
  }
  input.enter();
  input.nextName();
  out.path[out.depth++] = name;
  write(input, out);
  out.depth--;
  input.leaves();
}

/** Where reading and writing stand, to go back to. */
function markOf(input: JsonReader, out: AvroOutput): { reset(): void } {
  const { position } = input;
  const { length, depth, emptyItems } = out;
  return {
    reset() {
      input.position = position;
      out.length = length;
      out.depth = depth;
      out.emptyItems = emptyItems;
    },
  };
}
