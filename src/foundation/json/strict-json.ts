import { isUtf8 } from 'node:buffer';
import { defaultMaxDepth, JsonCursor } from './json-cursor.ts';
import { JsonDepthError, JsonDuplicateNameError, JsonSyntaxError, JsonUnsafeIntegerError } from './json-errors.ts';
import { pointerStep } from './json-pointer.ts';
import { JsonText, scanValue, skipSpace } from './json-scan.ts';

export { JsonDepthError, JsonDuplicateNameError, JsonSyntaxError, JsonUnsafeIntegerError };

/** More levels than a Buffer has bytes. */
const anyDepth = Number.MAX_SAFE_INTEGER;

/** True when bytes are exactly one strict JSON text of any depth, white space around it included. Never throws. */
export function isJsonText(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false;
  const text = new JsonText(bytes);
  const end = scanValue(text, 0, anyDepth);
  return end >= 0 && skipSpace(text, end) === bytes.length;
}

/**
 * Parses a request body to what JSON.parse gives, refusing what JSON.parse would quietly lose, integers that are not
 * written as plain digits (`1.0`, `0.99999999999999999`) among it. A number that stays a fraction is still rounded as
 * JSON.parse does, to Infinity where it is too large.
 *
 * @throws JsonSyntaxError for text that is not strict JSON; JsonDepthError, JsonDuplicateNameError and
 * JsonUnsafeIntegerError, which extend it, for JSON that is refused.
 */
export function parseStrictJson(bytes: Buffer, maxDepth = defaultMaxDepth): unknown {
  refuseLosses(new JsonCursor(bytes, maxDepth));
  return JSON.parse(bytes.toString('utf8')) as unknown;
}

/** An open object or array on the way to the value that is read. */
interface Level {
  /** Names so far; undefined for an array. */
  readonly names: Set<string> | undefined;
  /** Step from this container to the current member or element. */
  step: string | number;
}

/** Walks the whole text, with its own stack so that no depth exhausts the call stack. */
function refuseLosses(cursor: JsonCursor): void {
  const levels: Level[] = [];
  do {
    passOne(cursor, levels);
    while (levels.length > 0 && !hasNext(cursor, levels)) levels.pop();
  } while (levels.length > 0);
  cursor.end();
}

/** Passes a scalar, or the opening bracket of a container. */
function passOne(cursor: JsonCursor, levels: Level[]): void {
  const kind = cursor.peek();
  if (kind === 'object') {
    cursor.enterObject();
    levels.push({ names: new Set(), step: '' });
  } else if (kind === 'array') {
    cursor.enterArray();
    levels.push({ names: undefined, step: -1 });
  } else if (kind === 'number') {
    if (isRounded(cursor.readNumberText())) throw new JsonUnsafeIntegerError(pathOf(levels), cursor.valueStart);
  } else cursor.skipValue();
}

/** Moves to the next member or element of the innermost container; false when it ended. */
function hasNext(cursor: JsonCursor, levels: readonly Level[]): boolean {
  const level = levels[levels.length - 1]!;
  if (level.names === undefined) {
    level.step = Number(level.step) + 1;
    return cursor.nextElement();
  }
  const name = cursor.nextName();
  if (name === undefined) return false;
  level.step = name;
  if (level.names.has(name)) throw new JsonDuplicateNameError(name, pathOf(levels), cursor.nameStart);
  level.names.add(name);
  return true;
}

function isRounded(text: string): boolean {
  const value = Number(text);
  return /^-?\d+$/.test(text) ? !Number.isSafeInteger(value) : Number.isInteger(value);
}

function pathOf(levels: readonly Level[]): string {
  return levels.map(({ step }) => pointerStep(step)).join('');
}
