import type { DescField, DescMessage } from '@bufbuild/protobuf';
import type { ReflectMessage } from '@bufbuild/protobuf/reflect';
import { FeatureSet_FieldPresence as Presence } from '@bufbuild/protobuf/wkt';
import { pointerStep } from '../../../foundation/json/json-pointer.ts';
import { EncodeError } from '../encode-error.ts';

export function isRequired({ presence }: DescField): boolean {
  return presence === Presence.LEGACY_REQUIRED;
}

/**
 * proto2's `required`, which the runtime does not look at: others refuse to read a message without such a field.
 *
 * @throws EncodeError naming the place
 */
export function checkRequired(message: ReflectMessage, place = '#'): void {
  for (const field of message.desc.fields) {
    if (!message.isSet(field)) {
      if (isRequired(field)) throw new EncodeError(place, `required key [${field.jsonName}] not found`);
      continue;
    }
    for (const [step, part] of partsOf(message, field))
      checkRequired(part, `${place}${pointerStep(field.jsonName)}${step}`);
  }
}

function partsOf(message: ReflectMessage, field: DescField): [string, ReflectMessage][] {
  if (field.fieldKind === 'message') return [['', message.get(field)]];
  if (field.fieldKind === 'list' && field.listKind === 'message') {
    return [...message.get(field)].map((item, index) => [pointerStep(index), item as ReflectMessage]);
  }
  if (field.fieldKind === 'map' && field.mapKind === 'message') {
    return [...message.get(field)].map(([key, item]) => [pointerStep(String(key)), item as ReflectMessage]);
  }
  return [];
}

/** Whether a type is a message with such a field. */
export function hasRequiredField(type: { readonly kind: string } | DescMessage): boolean {
  return 'fields' in type && type.fields.some(isRequired);
}
