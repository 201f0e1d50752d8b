import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import { pointerStep } from '../../foundation/json/json-pointer.ts';
import type { JsonCursor, JsonKind } from '../../foundation/json/json-cursor.ts';

/** Largest integer a JSON number can hold exactly everywhere, 2^53-1. */
const maxInteger = Number.MAX_SAFE_INTEGER;
const wholeNumber = /^-?\d+$/;
const controlCharacter = /[\u0000-\u001f\u007f-\u009f]/;
const maxIdLength = 1024;

/** A refusal that names the place: a JSON pointer into the body, or the header or query parameter by its name. */
export function refuse(place: string, reason: string): never {
  const isPointer = place === '' || place.startsWith('/');
  throw new SidecarError('ERR11004', `${isPointer ? 'body #' : ''}${place} ${reason}`);
}

export function expectKind(cursor: JsonCursor, place: string, ...kinds: readonly JsonKind[]): JsonKind {
  const kind = cursor.peek();
  if (!kinds.includes(kind)) refuse(place, `must be ${kinds.join(' or ')}, not ${kind}`);
  return kind;
}

/** An integer written as plain digits: what JavaScript would round, or writes as a fraction, is refused. */
export function readInteger(cursor: JsonCursor, place: string, max = maxInteger): number {
  expectKind(cursor, place, 'number');
  const text = cursor.readNumberText();
  const value = Number(text);
  if (!wholeNumber.test(text) || value < 0 || value > max || Object.is(value, -0)) {
    refuse(place, `must be an integer from 0 to ${max}`);
  }
  return value;
}

/** One of the two ids: text without control characters, since it goes into HTTP headers and log lines. */
export function readId(cursor: JsonCursor, place: string): string | undefined {
  if (expectKind(cursor, place, 'string', 'null') === 'null') {
    cursor.readLiteral();
    return undefined;
  }
  const id = cursor.readString();
  if (id.length === 0 || id.length > maxIdLength) refuse(place, `must have 1 to ${maxIdLength} characters`);
  checkName(id, place);
  return id;
}

/** Names and ids hold neither control characters nor half a character. */
export function checkName(name: string, place: string): void {
  if (controlCharacter.test(name)) refuse(place, 'must not hold a control character');
  if (!name.isWellFormed()) refuse(place, 'must not hold a lone surrogate');
}

/** A member name as a step of a JSON pointer. */
export function pointer(place: string, name: string): string {
  return `${place}${pointerStep(name)}`;
}
