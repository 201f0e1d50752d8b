/** Comments, texts, brackets and punctuation, and what stands between them. */
const tokens =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{}[\]();,]|[^\s{}[\]();,"'/]+|\s+|[\s\S]/g;
const mayHaveOne = /option\s*\(|[[,]\s*\(/;
const isSpace = /^(?:\s|\/\/|\/\*)/;
const opening = new Set(['{', '[', '(']);
const closing = new Set(['}', ']', ')']);

/**
 * A `.proto` text without its custom options, `option (name) = …;` and `[(name) = …]`: they change nothing about encoding
 * and JSON, and the parser does not know all the forms of their values, such as the lists that Confluent's registry writes.
 */
export function withoutCustomOptions(text: string): string {
  if (!mayHaveOne.test(text)) return text;
  const input = text.match(tokens) ?? [];
  const output: string[] = [];
  for (let at = 0; at < input.length; at++) {
    const token = input[at]!;
    if (token === 'option' && input[behindSpace(input, at + 1)] === '(') {
      at = endOf(input, at, new Set([';']));
    } else if (token === '[') {
      const { kept, end } = keptOptions(input, at);
      output.push(kept);
      at = end;
    } else output.push(token);
  }
  return output.join('');
}

function behindSpace(input: readonly string[], from: number): number {
  let at = from;
  while (at < input.length && isSpace.test(input[at]!)) at++;
  return at;
}

/** Index of the first of the tokens that stands outside of brackets opened from `from` on. */
function endOf(input: readonly string[], from: number, ends: ReadonlySet<string>): number {
  let depth = 0;
  for (let at = from; at < input.length; at++) {
    const token = input[at]!;
    if (depth === 0 && ends.has(token)) return at;
    if (opening.has(token)) depth++;
    else if (closing.has(token)) depth--;
  }
  return input.length - 1;
}

/** The options of a field in brackets, from the opening one on: those that are not custom. */
function keptOptions(input: readonly string[], from: number): { kept: string; end: number } {
  const ends = new Set([',', ']']);
  const kept: string[] = [];
  let end = from;
  do {
    const start = end + 1;
    end = endOf(input, start, ends);
    if (input[behindSpace(input, start)] !== '(') kept.push(input.slice(start, end).join(''));
  } while (input[end] === ',');
  return { kept: kept.length === 0 ? '' : `[${kept.join(',')}]`, end };
}
