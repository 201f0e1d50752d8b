/** Bytes in parts. */
export const hex = (...parts: readonly string[]): string => parts.join('');
