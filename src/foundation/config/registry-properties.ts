import { allowed, notAllowed, readField } from './field.ts';
import { scalarText } from './placeholders.ts';
import { schemaFields } from './sections.ts';
import type { Sourced } from './sources.ts';

type SchemaKey = keyof typeof schemaFields;

/** Properties of a client section that speak of its schema registry, by the key of the section `schema` they stand for. */
const registryProperties = new Map<string, SchemaKey>([
  ['schema.registry.url', 'registry.url'],
  ['schema.registry.cache', 'registry.cache'],
  ['schema.registry.auto.register.schemas', 'registry.auto.register.schemas'],
  ['auto.register.schemas', 'registry.auto.register.schemas'],
  ['schema.registry.ssl.truststore.location', 'registry.ssl.truststore.location'],
  ['schema.registry.ssl.keystore.location', 'registry.ssl.keystore.location'],
  ['schema.registry.ssl.keystore.password', 'registry.ssl.keystore.password'],
]);
/** `user:password`, as Confluent's clients and light-4j take it. */
const userInfoProperties = ['basic.auth.user.info', 'schema.registry.basic.auth.user.info'];

export const registryPropertyNames: ReadonlySet<string> = new Set([
  ...registryProperties.keys(),
  ...userInfoProperties,
]);

/** What a section's properties say of the registry, under the keys of the section `schema`; empty ones count as not set. */
export function registryOverrides(
  section: string,
  given: ReadonlyMap<string, Sourced>,
  faults: string[],
): Readonly<Partial<Record<SchemaKey, unknown>>> {
  const overrides: Partial<Record<SchemaKey, unknown>> = {};
  for (const [name, { value, source }] of given) {
    // A list or map is told of like one of any other property.
    if (value === null || value === '' || typeof value === 'object' || value === undefined) continue;
    const key = registryProperties.get(name);
    if (key !== undefined) {
      const read = readField(schemaFields[key], value);
      if (read === notAllowed) {
        faults.push(`${source}: ${section} property ${name} must be ${allowed(schemaFields[key])}`);
      } else overrides[key] = read;
    } else if (userInfoProperties.includes(name)) {
      const [, username, password] = /^([^:]+):(.*)$/s.exec(scalarText(value)) ?? [];
      if (username === undefined) faults.push(`${source}: ${section} property ${name} must be user:password`);
      else Object.assign(overrides, { 'registry.username': username, 'registry.password': password });
    }
  }
  return overrides;
}
