import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readField, type SectionFields } from '../../../src/foundation/config/field.ts';
import { placeholderNames, resolvePlaceholders } from '../../../src/foundation/config/placeholders.ts';
import { clientSections, sections } from '../../../src/foundation/config/sections.ts';

const templates = fileURLToPath(new URL('../../../config/', import.meta.url));
const template = (section: string) =>
  parse(readFileSync(`${templates}${section}.yml`, 'utf8')) as Readonly<Record<string, unknown>>;
const nothing = () => undefined;
const all: [string, SectionFields][] = Object.entries(sections);

describe('the templates in config', () => {
  it('are one for each section', () => {
    expect(readdirSync(templates).toSorted()).toEqual(all.map(([section]) => `${section}.yml`).toSorted());
  });

  it.each(all)('of %s have exactly the keys of the section', (section, fields) => {
    const properties = clientSections.some((name) => name === section) ? ['properties'] : [];
    expect(Object.keys(template(section))).toEqual([...Object.keys(fields), ...properties]);
  });

  it.each(all)('of %s have the defaults of the section', (section, fields) => {
    const content = template(section);
    const defaults = Object.entries(fields).map(([key, field]) => {
      return [key, readField(field, resolvePlaceholders(content[key], nothing))];
    });
    expect(defaults).toEqual(Object.entries(fields).map(([key, field]) => [key, field.default]));
  });

  it.each(all)('of %s name each key by its own placeholder', (section, fields) => {
    const content = template(section);
    expect(Object.keys(fields).flatMap((key) => placeholderNames(content[key]))).toEqual(
      Object.keys(fields).map((key) => `${section}.${key}`),
    );
  });
});

describe('the fields of all sections', () => {
  it('have a description that says more than the name', () => {
    const bare = all.flatMap(([section, fields]) =>
      Object.entries(fields)
        .filter(([, { description }]) => description.length < 15 || !description.endsWith('.'))
        .map(([key]) => `${section}.${key}`),
    );
    expect(bare).toEqual([]);
  });

  it('take their own defaults', () => {
    const refused = all.flatMap(([section, fields]) =>
      Object.entries(fields)
        .filter(([, field]) => field.default !== undefined)
        .filter(([, field]) => JSON.stringify(readField(field, field.default)) !== JSON.stringify(field.default))
        .map(([key]) => `${section}.${key}`),
    );
    expect(refused).toEqual([]);
  });
});
