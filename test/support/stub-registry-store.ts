import type { SchemaReference } from './registry-client.ts';

export interface StubAnswer {
  readonly status: number;
  /** Text is sent as a page and bytes as they are; anything else as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Schema {
  readonly schema: string;
  readonly schemaType: string;
  readonly references: readonly SchemaReference[];
}

type Handler = (parts: readonly string[], body: unknown) => StubAnswer;

/**
 * What requests of Confluent's API are answered, over schemas in memory. It compares schemas by their text, and takes any
 * text for a schema and every schema for compatible.
 */
export class StubRegistryStore {
  /** An id is the place plus one, and the same in all subjects. */
  readonly #schemas: Schema[] = [];
  /** Ids by subject; a version is the place plus one, undefined once it is deleted. */
  readonly #subjects = new Map<string, (number | undefined)[]>();
  readonly #routes: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
    ['GET', /^\/subjects$/, () => found([...this.#subjects.keys()])],
    ['GET', /^\/subjects\/([^/]+)\/versions$/, ([subject]) => this.#list(subject!)],
    ['GET', /^\/subjects\/([^/]+)\/versions\/([^/]+)$/, ([subject, version]) => this.#version(subject!, version!)],
    ['GET', /^\/schemas\/ids\/([^/]+)$/, ([id]) => this.#byId(Number(id))],
    ['POST', /^\/subjects\/([^/]+)\/versions$/, ([subject], body) => this.#register(subject!, body)],
    ['POST', /^\/subjects\/([^/]+)$/, ([subject], body) => this.#lookUp(subject!, body)],
    ['DELETE', /^\/subjects\/([^/]+)$/, ([subject]) => this.#deleteSubject(subject!)],
    ['DELETE', /^\/subjects\/([^/]+)\/versions\/(\d+)$/, ([subject, version]) => this.#delete(subject!, version!)],
  ];

  /** The path is as it came, without a query. */
  answer(method: string, path: string, body: unknown): StubAnswer {
    for (const [verb, pattern, handler] of this.#routes) {
      const match = verb === method ? pattern.exec(path) : null;
      if (match !== null) return handler(match.slice(1).map(decodeURIComponent), body);
    }
    return failure(404, 404, 'HTTP 404 Not Found');
  }

  #register(subject: string, body: unknown): StubAnswer {
    const schema = schemaOf(body);
    if (schema === undefined) return failure(422, 42201, 'Invalid schema');
    const missing = schema.references.find((reference) => this.#idOf(reference) === undefined);
    if (missing !== undefined) return failure(422, 42201, `Invalid schema: no ${missing.subject} ${missing.version}`);
    let place = this.#schemas.findIndex((known) => isSame(known, schema));
    if (place < 0) place = this.#schemas.push(schema) - 1;
    const versions = this.#subjects.get(subject) ?? [];
    if (!versions.includes(place + 1)) versions.push(place + 1);
    this.#subjects.set(subject, versions);
    return found({ id: place + 1 });
  }

  #lookUp(subject: string, body: unknown): StubAnswer {
    const schema = schemaOf(body);
    const versions = this.#subjects.get(subject);
    if (versions === undefined) return noSubject(subject);
    const place = versions.findIndex((id) => id !== undefined && isSame(this.#schemas[id - 1], schema));
    return place < 0 ? failure(404, 40403, 'Schema not found') : this.#describe(subject, place + 1);
  }

  #list(subject: string): StubAnswer {
    const versions = this.#subjects.get(subject);
    if (versions === undefined) return noSubject(subject);
    return found(versions.flatMap((id, place) => (id === undefined ? [] : [place + 1])));
  }

  #version(subject: string, text: string): StubAnswer {
    const versions = this.#subjects.get(subject);
    if (versions === undefined) return noSubject(subject);
    const latest = versions.findLastIndex((id) => id !== undefined) + 1;
    const version = text === 'latest' || text === '-1' ? latest : Number(text);
    if (!Number.isInteger(version) || version < 1) {
      return failure(422, 42202, `The specified version '${text}' is not a valid version id.`);
    }
    return this.#describe(subject, version);
  }

  #byId(id: number): StubAnswer {
    const schema = this.#schemas[id - 1];
    return schema === undefined ? failure(404, 40403, `Schema ${id} not found`) : found(written(schema));
  }

  #deleteSubject(subject: string): StubAnswer {
    const list = this.#list(subject);
    this.#subjects.delete(subject);
    return list;
  }

  #delete(subject: string, version: string): StubAnswer {
    const answer = this.#version(subject, version);
    if (answer.status !== 200) return answer;
    const versions = this.#subjects.get(subject)!;
    versions[Number(version) - 1] = undefined;
    if (versions.every((id) => id === undefined)) this.#subjects.delete(subject);
    return found(Number(version));
  }

  #describe(subject: string, version: number): StubAnswer {
    const id = this.#idOf({ subject, version });
    if (id === undefined) return failure(404, 40402, `Version ${version} not found.`);
    return found({ subject, version, id, ...written(this.#schemas[id - 1]!) });
  }

  #idOf({ subject, version }: { readonly subject: string; readonly version: number }): number | undefined {
    return this.#subjects.get(subject)?.[version - 1];
  }
}

/** Confluent's registry leaves out what is the default: the type AVRO, and no references. */
function written({ schema, schemaType, references }: Schema): object {
  return {
    ...(schemaType === 'AVRO' ? {} : { schemaType }),
    schema,
    ...(references.length === 0 ? {} : { references }),
  };
}

function schemaOf(body: unknown): Schema | undefined {
  const { schema, schemaType = 'AVRO', references = [] } = (body ?? {}) as Partial<Schema>;
  if (typeof schema !== 'string') return undefined;
  // Rebuilt, so that the same ones are the same text.
  return {
    schema,
    schemaType,
    references: references.map(({ name, subject, version }) => ({ name, subject, version })),
  };
}

function isSame(one: Schema | undefined, other: Schema | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function found(body: unknown): StubAnswer {
  return { status: 200, body };
}

function noSubject(subject: string): StubAnswer {
  return failure(404, 40401, `Subject '${subject}' not found.`);
}

export function failure(status: number, code: number, message: string): StubAnswer {
  return { status, body: { error_code: code, message } };
}
