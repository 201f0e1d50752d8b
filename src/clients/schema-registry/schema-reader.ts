import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import { DecodeError } from '../codec/decode-error.ts';
import type { Decoder } from '../codec/decode.ts';
import { peekSchemaId, schemaIdOf } from '../codec/wire-format.ts';
import type { SchemaRegistry } from './schema-registry.ts';

/** Decodes keys or values that name their schema. */
export class SchemaReader {
  readonly #registry: SchemaRegistry;

  constructor(registry: SchemaRegistry) {
    this.#registry = registry;
  }

  /**
   * A decoder for these bytes, whose schemas are all looked up before.
   *
   * @throws SidecarError ERR12229 when the registry cannot be used: then nothing can be said about the bytes
   */
  decoderFor(all: readonly (Buffer | null)[]): Decoder | Promise<Decoder> {
    const decoders = new Map<number, Decoder>();
    const lookups: Promise<unknown>[] = [];
    for (const id of idsOf(all)) {
      const found = this.#decoderOf(id);
      if (found instanceof Promise) lookups.push(found.then((decode) => decoders.set(id, decode)));
      else decoders.set(id, found);
    }
    const decode: Decoder = (bytes) => decoders.get(schemaIdOf(bytes))!(bytes);
    return lookups.length === 0 ? decode : Promise.all(lookups).then(() => decode);
  }

  #decoderOf(id: number): Decoder | Promise<Decoder> {
    try {
      const found = this.#registry.byId(id);
      return found instanceof Promise ? found.then(({ decode }) => decode, refusing) : found.decode;
    } catch (error) {
      return refusing(error);
    }
  }
}

/** The distinct ids; bytes without one are told of when they are decoded. */
function idsOf(all: readonly (Buffer | null)[]): Set<number> {
  const ids = new Set<number>();
  let last: number | undefined;
  for (const bytes of all) {
    const id = bytes === null ? undefined : peekSchemaId(bytes);
    if (id === undefined || id === last) continue;
    last = id;
    ids.add(id);
  }
  return ids;
}

/** What the registry has not is told of each record that needs it; an outage fails the whole read. */
function refusing(error: unknown): Decoder {
  if (!(error instanceof SidecarError) || error.code !== 'ERR12208') throw error;
  return () => {
    throw new DecodeError(`cannot be read: ${error.description}`);
  };
}
