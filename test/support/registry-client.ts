import { call } from './http.ts';

export type SchemaType = 'AVRO' | 'JSON' | 'PROTOBUF';

/** Another subject's schema that a schema imports under `name`. */
export interface SchemaReference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

export interface SchemaDefinition {
  readonly subject: string;
  /** Text; anything else is registered as its JSON. */
  readonly schema: unknown;
  /** AVRO where it is absent, as in the registry's API. */
  readonly schemaType?: SchemaType;
  readonly references?: readonly SchemaReference[];
}

/** Registers a schema, which does nothing where the subject has it already. */
export async function registerSchema(registry: string, definition: SchemaDefinition): Promise<number> {
  const { subject, schema, schemaType, references } = definition;
  const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
  const path = `/subjects/${encodeURIComponent(subject)}/versions`;
  const { id } = (await expectOk('POST', `${registry}${path}`, { schema: text, schemaType, references })) as {
    id: number;
  };
  return id;
}

/** Removes a subject with all its versions; answers the ids of schemas, which others may have too, still find them. */
export async function deleteSubject(registry: string, subject: string): Promise<void> {
  await expectOk('DELETE', `${registry}/subjects/${encodeURIComponent(subject)}`);
}

export type CompatibilityLevel = 'BACKWARD' | 'FORWARD' | 'FULL' | 'NONE';

/** What a subject's next version has to be to its last: the level of all subjects, or of one more strictly. */
export async function setCompatibility(
  registry: string,
  compatibility: CompatibilityLevel,
  subject = '',
): Promise<void> {
  const path = subject === '' ? '/config' : `/config/${encodeURIComponent(subject)}`;
  await expectOk('PUT', `${registry}${path}`, { compatibility });
}

async function expectOk(method: 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown): Promise<unknown> {
  const answer = await call(method, url, body, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
  if (answer.status !== 200) throw new Error(`${method} ${url}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
