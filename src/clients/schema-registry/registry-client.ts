import createApi, { type SchemaRegistryAPIClient } from '@kafkajs/confluent-schema-registry/dist/api/index.js';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { ReferencedSchema, SchemaDefinition, SchemaType } from '../codec/schema-definition.ts';
import type { RegistryConfig } from '../../foundation/config/registry-config.ts';
import { RegistryTransport, unreachable, type RegistryAnswer } from './registry-transport.ts';

/** Schemas that one schema may refer to, those that they refer to included. */
const maxReferences = 200;

export interface RegisteredSchema {
  readonly id: number;
  readonly definition: SchemaDefinition;
  /** How the registry writes what the schema refers to. */
  readonly references: readonly Reference[];
}

/** What a registry keeps as its reference to another schema. */
export interface Reference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

interface RegistryRequestOfLibrary {
  url(): string;
  method(): string;
  headers(): Readonly<Record<string, unknown>>;
  body(): unknown;
}

/**
 * Talks to a Confluent-compatible schema registry; remembers nothing.
 *
 * All methods throw SidecarError ERR12229 when the registry cannot be used and ERR12208 when it has not what was asked for.
 */
export class RegistryClient {
  readonly #transport: RegistryTransport;
  readonly #apis: readonly SchemaRegistryAPIClient[];
  /** The one asked first: it answered last, or its turn has come. */
  #preferred = 0;

  constructor(settings: RegistryConfig) {
    this.#transport = new RegistryTransport(settings);
    this.#apis = settings.urls.map((host) =>
      createApi.default({
        host,
        clientId: 'kafka-sidecar',
        // The outermost stage of the library's chain: it answers, so that the library's own carrier never runs.
        middlewares: [() => ({ response: (_next, _renew, request) => this.#carry(request) as Promise<never> })],
      }),
    );
  }

  async schemaById(id: number): Promise<RegisteredSchema> {
    // Bytes that are no frame at all can look like one with any id.
    if (id < 1) throw notFound(`${id} is no schema id`);
    const answer = await this.#call((api) => api.Schema.find({ id }));
    if (answer.status >= 400) throw notFound(`schema id ${id} is not known to the schema registry`, answer);
    return this.#registered(id, answer);
  }

  /** @param version a number, or `latest` */
  async schemaByVersion(subject: string, version: number | 'latest'): Promise<RegisteredSchema> {
    const answer = await this.#version(subject, version);
    return this.#registered(idOf(answer), answer);
  }

  /** The id under which a subject has this schema; undefined where it has not. */
  async lookUp(
    subject: string,
    definition: SchemaDefinition,
    references: readonly Reference[] = [],
  ): Promise<number | undefined> {
    const body = bodyOf(definition, references);
    const answer = await this.#call((api) => api.Subject.registered({ subject, body }));
    if (answer.status === 404) return undefined;
    return idOf(checkedForRefusal(answer, subject));
  }

  /** Registers a schema that refers to none; answers its id, also where it was there before. */
  async register(subject: string, definition: SchemaDefinition): Promise<number> {
    const body = bodyOf(definition, []);
    const answer = await this.#call((api) => api.Subject.register({ subject, body }));
    return idOf(checkedForRefusal(answer, subject));
  }

  /** Ends what is still waiting at `answerBy` (epoch ms). */
  drain(answerBy: number): void {
    this.#transport.drain(answerBy);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #version(subject: string, version: number | 'latest'): Promise<RegistryAnswer> {
    const answer = await this.#call((api) =>
      version === 'latest' ? api.Subject.latestVersion({ subject }) : api.Subject.version({ subject, version }),
    );
    if (answer.status < 400) return answer;
    const wanted = version === 'latest' ? 'schema' : `version ${version}`;
    throw notFound(`subject ${subject} has no ${wanted} in the schema registry`, answer);
  }

  async #registered(id: number, answer: RegistryAnswer): Promise<RegisteredSchema> {
    const text = textOf(answer);
    const references = referencesOf(answer);
    return { id, definition: { type: typeOf(answer), text, references: await this.#resolve(references) }, references };
  }

  /** What is referred to, each behind what it refers to itself. */
  async #resolve(references: readonly Reference[]): Promise<ReferencedSchema[]> {
    const resolved: ReferencedSchema[] = [];
    const seen = new Set<string>();
    const add = async (reference: Reference): Promise<void> => {
      const { name, subject, version } = reference;
      // One name stands for one schema, the first: a second version under it could not be told apart.
      if (seen.has(name)) return;
      if (seen.size >= maxReferences) throw notFound(`a schema refers to more than ${maxReferences} others`);
      seen.add(name);
      const answer = await this.#version(subject, version);
      const text = textOf(answer);
      for (const deeper of referencesOf(answer)) await add(deeper);
      resolved.push({ name, text });
    };
    for (const reference of references) await add(reference);
    return resolved;
  }

  /** Asks one registry after the other until one can be used. */
  async #call(ask: (api: SchemaRegistryAPIClient) => Promise<unknown>): Promise<RegistryAnswer> {
    let fault: unknown;
    for (let attempt = 0; attempt < this.#apis.length; attempt++) {
      const index = this.#preferred;
      try {
        return (await ask(this.#apis[index]!)) as RegistryAnswer;
      } catch (error) {
        fault = error;
        // Unless another call has turned away from it already.
        if (index === this.#preferred) this.#preferred = (index + 1) % this.#apis.length;
      }
    }
    throw fault instanceof SidecarError ? fault : unreachable(String(fault), fault);
  }

  #carry(request: RegistryRequestOfLibrary): Promise<RegistryAnswer> {
    const body = request.body();
    return this.#transport.send({
      url: request.url(),
      method: request.method(),
      headers: Object.fromEntries(Object.entries(request.headers()).map(([name, value]) => [name, String(value)])),
      body: typeof body === 'string' ? body : undefined,
    });
  }
}

function textOf({ body }: RegistryAnswer): string {
  const text = body['schema'];
  if (typeof text === 'string') return text;
  throw unreachable('it answered without a schema');
}

/** The registry's words for the formats; a registry leaves out the type of Avro schemas. */
const typeNames = new Map<string, SchemaType>([
  ['AVRO', 'AVRO'],
  ['JSON', 'JSONSCHEMA'],
  ['PROTOBUF', 'PROTOBUF'],
]);

function typeOf({ body }: RegistryAnswer): SchemaType {
  const name = typeof body['schemaType'] === 'string' ? body['schemaType'] : 'AVRO';
  const type = typeNames.get(name);
  if (type === undefined) throw notFound(`schema type ${name} is not known; AVRO, JSON and PROTOBUF are`);
  return type;
}

function bodyOf({ type, text }: SchemaDefinition, references: readonly Reference[]) {
  return {
    schema: text,
    ...(type === 'AVRO' ? {} : { schemaType: type === 'JSONSCHEMA' ? 'JSON' : type }),
    ...(references.length === 0 ? {} : { references }),
  };
}

function referencesOf({ body }: RegistryAnswer): Reference[] {
  const { references } = body;
  if (!Array.isArray(references)) return [];
  return references.map((reference: unknown) => {
    const { name, subject, version } = (reference ?? {}) as Partial<Reference>;
    if (typeof name === 'string' && typeof subject === 'string' && typeof version === 'number') {
      return { name, subject, version };
    }
    throw unreachable('it answered with a reference that is none');
  });
}

/** A frame has room for 32 bits. */
const maxId = 2_147_483_647;

function idOf({ body }: RegistryAnswer): number {
  const { id } = body;
  if (typeof id === 'number' && Number.isInteger(id) && id >= 1 && id <= maxId) return id;
  throw unreachable('it answered without id');
}

function checkedForRefusal(answer: RegistryAnswer, subject: string): RegistryAnswer {
  if (answer.status < 400) return answer;
  const { message } = answer.body;
  const reason = typeof message === 'string' ? `: ${message.slice(0, 500)}` : '';
  throw notFound(`the schema registry refuses the schema for subject ${subject} (${answer.status})${reason}`);
}

function notFound(description: string, { body }: Partial<RegistryAnswer> = {}): SidecarError {
  const code = body?.['error_code'];
  return new SidecarError('ERR12208', typeof code === 'number' ? `${description} (${code})` : description);
}
