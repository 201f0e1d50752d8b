import { DecodeError } from '../../../../src/clients/codec/decode-error.ts';
import { EncodeError } from '../../../../src/clients/codec/encode-error.ts';
import { compileProtobuf, type ProtobufCodec } from '../../../../src/clients/codec/protobuf/protobuf.ts';

/** Files that a schema imports, by the names that the registry keeps. */
export type Imports = Readonly<Record<string, string>>;

/** A schema with both directions, as text: bytes as hex, refusals as sentences. */
export class ProtobufCase {
  readonly #codec: ProtobufCodec;

  constructor(text: string, imports: Imports = {}) {
    const references = Object.entries(imports).map(([name, imported]) => ({ name, text: imported }));
    this.#codec = compileProtobuf({ type: 'PROTOBUF', text, references });
  }

  /** The message's bytes as hex, without index, or why there are none. */
  encode(json: string): string {
    try {
      return Buffer.from(this.#codec.encode(Buffer.from(json)).message).toString('hex');
    } catch (error) {
      if (error instanceof EncodeError) return `refused at ${error.place}: ${error.message}`;
      throw error;
    }
  }

  /** The JSON text of a message given as hex, or why there is none. */
  decode(message: string | Buffer, index = '00'): string {
    const bytes = typeof message === 'string' ? Buffer.from(message, 'hex') : message;
    try {
      return this.#codec.decode(Buffer.concat([Buffer.from(index, 'hex'), bytes]), 0);
    } catch (error) {
      if (error instanceof DecodeError) return `refused: ${error.message}`;
      throw error;
    }
  }

  /** What is read of what was written. */
  roundTrip(json: string): string {
    const encoded = this.encode(json);
    return encoded.startsWith('refused') ? encoded : this.decode(encoded);
  }
}

export const proto3 = (text: string, imports: Imports = {}): ProtobufCase =>
  new ProtobufCase(`syntax = "proto3"; ${text}`, imports);

export const proto2 = (text: string, imports: Imports = {}): ProtobufCase =>
  new ProtobufCase(`syntax = "proto2"; ${text}`, imports);
