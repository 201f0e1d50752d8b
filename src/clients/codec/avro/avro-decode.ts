import { isUtf8 } from 'node:buffer';
import { JsonWriter } from '../../../foundation/json/json-writer.ts';
import { DecodeError } from '../decode-error.ts';
import { AvroInput } from './avro-input.ts';
import {
  isPrimitive,
  maxEmptyItems,
  type AvroBranch,
  type AvroNode,
  type AvroPrimitive,
  type AvroRecord,
} from './avro-schema.ts';

/** Reads one value and writes it as JSON. Throws DecodeError. */
type Read = (input: AvroInput, out: JsonWriter) => void;

export interface AvroDecodeOptions {
  /** Write union values plainly, without their branch's name: light-4j's `useNoWrappingAvro`. */
  readonly isUnionPlain: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
/** A larger buffer is given back after use, bytes. */
const keptBytes = 1_048_576;
/** Records without bytes of their own, each holding two others, would make gigabytes of a few bytes. */
const maxJsonBytes = 67_108_864;
/** From here on numbers are printed with an exponent. */
const smallestExponential = 1e21;
const maxInt = 2_147_483_647;

/**
 * Compiles a schema to a function that turns Avro's binary encoding into Avro's JSON encoding, straight from bytes to
 * bytes: a `long` keeps every digit, and text that needs no escape is copied as it stands.
 *
 * @returns takes the bytes and where the datum begins in them; throws DecodeError
 */
export function compileAvroDecoder(
  schema: AvroNode,
  options: AvroDecodeOptions,
): (bytes: Buffer, from: number) => Buffer {
  const read = new ReaderCompiler(options).readerOf(schema);
  const out = new JsonWriter(1_024);
  return (bytes, from) => {
    const input = new AvroInput(bytes, from);
    try {
      read(input, out);
    } catch (error) {
      out.reset(keptBytes);
      if (error instanceof RangeError) throw new DecodeError('the value nests too deep');
      throw error;
    }
    if (input.remaining > 0) {
      out.reset(keptBytes);
      throw new DecodeError(`${input.remaining} bytes are left over behind the value`);
    }
    return out.takeCopy(keptBytes);
  };
}

class ReaderCompiler {
  readonly #options: AvroDecodeOptions;
  readonly #named = new Map<AvroNode, Read>();

  constructor(options: AvroDecodeOptions) {
    this.#options = options;
  }

  readerOf(node: AvroNode): Read {
    if (isPrimitive(node)) return primitiveReaders[node.kind];
    switch (node.kind) {
      case 'record':
        return this.#recordReader(node);
      case 'enum':
        return enumReader(node.symbols);
      case 'fixed':
        return (input, out) => writeLatin1(input, out, node.size);
      case 'array':
        return blocksReader('[', ']', this.readerOf(node.items));
      case 'map':
        return blocksReader('{', '}', memberReader(this.readerOf(node.values)));
      case 'union':
        return this.#unionReader(node.branches);
    }
  }

  #recordReader(node: AvroRecord): Read {
    const known = this.#named.get(node);
    if (known !== undefined) return known;
    const names: Buffer[] = [];
    const reads: Read[] = [];
    const read: Read = (input, out) => {
      for (let i = 0; i < reads.length; i++) {
        const name = names[i]!;
        out.slice(name, 0, name.length);
        reads[i]!(input, out);
      }
      out.text(reads.length === 0 ? '{}' : '}');
      if (out.length > maxJsonBytes) throw new DecodeError(`its JSON has more than ${maxJsonBytes} bytes`);
    };
    this.#named.set(node, read);
    for (const { name, type } of node.fields) {
      names.push(Buffer.from(`${names.length === 0 ? '{' : ','}${JSON.stringify(name)}:`));
      reads.push(this.readerOf(type));
    }
    return read;
  }

  #unionReader(branches: readonly AvroBranch[]): Read {
    const reads = branches.map(({ node }) => this.readerOf(node));
    const heads = branches.map(({ name, node }) =>
      node.kind === 'null' || this.#options.isUnionPlain ? undefined : `{${JSON.stringify(name)}:`,
    );
    return (input, out) => {
      const index = input.long();
      const read = reads[Number(index)];
      if (read === undefined) throw new DecodeError(`a union has no branch ${index}`);
      const head = heads[Number(index)];
      if (head === undefined) {
        read(input, out);
        return;
      }
      out.text(head);
      read(input, out);
      out.text('}');
    };
  }
}

const primitiveReaders: Readonly<Record<AvroPrimitive, Read>> = {
  null: (_, out) => out.text('null'),
  boolean: (input, out) => {
    const byte = input.byte();
    if (byte > 1) throw new DecodeError(`a boolean has the byte ${byte}`);
    out.text(byte === 1 ? 'true' : 'false');
  },
  int: (input, out) => {
    const value = input.long();
    if (typeof value === 'bigint' || value > maxInt || value < -maxInt - 1) {
      throw new DecodeError(`an int has the value ${value}`);
    }
    out.text(String(value));
  },
  long: (input, out) => out.text(String(input.long())),
  float: (input, out) => out.text(decimalText(input.float(), shortestFloat)),
  double: (input, out) => out.text(decimalText(input.double(), String)),
  string: writeString,
  bytes: (input, out) => writeLatin1(input, out, input.size('a byte sequence')),
};

function enumReader(symbols: readonly string[]): Read {
  const texts = symbols.map((symbol) => JSON.stringify(symbol));
  return (input, out) => {
    const index = input.long();
    const text = texts[Number(index)];
    if (text === undefined) throw new DecodeError(`an enum has no symbol ${index}`);
    out.json(text);
  };
}

/** Arrays and maps: blocks of items, each begun by a count, negative where the block's size in bytes follows. */
function blocksReader(open: string, close: string, readItem: Read): Read {
  return (input, out) => {
    out.text(open);
    let isFirst = true;
    for (let count = input.long(); count !== 0; count = input.long()) {
      if (typeof count === 'bigint') throw new DecodeError(`a block has ${count} items`);
      if (count < 0) input.size('a block');
      for (let left = Math.abs(count); left > 0; left--) {
        if (!isFirst) out.byte(comma);
        isFirst = false;
        const { position } = input;
        readItem(input, out);
        if (input.position === position && ++input.emptyItems > maxEmptyItems) {
          throw new DecodeError(`there are more than ${maxEmptyItems} items of no bytes`);
        }
      }
    }
    out.text(close);
  };
}

function memberReader(readValue: Read): Read {
  return (input, out) => {
    writeString(input, out);
    out.text(':');
    readValue(input, out);
  };
}

function writeString(input: AvroInput, out: JsonWriter): void {
  const size = input.size('a string');
  const start = input.pass(size);
  const end = start + size;
  const { bytes } = input;
  let all = 0;
  let isPlain = true;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    all |= byte;
    if (byte < 0x20 || byte === quote || byte === backslash) {
      isPlain = false;
      break;
    }
  }
  if ((all >= 0x80 || !isPlain) && !isUtf8(bytes.subarray(start, end))) throw new DecodeError('a string is not UTF-8');
  if (!isPlain) {
    out.json(JSON.stringify(bytes.toString('utf8', start, end)));
    return;
  }
  out.byte(quote);
  out.slice(bytes, start, end);
  out.byte(quote);
}

/** Bytes as a string of the characters U+0000 to U+00FF. */
function writeLatin1(input: AvroInput, out: JsonWriter, size: number): void {
  const start = input.pass(size);
  out.json(JSON.stringify(input.bytes.toString('latin1', start, start + size)));
}

/** A floating point number as Java prints it, so that it is seen to be one; those that JSON cannot write as their names. */
function decimalText(value: number, shortest: (value: number) => string): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const text = shortest(value);
  return Number.isInteger(value) && Math.abs(value) < smallestExponential ? `${text}.0` : text;
}

/** The fewest digits that give the same 32-bit number; some more for the tiniest. */
function shortestFloat(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}
