const alphabet = /^[A-Za-z0-9+/]*$/;
const padding = /={1,2}$/;
/** Longer texts are checked in parts: a regular expression over millions of characters exhausts its stack. */
const partLength = 65_536;

/** Whether a text is base64 with its padding (RFC 4648 §4). */
export function isBase64(text: string): boolean {
  if (text.length % 4 !== 0) return false;
  const digits = text.slice(-2).replace(padding, '');
  const end = text.length - Math.min(2, text.length) + digits.length;
  for (let at = 0; at < end; at += partLength) {
    if (!alphabet.test(text.slice(at, Math.min(at + partLength, end)))) return false;
  }
  return true;
}
