/**
 * The accept and reject cases of the public JSON parsing test suite (nst/JSONTestSuite), retold by subject. Texts stand side
 * by side, separated by spaces; control pictures (␀ ␉ ␊ ␋ ␌ ␠) stand for the characters they show, ‹E5› for one byte.
 */

/** A subject and its texts. */
type Subject = readonly [subject: string, texts: string];

export interface JsonCase {
  readonly subject: string;
  /** As printable text, for titles. */
  readonly shown: string;
  readonly bytes: Buffer;
}

const raw = String.raw;

const pictures: Readonly<Record<string, string>> = {
  '␀': '\0',
  '␉': '\t',
  '␊': '\n',
  '␋': '\v',
  '␌': '\f',
  '␠': ' ',
};

const accepted: readonly Subject[] = [
  ['arrays', raw`[[]␠␠␠] [""] [] ["a"] [false] [null,␠1,␠"1",␠{}] [null] [1␊] ␠[1] [1,null,null,null,2] [2]␠ ␠[]␠`],
  ['integers', raw`[0] [-0] [123] [-1] [-123] [␠4] 42`],
  ['fractions', raw`[123.456789] [-0.000000000000000000000000000000000000000000000000000000000000000000001]␊ -0.1`],
  ['exponents', raw`[123e65] [0e+1] [0e1] [20e1] [1E22] [1E-2] [1E+2] [123e45] [123.456e78] [1e-2] [1e+2]`],
  [
    'objects',
    raw`{"asd":"sdf",␠"dfg":"fgh"} {"asd":"sdf"} {} {"":0} {"a":[]} {␊"a":␠"b"␊} {␠"x":␠-1.0e+28,␠"y":␠1.0e+28␠}`,
  ],
  ['long and escaped names', raw`{"foo\u0000bar":␠42} {"x":[{"id":␠"${'x'.repeat(40)}"}],␠"id":␠"${'x'.repeat(40)}"}`],
  ['simple escapes', raw`["\"\\\/\b\f\n\r\t"] ["\""] ["\\a"] ["\\n"] ["\\u0000"]`],
  [
    'u escapes',
    raw`["\u0060\u012a\u12AB"] ["\u0012"] ["\uFFFF"] ["\u0000"] ["\u002c"] ["\u0821"] ["\u0123"] ["\u0061\u30af\u30EA\u30b9"]`,
  ],
  [
    'u escapes of marks',
    raw`["new\u00A0line"] ["new\u000Aline"] ["\uA66D"] ["\u005C"] ["\u200B"] ["\u2064"] ["\uFDD0"] ["\uFFFE"] ["\u0022"]`,
  ],
  [
    'surrogate pairs',
    raw`["\uD801\udc37"] ["\ud83d\ude39\ud83d\udc8d"] ["\uDBFF\uDFFF"] ["\uD834\uDd1e"] ["\uDBFF\uDFFE"] ["\uD83F\uDFFE"]`,
  ],
  [
    'characters beyond ASCII',
    raw`["‹F4›‹8F›‹BF›‹BF›"] ["‹EF›‹BF›‹BF›"] ["π"] ["‹F0›‹9B›‹BF›‹BF›"] ["⍂㈴⍂"] ["€𝄞"] ["‹E2›‹80›‹A8›"] ["‹E2›‹80›‹A9›"]`,
  ],
  ['characters that look like syntax', raw`["a/*b*/c/*d//e"] ["asd␠"] ["asd"] [␠"asd"] ["‹7F›"] ["a‹7F›a"]`],
  ['bare values', raw`false null "asd" true "" "␠" ["a"]␊ [true]`],
];

/** Accepted by JSON.parse and by the scanner, refused by parseStrictJson for a loss. */
const repeated: readonly Subject[] = [['repeated names', raw`{"a":"b","a":"c"} {"a":"b","a":"b"}`]];

const rejected: readonly Subject[] = [
  ['commas in arrays', raw`[1␠true] [""], [,1] [1,,2] ["x",,] ["",] [,] [␠␠␠,␠""] [1,] [1,,] ["":␠1] [1:2] [3[4]]`],
  [
    'arrays that do not end',
    raw`["x" [x [""  [1, [1,␊1␊,1 ["a",␊4␊,1, [{} [1 [␠false,␠nul [␠true,␠fals [␠false,␠tru [ [, [{ ["a ['`,
  ],
  ['more than one value', raw`["x"]] [1]x [1]] 1] [][] ] {}} {"a":␠true}␠"x" {"a":"b"}# {"a":"b"}#{} ""x 2@ 123␀`],
  [
    'words',
    raw`[fals] [nul] [tru] [True] [NaN] [-NaN] [Inf] [+Inf] [Infinity] [-Infinity] ["x",␠truth] abc [*] * <.> [<null>]`,
  ],
  ['signs', raw`[++1234] [+1] [-] [-␠1] [-foo] [-1x] [0e+-1] [1+2]`],
  ['zeros in front', raw`[-01] [012] [-012] [00.0] [-00.0] [00e0] [-00e0] [1␠000.0]`],
  ['dots', raw`[-1.0.] [-2.] [.-1] [.2e-3] [0.1.2] [0.e1] [2.e+3] [2.e-3] [2.e3] [9.e+] [-.123] [1.] [.123]`],
  ['exponents', raw`[0.3e+] [0.3e] [0E+] [0E] [0e+] [0e] [1.0e+] [1.0e-] [1.0e] [1eE2] [1ea]`],
  ['letters in numbers', raw`[0x1] [0x42] [-123.123foo] [1.2a-3] [1.8011670033376514H-308] [１]`],
  [
    'names',
    raw`{[:␠"x"}␊ {key:␠'value'} {1:1} {9999E9999:1} {null:null,null:null} {'a':0} {a:␠"b"} {‹F0›‹9F›‹87›‹A8›} {'a'`,
  ],
  ['colons', raw`{"x",␠null} {"x"::"b"} {"a"␠b} {:"b"} {"a"␠"b"} {"a": {"a" {␠"foo"␠:␠"bar",␠"a"␠} {"": {"x":␠true,`],
  [
    'commas in objects',
    raw`{"a":"a"␠123} {"id":0,,,,,} {"id":0,} {"a":"b",,"c":"d"} {, {]  {[ {"a { {"a":"a {"asd":"asd"`,
  ],
  ['comments', raw`{"a":"b"}/**/ {"a":"b"}/**// {"a":"b"}// {"a":"b"}/ {"a":/*comment*/"b"}`],
  [
    'escapes',
    raw`["\x00"] ["\\\"] ["\␉"] ["\🌀"] ["\"] ["\u00A"] ["\a"] ["\uqqqq"] ["\ "\UA66D" ["\␀"] [\n] [\u0020"asd"] [\u000A""]`,
  ],
  [
    'halves of escapes',
    raw`["\uD800\"] ["\uD800\u"] ["\uD800\u1"] ["\uD800\u1x"] ["\uD834\uDd"] ["\uD800\uD800\x"] ["\{["\{["\{["\{`,
  ],
  ['control characters', raw`["a␀a"] ["new␊line"] ["␉"] [␀] ["␋a"\f] [␌]`],
  ['missing quotes', raw`[é] " ['single␠quote'] ["asd] aå å [a‹E5›] ‹E5› ‹E9› [‹E2›‹81›‹A0›]`],
  ['bytes that are not UTF-8', raw`[‹FF›] [123‹E5›] [1e1‹E5›] [0‹E5›]␊ [1e‹E5›] {"‹B9›":"0",} ["\u‹E5›"] ["\‹E5›"]`],
  ['byte order marks', raw`‹EF›‹BB›‹BF› ‹EF›‹BB›{}`],
  ['white space alone', raw`␠ ␊`],
];

/** What the suite leaves open and the sidecar takes, as JSON.parse does: rounding and half characters stay in the text. */
const takenThoughOpen: readonly Subject[] = [
  [
    'numbers beyond a double',
    raw`[123.456e-789] [0.4e006699999999999999999999] [-1e+9999] [1.5e+9999] [-123123e100000] [123123e100000] [123e-10000000]`,
  ],
  [
    'lone surrogates',
    raw`{"\uDFAA":0} ["\uDADA"] ["\uD888\u1234"] ["\uD800\n"] ["\uDd1ea"] ["\uD800\uD800\n"] ["\ud800"] ["\ud800abc"] ["\uDd1e\uD834"] ["\uDFAA"]`,
  ],
];

/** What the suite leaves open, JSON.parse and the scanner take, and parseStrictJson refuses: it would be rounded. */
const takenButRounded: readonly Subject[] = [
  [
    'integers beyond 2^53',
    raw`[-123123123123123123123123123123] [100000000000000000000] [-237462374673276894279832749832423479823246327846]`,
  ],
];

/** What the suite leaves open and the sidecar refuses: text must be UTF-8 without a byte order mark. */
const refusedThoughOpen: readonly Subject[] = [
  [
    'bytes that are not UTF-8',
    raw`["‹E6›‹97›‹A5›‹D1›‹88›‹FA›"] ["‹ED›‹A0›‹80›"] ["‹FF›"] ["‹E9›"] ["‹81›"] ["‹F4›‹BF›‹BF›‹BF›"]`,
  ],
  [
    'overlong and cut sequences',
    raw`["‹C0›‹AF›"] ["‹FC›‹83›‹BF›‹BF›‹BF›‹BF›"] ["‹FC›‹80›‹80›‹80›‹80›‹80›"] ["‹E0›‹FF›"]`,
  ],
  ['UTF-16', raw`‹FF›‹FE›[␀"␀‹E9›␀"␀]␀ ␀[␀"␀‹E9›␀"␀] [␀"␀‹E9›␀"␀]␀`],
  ['byte order marks', raw`‹EF›‹BB›‹BF›{}`],
];

export const acceptedJson = casesOf(accepted);
export const repeatedNameJson = casesOf(repeated);
export const rejectedJson = [...casesOf(rejected), { subject: 'no text', shown: '(empty)', bytes: Buffer.alloc(0) }];
export const acceptedOpenJson = casesOf(takenThoughOpen);
export const roundedOpenJson = casesOf(takenButRounded);
export const refusedOpenJson = casesOf(refusedThoughOpen);

/** Nesting of the suite's structure cases; those without an end are too large to print. */
export const deepJson = {
  /** Valid, and nested 500 deep: open in the suite. */
  closed: Buffer.from('['.repeat(500) + ']'.repeat(500)),
  unclosedArrays: Buffer.from('['.repeat(100_000)),
  unclosedObjects: Buffer.from('[{"":'.repeat(50_000)),
};

function casesOf(subjects: readonly Subject[]): JsonCase[] {
  return subjects.flatMap(([subject, texts]) =>
    texts
      .split(' ')
      .filter((shown) => shown !== '')
      .map((shown) => ({ subject, shown, bytes: bytesOf(shown) })),
  );
}

function bytesOf(shown: string): Buffer {
  const parts = shown.split(/(‹[0-9A-F]{2}›)/).map((part) => {
    const byte = /^‹(..)›$/.exec(part)?.[1];
    if (byte !== undefined) return Buffer.from(byte, 'hex');
    return Buffer.from(part.replaceAll(/[\u2400-\u2426]/g, (picture) => pictures[picture]!));
  });
  return Buffer.concat(parts);
}
