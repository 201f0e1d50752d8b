import { JsonReader } from './json-reader.ts';
import { quote } from './json-scan.ts';

/** Fewer digits in a row than this are never rounded. */
const manyDigits = /\d{16}/;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;

/**
 * What JSON.parse gives, except that an integer which a double cannot hold comes as a string: `mark` and its digits.
 *
 * @param text valid JSON, or what JSON.parse is to refuse
 */
export function parseWithExactIntegers(text: Buffer, mark = ''): unknown {
  const source = text.toString('utf8');
  if (!manyDigits.test(source)) return JSON.parse(source) as unknown;
  // Refuses what is no JSON, which the walk below expects.
  JSON.parse(source);
  return JSON.parse(quoteLargeIntegers(text, JSON.stringify(mark).slice(1, -1))) as unknown;
}

function quoteLargeIntegers(text: Buffer, mark: string): string {
  const input = new JsonReader(text);
  const parts: string[] = [];
  let copied = 0;
  while (input.position < text.length) {
    const byte = text[input.position]!;
    const start = input.position;
    if (byte === quote) input.passString();
    else if (byte === minus || (byte >= zero && byte <= nine)) {
      input.passNumber();
      const number = text.toString('latin1', start, input.position);
      if (/^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number))) {
        parts.push(text.toString('utf8', copied, start), `"${mark}${number}"`);
        copied = input.position;
      }
    } else input.position++;
  }
  parts.push(text.toString('utf8', copied));
  return parts.join('');
}
