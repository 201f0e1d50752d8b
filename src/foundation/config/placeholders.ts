/** Looks a placeholder's name up in values.yml and the environment; undefined where neither has it. */
export type PlaceholderLookup = (name: string) => unknown;

/** The environment variable of a key: upper case, every character outside A–Z and 0–9 an underscore. */
export function environmentName(key: string): string {
  return key.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}

/**
 * Replaces `${name:default}` in a template's value. A value that is one placeholder takes the type of what replaces it; a
 * default may hold placeholders again. A name without value or default becomes empty text.
 */
export function resolvePlaceholders(value: unknown, lookup: PlaceholderLookup): unknown {
  if (typeof value !== 'string' || !value.includes('${')) return value;
  const whole = readPlaceholder(value, 0);
  if (whole?.end === value.length) return valueOf(whole, lookup);
  let text = '';
  for (let at = 0; at < value.length;) {
    const placeholder = readPlaceholder(value, at);
    if (placeholder === undefined) text += value[at++];
    else {
      text += scalarText(valueOf(placeholder, lookup));
      at = placeholder.end;
    }
  }
  return text;
}

/** Names of all placeholders in a template's value, those in defaults included. */
export function placeholderNames(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  return [...value.matchAll(/\$\{([^:}]+)/g)].map(([, name]) => name!);
}

interface Placeholder {
  readonly name: string;
  readonly fallback: string;
  /** Index behind the closing brace. */
  readonly end: number;
}

function readPlaceholder(text: string, start: number): Placeholder | undefined {
  if (!text.startsWith('${', start)) return undefined;
  let depth = 0;
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) {
      const inner = text.slice(start + 2, at);
      const colon = inner.indexOf(':');
      const name = colon === -1 ? inner : inner.slice(0, colon);
      return { name, fallback: colon === -1 ? '' : inner.slice(colon + 1), end: at + 1 };
    }
  }
  return undefined;
}

/** A number, truth value or text as text; anything else, absent values too, as none. */
export function scalarText(value: unknown): string {
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isScalar ? String(value) : '';
}

function valueOf({ name, fallback }: Placeholder, lookup: PlaceholderLookup): unknown {
  return lookup(name) ?? resolvePlaceholders(fallback, lookup);
}
