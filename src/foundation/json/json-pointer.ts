/** A member name or an index as a step of a JSON pointer (RFC 6901), with its slash. */
export function pointerStep(step: string | number): string {
  return `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
