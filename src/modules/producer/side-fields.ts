import { parseFormat, type Format } from '../../clients/codec/formats.ts';
import type { JsonCursor } from '../../foundation/json/json-cursor.ts';
import { checkName, expectKind, readInteger, refuse } from './record-fields.ts';

export type Side = 'key' | 'value';
type Setting = 'format' | 'schema' | 'subject' | 'id' | 'version';

/** What a request says of its keys or of its values; each at most once. */
export interface SideFields {
  readonly format: Format | undefined;
  /** The schema itself, as text. */
  readonly schema: string | undefined;
  readonly subject: string | undefined;
  readonly id: number | undefined;
  readonly version: number | undefined;
}

/** Schema ids and versions are 32-bit integers. */
const maxNumber = 2_147_483_647;
const maxSubjectLength = 1024;

interface Field {
  readonly setting: Setting;
  /** Both, for the common `format`. */
  readonly sides: readonly Side[];
}

const settingNames: Readonly<Record<Setting, string>> = {
  format: 'Format',
  schema: 'Schema',
  subject: 'SchemaSubject',
  id: 'SchemaId',
  version: 'SchemaVersion',
};

/** Every name a setting goes by, light-4j's older spelling with underscores included. */
export const sideFieldNames: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['format', { setting: 'format', sides: ['key', 'value'] }],
  ...(['key', 'value'] as const).flatMap((side) =>
    Object.entries(settingNames).flatMap(([setting, name]): [string, Field][] => {
      const field = { setting: setting as Setting, sides: [side] };
      return [
        [`${side}${name}`, field],
        [`${side}${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`, field],
      ];
    }),
  ),
]);

/** Reads the value of a request's field by what it sets; undefined for null. */
export function readSideField(cursor: JsonCursor, name: string, place: string): string | number | undefined {
  const { setting } = sideFieldNames.get(name)!;
  if (cursor.peek() === 'null') {
    cursor.readLiteral();
    return undefined;
  }
  if (setting === 'id' || setting === 'version') {
    expectKind(cursor, place, 'number', 'null');
    return readInteger(cursor, place, maxNumber);
  }
  if (setting === 'format') {
    const kind = expectKind(cursor, place, 'string', 'number', 'null');
    return checkFormat(kind === 'string' ? cursor.readString() : cursor.readNumberText(), place);
  }
  expectKind(cursor, place, 'string', 'null');
  const text = cursor.readString();
  return setting === 'subject' ? checkSubject(text, place) : text;
}

/** The same for the query of a body that is no JSON object; numbers are checked by the specification. */
export function parseSideField(name: string, text: string, place: string): string | number {
  const { setting } = sideFieldNames.get(name)!;
  if (setting === 'id' || setting === 'version') return Number(text);
  return setting === 'format' ? checkFormat(text, place) : checkSubject(text, place);
}

function checkFormat(text: string, place: string): Format {
  const format = parseFormat(text);
  if (format === undefined) refuse(place, 'must be BINARY, STRING, JSON, AVRO, JSONSCHEMA or PROTOBUF');
  return format;
}

function checkSubject(subject: string, place: string): string {
  if (subject === '' || subject.length > maxSubjectLength)
    refuse(place, `must have 1 to ${maxSubjectLength} characters`);
  // A path to the registry drops these two.
  if (subject === '.' || subject === '..') refuse(place, 'must not be . or ..');
  checkName(subject, place);
  return subject;
}

const nothingGiven: SideFields = {
  format: undefined,
  schema: undefined,
  subject: undefined,
  id: undefined,
  version: undefined,
};

/** Gathers the fields of one side; its own `format` goes before the common one, contradicting spellings are refused. */
export function sideFields(side: Side, given: ReadonlyMap<string, string | number | undefined>): SideFields {
  if (given.size === 0) return nothingGiven;
  const found: Partial<Record<Setting, string | number>> = {};
  for (const [name, value] of given) {
    const field = sideFieldNames.get(name)!;
    if (value === undefined || field.sides.length > 1 || !field.sides.includes(side)) continue;
    const before = found[field.setting];
    if (before !== undefined && before !== value)
      refuse(`/${name}`, `contradicts another spelling of ${side}${settingNames[field.setting]}`);
    found[field.setting] = value;
  }
  return {
    format: (found.format ?? given.get('format')) as Format | undefined,
    schema: found.schema as string | undefined,
    subject: found.subject as string | undefined,
    id: found.id as number | undefined,
    version: found.version as number | undefined,
  };
}
