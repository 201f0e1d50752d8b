import { randomUUID } from 'node:crypto';
import { ScalarType, type DescField, type DescMessage, type JsonValue, type Registry } from '@bufbuild/protobuf';
import { mayHoldLargeInteger, parseWithExactIntegers } from '../../../foundation/json/exact-integers.ts';
import { pointerStep } from '../../../foundation/json/json-pointer.ts';
import { EncodeError } from '../encode-error.ts';

/** No text can begin with it by chance or by intent. */
const mark = `\u0000${randomUUID()}`;
const surrogateEscape = /\\u[dD][89a-fA-F]/;
const wideIntegers: ReadonlySet<ScalarType | undefined> = new Set([
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
  ScalarType.SINT64,
]);
const wideWrappers: ReadonlySet<string> = new Set(['google.protobuf.Int64Value', 'google.protobuf.UInt64Value']);

/**
 * Parses the JSON of a message. An integer that a double cannot hold comes as its digits in a string where a field of 64
 * bits takes it so, by proto3's JSON mapping, and as a number elsewhere.
 *
 * @throws EncodeError for a text that has no UTF-8 form, which the runtime would replace in a map's key
 */
export function parseExactJson(text: Buffer, message: DescMessage, registry: Registry): JsonValue {
  const json = parseWithExactIntegers(text, mark) as JsonValue;
  const source = text.toString('latin1');
  if (!surrogateEscape.test(source) && !mayHoldLargeInteger(source)) return json;
  return new Walk(registry).message(json, message, '#');
}

class Walk {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  message(json: JsonValue, message: DescMessage | undefined, place: string): JsonValue {
    if (!isObject(json)) return this.#scalar(json, wideWrappers.has(message?.typeName ?? ''), place);
    const described = message?.typeName === 'google.protobuf.Any' ? this.#contentOf(json) : message;
    return this.#members(json, place, (name) =>
      described?.fields.find((field) => field.jsonName === name || field.name === name),
    );
  }

  /** The message that an Any says it holds. */
  #contentOf(json: { readonly [name: string]: JsonValue }): DescMessage | undefined {
    const url = json['@type'];
    return typeof url === 'string' ? this.#registry.getMessage(url.slice(url.lastIndexOf('/') + 1)) : undefined;
  }

  #members(
    json: { readonly [name: string]: JsonValue },
    place: string,
    fieldOf: (name: string) => DescField | undefined,
  ): JsonValue {
    const members = Object.entries(json).map(([name, value]): [string, JsonValue] => {
      const at = `${place}${pointerStep(name.toWellFormed())}`;
      checkWellFormed(name, at);
      return [name, this.#field(value, fieldOf(name), at)];
    });
    return Object.fromEntries(members);
  }

  #field(value: JsonValue, field: DescField | undefined, place: string): JsonValue {
    if (Array.isArray(value)) return value.map((item, index) => this.#field(item, field, `${place}/${index}`));
    if (field?.fieldKind === 'map' && isObject(value)) {
      return this.#members(value, place, () => ({ ...field, fieldKind: field.mapKind }) as unknown as DescField);
    }
    if (field?.message !== undefined || isObject(value)) return this.message(value, field?.message, place);
    return this.#scalar(value, wideIntegers.has(field?.scalar), place);
  }

  #scalar(value: JsonValue, isWide: boolean, place: string): JsonValue {
    if (Array.isArray(value)) return value.map((item, index) => this.#field(item, undefined, `${place}/${index}`));
    if (typeof value !== 'string') return value;
    if (!value.startsWith(mark)) {
      checkWellFormed(value, place);
      return value;
    }
    const digits = value.slice(mark.length);
    return isWide ? digits : Number(digits);
  }
}

function checkWellFormed(text: string, place: string): void {
  if (!text.isWellFormed()) throw new EncodeError(place, 'a text holds a lone surrogate, which has no UTF-8 form');
}

function isObject(json: JsonValue): json is { [name: string]: JsonValue } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
