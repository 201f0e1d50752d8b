import { fromJson, type DescField, type DescMessage, type JsonValue, type Registry } from '@bufbuild/protobuf';
import { pointerStep } from '../../../foundation/json/json-pointer.ts';

/**
 * A JSON pointer to where JSON does not fit a message: the runtime names the field, but not the way to it, so each part is
 * tried by itself. `#` where only the whole does not fit, as with two fields of one `oneof`.
 */
export function placeOfFault(message: DescMessage, json: JsonValue, registry: Registry): string {
  return `#${stepsTo(message, json, registry)}`;
}

function stepsTo(message: DescMessage, json: JsonValue, registry: Registry): string {
  if (!isObject(json)) return '';
  const fits = (part: JsonValue) => isReadable(message, part, registry);
  for (const [name, value] of Object.entries(json)) {
    if (fits({ [name]: value })) continue;
    const field = message.fields.find((one) => one.jsonName === name || one.name === name);
    const step = pointerStep(name);
    return field === undefined
      ? step
      : `${step}${stepsWithin(field, value, (part) => fits({ [name]: part }), registry)}`;
  }
  return '';
}

/** From a field to the item or entry of it that does not fit, and on into the message that this is. */
function stepsWithin(
  field: DescField,
  value: JsonValue,
  fits: (part: JsonValue) => boolean,
  registry: Registry,
): string {
  const deeper = (part: JsonValue) => (field.message === undefined ? '' : stepsTo(field.message, part, registry));
  if (field.fieldKind === 'list' && Array.isArray(value)) {
    const index = value.findIndex((item) => !fits([item]));
    return index === -1 ? '' : `${pointerStep(index)}${deeper(value[index]!)}`;
  }
  if (field.fieldKind === 'map' && isObject(value)) {
    const entry = Object.entries(value).find(([key, item]) => !fits({ [key]: item }));
    return entry === undefined ? '' : `${pointerStep(entry[0])}${deeper(entry[1])}`;
  }
  return deeper(value);
}

function isReadable(message: DescMessage, json: JsonValue, registry: Registry): boolean {
  try {
    fromJson(message, json, { registry });
    return true;
  } catch {
    return false;
  }
}

function isObject(json: JsonValue): json is { [name: string]: JsonValue } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
