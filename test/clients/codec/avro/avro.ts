import { compileAvroDecoder } from '../../../../src/clients/codec/avro/avro-decode.ts';
import { compileAvroEncoder } from '../../../../src/clients/codec/avro/avro-encode.ts';
import { parseAvroSchema } from '../../../../src/clients/codec/avro/avro-schema.ts';
import { DecodeError } from '../../../../src/clients/codec/decode-error.ts';
import { EncodeError } from '../../../../src/clients/codec/encode-error.ts';
import type { ReferencedSchema } from '../../../../src/clients/codec/schema-definition.ts';

export interface AvroCaseOptions {
  readonly references?: readonly ReferencedSchema[];
  /** Read unions without their branch's name. */
  readonly isUnionPlain?: boolean;
}

/** A schema with both directions, as text: bytes as hex, refusals as sentences. */
export class AvroCase {
  readonly #encode: (text: Buffer) => Buffer;
  readonly #decode: (bytes: Buffer, from: number) => Buffer;

  /** @param schema its text, or what its JSON holds */
  constructor(schema: unknown, { references = [], isUnionPlain = false }: AvroCaseOptions = {}) {
    const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
    const node = parseAvroSchema({ type: 'AVRO', text, references });
    this.#encode = compileAvroEncoder(node, Buffer.alloc(0));
    this.#decode = compileAvroDecoder(node, { isUnionPlain });
  }

  /** Bytes of the JSON text of a value. */
  bytes(json: string): Buffer {
    return this.#encode(Buffer.from(json));
  }

  /** The same as hex, or why there are none. */
  encode(json: string): string {
    try {
      return this.bytes(json).toString('hex');
    } catch (error) {
      if (error instanceof EncodeError) return `refused at ${error.place}: ${error.message}`;
      throw error;
    }
  }

  /** The JSON text of bytes or hex, or why there is none. */
  decode(bytes: Buffer | string): string {
    try {
      return this.#decode(typeof bytes === 'string' ? Buffer.from(bytes, 'hex') : bytes, 0).toString();
    } catch (error) {
      if (error instanceof DecodeError) return `refused: ${error.message}`;
      throw error;
    }
  }

  /** What is read of what was written. */
  roundTrip(json: string): string {
    return this.decode(this.bytes(json));
  }
}

/** A record with fields in their order: type, or type and default. */
export function recordOf(fields: Readonly<Record<string, unknown>>, name = 'R'): object {
  return {
    type: 'record',
    name,
    fields: Object.entries(fields).map(([field, type]) =>
      type instanceof WithDefault ? { name: field, type: type.type, default: type.value } : { name: field, type },
    ),
  };
}

class WithDefault {
  readonly type: unknown;
  readonly value: unknown;

  constructor(type: unknown, value: unknown) {
    this.type = type;
    this.value = value;
  }
}

export const withDefault = (type: unknown, value: unknown): unknown => new WithDefault(type, value);

/** A number as Avro writes it, computed the slow way. */
export function zigzag(value: bigint): string {
  let rest = value >= 0n ? value * 2n : -value * 2n - 1n;
  let text = '';
  for (; rest > 127n; rest /= 128n) text += ((rest % 128n) + 128n).toString(16);
  return text + rest.toString(16).padStart(2, '0');
}
