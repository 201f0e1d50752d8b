import { allowed, notAllowed, readField, type SectionFields } from './field.ts';
import { hasEffect, isKnownProperty, knownProperties, translateProperty } from './kafka-properties.ts';
import { hookListKeys, knownElsewhere } from './light4j-keys.ts';
import { nearest } from './nearest.ts';
import { environmentName, placeholderNames, resolvePlaceholders } from './placeholders.ts';
import { registryOverrides } from './registry-properties.ts';
import { clientSections, sections, type ClientSectionName, type SectionName } from './sections.ts';
import type { Sourced, Sources } from './sources.ts';

/** Gathers what is wrong and what is odd, so that one message can tell it all. */
export interface Findings {
  readonly faults: string[];
  readonly warnings: string[];
  /** Placeholders met in section files; keys of values.yml that feed them are known. */
  readonly placeholders: Set<string>;
}

type Scalar = string | number | boolean;

/** Client properties that are not simply unset by an empty text: Java turns host name verification off so. */
const meansSomethingEmpty = new Set(['ssl.endpoint.identification.algorithm']);

/** Keys of a client section whose maps hold client properties; the second is light-4j's name for the unusual ones. */
const propertyMaps = ['properties', 'additionalKafkaProperties'];

/** A section's values and client properties, as configured; faults are gathered, their keys take the default. */
export interface RawSection {
  readonly values: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, Scalar>>;
  /** What the properties say of the schema registry, under the keys of the section `schema`. */
  readonly registry: Readonly<Record<string, unknown>>;
}

export function isClientSection(name: string): name is ClientSectionName {
  return clientSections.some((section) => section === name);
}

/** Reads one section from its file, values.yml and the environment. */
export function readSection(name: SectionName, sources: Sources, findings: Findings): RawSection {
  const { content, source } = sources.readSection(name);
  const fields: SectionFields = sections[name];
  const lookup = (key: string) => {
    findings.placeholders.add(key);
    return sources.find(key)?.value;
  };
  const values: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    const own = sources.find(`${name}.${key}`);
    const { value, source: from } = own ?? { value: resolvePlaceholders(content[key], lookup), source };
    const read = readField(field, value);
    if (read === notAllowed) {
      findings.faults.push(`${from}: ${name}.${key} must be ${allowed(field)}, not ${JSON.stringify(value)}`);
      values[key] = field.default;
    } else values[key] = read;
  }
  for (const key of Object.keys(content)) checkFileKey(name, key, source, findings);
  if (!isClientSection(name)) return { values, properties: {}, registry: {} };
  const given = givenProperties(name, content, sources, findings);
  return {
    values,
    properties: translateAll(name, given, findings),
    registry: registryOverrides(name, given, findings.faults),
  };
}

function checkFileKey(section: SectionName, key: string, source: string, { faults, warnings }: Findings): void {
  if (Object.hasOwn(sections[section], key) || (propertyMaps.includes(key) && isClientSection(section))) return;
  const known = knownElsewhere(`${section}.${key}`);
  if (known === undefined) faults.push(`${source}: ${unknownKey(`${section}.${key}`)}`);
  else warnings.push(`${section}.${key} ${known}`);
}

/** Client properties: the file's `properties`, then those that values.yml and the environment give by name. */
function givenProperties(
  section: ClientSectionName,
  content: Readonly<Record<string, unknown>>,
  sources: Sources,
  findings: Findings,
): ReadonlyMap<string, Sourced> {
  const given = new Map<string, Sourced>();
  for (const mapName of propertyMaps) {
    for (const [name, value] of fileProperties(section, mapName, content[mapName], findings)) {
      placeholderNames(value).forEach((placeholder) => findings.placeholders.add(placeholder));
      const resolved = resolvePlaceholders(value, (key) => sources.find(key)?.value);
      given.set(name, { value: resolved, source: `${section}.yml` });
    }
  }
  for (const [key, value] of sources.values) {
    const name = propertyName(section, key);
    if (name !== undefined) given.set(name, { value, source: 'values.yml' });
  }
  for (const name of knownProperties(section)) {
    const variable = environmentName(`${section}.${name}`);
    const value = sources.env[variable];
    if (value !== undefined) given.set(name, { value, source: `environment ${variable}` });
  }
  return given;
}

function fileProperties(
  section: ClientSectionName,
  mapName: string,
  map: unknown,
  { faults }: Findings,
): [string, unknown][] {
  if (map === undefined || map === null) return [];
  if (typeof map === 'object' && !Array.isArray(map)) return Object.entries(map);
  faults.push(`${section}.yml: ${section}.${mapName} must be a map of Kafka client properties`);
  return [];
}

/** The property that a key of values.yml sets, if it sets one. */
export function propertyName(section: ClientSectionName, key: string): string | undefined {
  if (!key.startsWith(`${section}.`)) return undefined;
  const rest = key.slice(section.length + 1);
  const map = propertyMaps.find((name) => rest.startsWith(`${name}.`));
  if (map !== undefined) return rest.slice(map.length + 1);
  return !Object.hasOwn(sections[section], rest) && isKnownProperty(section, rest) ? rest : undefined;
}

function translateAll(
  section: ClientSectionName,
  given: ReadonlyMap<string, Sourced>,
  { faults, warnings }: Findings,
): Record<string, Scalar> {
  const properties: Record<string, Scalar> = {};
  for (const [name, { value, source }] of given) {
    if (value === null || value === undefined || (value === '' && !meansSomethingEmpty.has(name))) continue;
    if (typeof value === 'object') {
      faults.push(`${source}: ${section} property ${name} must be one text, number, true or false`);
      continue;
    }
    if (!hasEffect(name) && source !== `${section}.yml`)
      warnings.push(`${section}.${name} has no effect in this sidecar`);
    const translation = translateProperty(section, name, value as Scalar);
    if ('fault' in translation) faults.push(`${source}: ${section} property ${name} ${translation.fault}`);
    else Object.assign(properties, translation);
  }
  return properties;
}

/** Keys of values.yml that belong to no section, property or placeholder. */
export function checkValueKeys(sources: Sources, { faults, warnings, placeholders }: Findings): void {
  for (const key of sources.values.keys()) {
    if (placeholders.has(key) || isSectionKey(key) || hookListKeys.includes(key)) continue;
    const known = knownElsewhere(key);
    if (known === undefined) faults.push(`values.yml: ${unknownKey(key)}`);
    else warnings.push(`${key} ${known}`);
  }
}

function isSectionKey(key: string): boolean {
  if (clientSections.some((section) => propertyName(section, key) !== undefined)) return true;
  return Object.entries(sections).some(([section, fields]) => {
    return key.startsWith(`${section}.`) && Object.hasOwn(fields, key.slice(section.length + 1));
  });
}

function unknownKey(key: string): string {
  const all = Object.entries(sections).flatMap(([section, fields]) =>
    Object.keys(fields).map((name) => `${section}.${name}`),
  );
  const close = nearest(key, all);
  return `${key} is no known key${close === undefined ? '' : `; did you mean ${close}?`}`;
}
