import { JsonReader } from './json-reader.ts';
import { quote } from './json-scan.ts';

/** Fewer digits than this are never rounded. */
const manyDigits = /\d[\d.]{15}/;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
/** Sign, digits before and behind the point, exponent. */
const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** An integer with more digits is beyond every type that keeps them. */
const maxDigits = 40;

/** False where no number of a JSON text has so many digits that it could be rounded. */
export function mayHoldLargeInteger(source: string): boolean {
  return manyDigits.test(source);
}

/**
 * What JSON.parse gives, except that an integer which a double cannot hold, however it is written, comes as a string: the
 * mark and its digits.
 *
 * @param mark what no string of the text begins with
 */
export function parseWithExactIntegers(text: Buffer, mark: string): unknown {
  const source = text.toString('utf8');
  const value: unknown = JSON.parse(source);
  return mayHoldLargeInteger(source)
    ? (JSON.parse(markLargeIntegers(text, JSON.stringify(mark).slice(1, -1))) as unknown)
    : value;
}

function markLargeIntegers(text: Buffer, mark: string): string {
  const input = new JsonReader(text);
  const pieces: string[] = [];
  let copied = 0;
  while (input.position < text.length) {
    const byte = text[input.position]!;
    const start = input.position;
    if (byte === quote) input.passString();
    else if (byte === minus || (byte >= zero && byte <= nine)) {
      input.passNumber();
      const digits = largeInteger(text.toString('latin1', start, input.position));
      if (digits !== undefined) {
        pieces.push(text.toString('utf8', copied, start), `"${mark}${digits}"`);
        copied = input.position;
      }
    } else input.position++;
  }
  pieces.push(text.toString('utf8', copied));
  return pieces.join('');
}

/** The digits of a number that is an integer and that a double cannot hold; undefined for any other. */
function largeInteger(text: string): string | undefined {
  const value = Number(text);
  if (Number.isSafeInteger(value) && /^-?\d+$/.test(text)) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts.exec(text) ?? [];
  const shift = Number(exponent) - fraction.length;
  const significant = `${whole}${fraction}`.replace(/^0+/, '');
  if (significant.length + Math.max(0, shift) > maxDigits) return undefined;
  const cut = Math.max(0, -shift);
  if (cut > 0 && !/^0*$/.test(significant.slice(-cut))) return undefined;
  const digits = `${significant.slice(0, significant.length - cut)}${'0'.repeat(Math.max(0, shift))}` || '0';
  return Number.isSafeInteger(Number(digits)) ? undefined : `${sign}${digits}`;
}
