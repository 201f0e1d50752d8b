import type { JsonReader } from '../../../foundation/json/json-reader.ts';
import { openBrace, openBracket, quote } from '../../../foundation/json/json-scan.ts';
import { EncodeError } from '../encode-error.ts';
import type { AvroOutput } from './avro-output.ts';

/** Reads one value and writes its encoding. Throws EncodeError. */
export type Write = (input: JsonReader, out: AvroOutput) => void;

/** What stands in the JSON, in the words of light-4j's messages. */
export function foundKind(input: JsonReader): string {
  const byte = input.peek();
  if (byte === openBrace) return 'JSONObject';
  if (byte === openBracket) return 'JSONArray';
  if (byte === quote) return 'String';
  const letter = String.fromCharCode(byte);
  if (letter === 'n') return 'Null';
  return letter === 't' || letter === 'f' ? 'Boolean' : 'Number';
}

export function refuse(out: AvroOutput, expected: string, found: string): never {
  throw new EncodeError(out.place, `expected type: ${expected}, found: ${found}`);
}
