import { createHash } from 'node:crypto';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Resource } from '../../foundation/lifecycle.ts';
import {
  compileSchema,
  type CompiledSchema,
  type SchemaCodec,
  type SchemaCodecOptions,
} from '../codec/schema-codec.ts';
import { SchemaError, type SchemaDefinition, type SchemaType } from '../codec/schema-definition.ts';
import { LookupCache } from './lookup-cache.ts';
import { RegistryClient, type RegisteredSchema } from './registry-client.ts';
import type { RegistryConfig } from '../../foundation/config/registry-config.ts';

interface KnownSchema {
  readonly codec: SchemaCodec;
  readonly registered: RegisteredSchema;
}

/** What is kept of schemas is a multiple of their texts; characters. */
const maxTextLength = 33_554_432;

function textLength({ registered: { definition } }: KnownSchema): number {
  return definition.references.reduce((sum, { text }) => sum + text.length, definition.text.length);
}

/**
 * The schemas of a registry, looked up once and compiled once.
 *
 * Each method answers the schema itself where it is known, so that nothing waits, otherwise a promise. All throw or reject
 * with SidecarError ERR12208 for what the registry has not or refuses and ERR12229 when it cannot be used.
 */
export class SchemaRegistry implements Resource {
  readonly name = 'schema registry';
  readonly #settings: RegistryConfig;
  readonly #options: SchemaCodecOptions;
  readonly #client: RegistryClient;
  readonly #schemas: LookupCache<number, KnownSchema>;
  /** Ids by subject and version; by subject; by subject, type and hash of the text. */
  readonly #versions: LookupCache<string, number>;
  readonly #latest: LookupCache<string, number>;
  readonly #texts: LookupCache<string, number>;
  /** By id and subject: the id, where it is one of the subject's. */
  readonly #memberships: LookupCache<string, number>;

  constructor(settings: RegistryConfig, options: SchemaCodecOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#client = new RegistryClient(settings);
    const forever = { maxEntries: settings.cacheSize, ttlMs: Infinity };
    this.#schemas = new LookupCache({ ...forever, maxSize: maxTextLength, sizeOf: textLength });
    this.#versions = new LookupCache(forever);
    this.#texts = new LookupCache(forever);
    this.#memberships = new LookupCache(forever);
    this.#latest = new LookupCache({ maxEntries: settings.cacheSize, ttlMs: settings.latestTtlMs });
  }

  /** Nothing is asked at the start: an absent registry is met when it is needed. */
  async start(): Promise<void> {}

  /** Told as soon as shutdown begins: look-ups still waiting at `answerBy` (epoch ms) fail, so that requests are answered. */
  drain(answerBy: number): void {
    this.#client.drain(answerBy);
  }

  async stop(): Promise<void> {
    await this.#client.close();
  }

  byId(id: number): SchemaCodec | Promise<SchemaCodec> {
    const known = this.#known(id);
    return known instanceof Promise ? known.then(({ codec }) => codec) : known.codec;
  }

  /** A schema that must be one of the subject's. */
  byIdUnder(subject: string, id: number): SchemaCodec | Promise<SchemaCodec> {
    return this.#byLookedUpId(
      this.#memberships.get(`${id}\n${subject}`, async () => {
        const { registered } = await this.#known(id);
        const found = await this.#client.lookUp(subject, registered.definition, registered.references);
        if (found !== undefined) return id;
        throw new SidecarError('ERR12208', `schema id ${id} is not registered under subject ${subject}`);
      }),
    );
  }

  byVersion(subject: string, version: number): SchemaCodec | Promise<SchemaCodec> {
    return this.#byLookedUpId(
      this.#versions.get(`${version}\n${subject}`, () =>
        this.#remember(this.#client.schemaByVersion(subject, version)),
      ),
    );
  }

  latest(subject: string): SchemaCodec | Promise<SchemaCodec> {
    return this.#byLookedUpId(
      this.#latest.get(subject, () => this.#remember(this.#client.schemaByVersion(subject, 'latest'))),
    );
  }

  /** A schema given as its text, registered under the subject where it is not yet and `autoRegister` allows it. */
  byText(subject: string, type: SchemaType, text: string): SchemaCodec | Promise<SchemaCodec> {
    const hash = createHash('sha256').update(text).digest('base64');
    return this.#byLookedUpId(
      this.#texts.get(`${type}\n${hash}\n${subject}`, async () => {
        const definition = { type, text, references: [] };
        // A schema that is none is known before it is sent anywhere.
        const compiled = compile('the given schema', definition, this.#options);
        const id = await this.#idOf(subject, definition);
        if (!this.#schemas.has(id)) {
          this.#schemas.put(id, { codec: compiled(id), registered: { id, definition, references: [] } });
        }
        return id;
      }),
    );
  }

  async #idOf(subject: string, definition: SchemaDefinition): Promise<number> {
    if (this.#settings.autoRegister) return this.#client.register(subject, definition);
    const id = await this.#client.lookUp(subject, definition);
    if (id !== undefined) return id;
    throw new SidecarError(
      'ERR12208',
      `the schema is not registered under subject ${subject}, and schema.registry.auto.register.schemas is false`,
    );
  }

  #byLookedUpId(id: number | Promise<number>): SchemaCodec | Promise<SchemaCodec> {
    return typeof id === 'number' ? this.byId(id) : id.then((found) => this.byId(found));
  }

  #known(id: number): KnownSchema | Promise<KnownSchema> {
    return this.#schemas.get(id, async () => this.#compiled(await this.#client.schemaById(id)));
  }

  async #remember(registering: Promise<RegisteredSchema>): Promise<number> {
    const registered = await registering;
    if (!this.#schemas.has(registered.id)) this.#schemas.put(registered.id, this.#compiled(registered));
    return registered.id;
  }

  #compiled(registered: RegisteredSchema): KnownSchema {
    const { id, definition } = registered;
    return { codec: compile(`schema ${id}`, definition, this.#options)(id), registered };
  }
}

/** @param which what the schema is called where it is refused */
function compile(which: string, definition: SchemaDefinition, options: SchemaCodecOptions): CompiledSchema {
  try {
    return compileSchema(definition, options);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new SidecarError('ERR12208', `${which} is ${error.message}`, { cause: error });
  }
}
