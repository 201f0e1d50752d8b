import { JsonReader } from '../../../foundation/json/json-reader.ts';
import { quote } from '../../../foundation/json/json-scan.ts';

/** Fewer digits in a row than this are never rounded. */
const manyDigits = /\d{16}/;

/**
 * What JSON.parse gives, except that an integer which a double cannot hold comes as its digits in a string: proto3's JSON
 * mapping takes both for every number.
 */
export function parseWithExactIntegers(text: Buffer): unknown {
  const source = text.toString('utf8');
  return JSON.parse(manyDigits.test(source) ? quoteLargeIntegers(text) : source) as unknown;
}

function quoteLargeIntegers(text: Buffer): string {
  const input = new JsonReader(text);
  const parts: string[] = [];
  let copied = 0;
  while (input.position < text.length) {
    const byte = text[input.position]!;
    const start = input.position;
    if (byte === quote) input.passString();
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      input.passNumber();
      const number = text.toString('latin1', start, input.position);
      if (/^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number))) {
        parts.push(text.toString('utf8', copied, start), `"${number}"`);
        copied = input.position;
      }
    } else input.position++;
  }
  parts.push(text.toString('utf8', copied));
  return parts.join('');
}
