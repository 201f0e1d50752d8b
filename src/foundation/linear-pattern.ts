import { RE2JS } from 're2js';

/** A regular expression in RE2 syntax, which no text makes run for longer than its length allows. */
export interface LinearPattern {
  matchesWhole(text: string): boolean;
  isWithin(text: string): boolean;
}

/** @throws Error for text that is no RE2 expression; it has neither look-around nor back-references */
export function compileLinearPattern(source: string): LinearPattern {
  const expression = RE2JS.compile(source);
  return {
    matchesWhole: (text) => expression.matches(text),
    isWithin: (text) => expression.matcher(text).find(),
  };
}
