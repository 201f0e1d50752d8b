import { closeBracket, openBrace, openBracket, quote } from '../../../foundation/json/json-scan.ts';
import { JsonReader } from '../../../foundation/json/json-reader.ts';
import { EncodeError } from '../encode-error.ts';
import { AvroOutput } from './avro-output.ts';
import { foundKind, refuse, type Write } from './avro-write.ts';
import { primitiveWriters } from './avro-primitives.ts';
import { isPrimitive, maxEmptyItems, type AvroBranch, type AvroNode, type AvroRecord } from './avro-schema.ts';
import { unionWriter } from './avro-union.ts';

/**
 * Compiles a schema to a function that turns the JSON text of a value into Avro's binary encoding, straight from bytes to
 * bytes: a `long` keeps every digit, and text without escapes is copied as it stands.
 *
 * Takes Avro's JSON encoding (non-null union values wrapped in their branch's name) and plain values alike. A missing field
 * takes its default; an unknown one is refused.
 *
 * @param frame written before each datum
 * @returns throws EncodeError naming the place
 */
export function compileAvroEncoder(schema: AvroNode, frame: Buffer): (text: Buffer) => Buffer {
  const write = new WriterCompiler().writerOf(schema);
  const out = new AvroOutput();
  return (text) => {
    out.begin(frame);
    write(new JsonReader(text), out);
    return out.finish();
  };
}

interface FieldWriter {
  readonly name: string;
  readonly nameBytes: Buffer;
  readonly write: Write;
  readonly defaultText: Buffer | undefined;
  /** The default's encoding, made when first needed: null where it has none that fits the type. */
  defaultBytes: Buffer | null | undefined;
}

/** Makes one writer per named type, so that a type that contains itself ends. */
class WriterCompiler {
  readonly #named = new Map<AvroNode, Write>();
  #unions = 0;

  writerOf(node: AvroNode): Write {
    if (isPrimitive(node)) return primitiveWriters[node.kind];
    switch (node.kind) {
      case 'record':
        return this.#once(node, () => this.#recordWriter(node));
      case 'enum':
        return enumWriter(node.name, node.symbols);
      case 'fixed':
        return primitiveWriters.fixed(node.name, node.size);
      case 'array':
        return arrayWriter(this.writerOf(node.items));
      case 'map':
        return mapWriter(this.writerOf(node.values));
      case 'union':
        return this.#unionWriter(node.branches);
    }
  }

  #once(node: AvroNode, make: () => Write): Write {
    const known = this.#named.get(node);
    if (known !== undefined) return known;
    let made: Write | undefined;
    this.#named.set(node, (input, out) => made!(input, out));
    made = make();
    this.#named.set(node, made);
    return made;
  }

  #unionWriter(branches: readonly AvroBranch[]): Write {
    const id = this.#unions++;
    return unionWriter(
      id,
      branches.map(({ name, node }) => ({ name, kind: node.kind, write: this.writerOf(node) })),
    );
  }

  #recordWriter({ name, fields }: AvroRecord): Write {
    const writers = fields.map(({ name: field, type, defaultText }): FieldWriter => ({
      name: field,
      nameBytes: Buffer.from(field),
      write: this.writerOf(type),
      defaultText: defaultText === undefined ? undefined : Buffer.from(defaultText),
      defaultBytes: undefined,
    }));
    const indexes = new Map(fields.map((field, index) => [field.name, index]));
    return (input, out) => {
      if (input.peek() !== openBrace) refuse(out, `record ${name}`, foundKind(input));
      input.enter();
      let index = 0;
      for (; index < writers.length; index++) {
        const field = writers[index]!;
        if (!input.passName(field.nameBytes)) break;
        out.path[out.depth++] = field.name;
        field.write(input, out);
        out.depth--;
      }
      if (index === writers.length && input.leaves()) return;
      writeRest(input, out, name, writers, indexes, index);
    };
  }
}

/** The members of a record from the first that does not stand in the schema's order; fields before `from` are written. */
function writeRest(
  input: JsonReader,
  out: AvroOutput,
  record: string,
  fields: readonly FieldWriter[],
  indexes: ReadonlyMap<string, number>,
  from: number,
): void {
  const starts: number[] = Array.from({ length: fields.length }, () => -1);
  for (let name = input.nextName(); name !== undefined; name = input.nextName()) {
    const index = indexes.get(name);
    if (index === undefined)
      throw new EncodeError(out.place, `extraneous key [${name}] is not permitted by record ${record}`);
    if (index < from || starts[index] !== -1) throw new EncodeError(out.place, `key [${name}] is given twice`);
    starts[index] = input.position;
    input.skip();
  }
  const end = input.position;
  for (let index = from; index < fields.length; index++) {
    const field = fields[index]!;
    if (starts[index] === -1) writeDefault(out, field);
    else {
      input.position = starts[index]!;
      out.path[out.depth++] = field.name;
      field.write(input, out);
      out.depth--;
    }
  }
  input.position = end;
}

function writeDefault(out: AvroOutput, field: FieldWriter): void {
  field.defaultBytes ??= encodeDefault(field);
  if (field.defaultBytes === null) throw new EncodeError(out.place, `required key [${field.name}] not found`);
  out.copy(field.defaultBytes, 0, field.defaultBytes.length);
}

function encodeDefault({ write, defaultText }: FieldWriter): Buffer | null {
  if (defaultText === undefined) return null;
  const out = new AvroOutput(true);
  try {
    write(new JsonReader(defaultText), out);
    return out.finish();
  } catch (error) {
    // A record whose default holds itself never ends.
    if (error instanceof EncodeError || error instanceof RangeError) return null;
    throw error;
  }
}

function enumWriter(name: string, symbols: readonly string[]): Write {
  const indexes = new Map(symbols.map((symbol, index) => [symbol, index]));
  return (input, out) => {
    if (input.peek() !== quote) refuse(out, `enum ${name}`, foundKind(input));
    const symbol = input.readString();
    const index = indexes.get(symbol);
    if (index === undefined) {
      throw new EncodeError(out.place, `${JSON.stringify(symbol)} is no symbol of enum ${name}: ${symbols.join(', ')}`);
    }
    out.long(index);
  };
}

/** One block with all the items, then the empty block that ends an array. */
function arrayWriter(write: Write): Write {
  return (input, out) => {
    if (input.peek() !== openBracket) refuse(out, 'array', foundKind(input));
    input.enter();
    if (input.peek() === closeBracket) {
      input.enter();
      out.byte(0);
      return;
    }
    const at = out.length;
    out.byte(0);
    let count = 0;
    while (!input.leaves()) {
      out.path[out.depth++] = count++;
      const { length } = out;
      write(input, out);
      out.depth--;
      if (out.length === length && ++out.emptyItems > maxEmptyItems) {
        throw new EncodeError(out.place, `a value may have ${maxEmptyItems} items that take no bytes, and has more`);
      }
    }
    out.insertCount(at, count);
    out.byte(0);
  };
}

function mapWriter(write: Write): Write {
  return (input, out) => {
    if (input.peek() !== openBrace) refuse(out, 'map', foundKind(input));
    input.enter();
    const at = out.length;
    out.byte(0);
    const names = new Set<string>();
    for (let name = input.nextName(); name !== undefined; name = input.nextName()) {
      if (names.has(name)) throw new EncodeError(out.place, `key [${name}] is given twice`);
      if (!name.isWellFormed()) throw new EncodeError(out.place, 'a key holds a lone surrogate');
      names.add(name);
      const key = Buffer.from(name);
      out.block(key, 0, key.length);
      out.path[out.depth++] = name;
      write(input, out);
      out.depth--;
    }
    if (names.size === 0) return;
    out.insertCount(at, names.size);
    out.byte(0);
  };
}
