/**
 * Why a key or value could not be written in its format; `place` is a JSON pointer inside it, `#` for the whole. It has no
 * stack: unions try their branches by it, and a stack costs more than the attempt.
 */
export class EncodeError extends Error {
  readonly place: string;

  constructor(place: string, reason: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(reason);
    Error.stackTraceLimit = stackTraceLimit;
    this.place = place;
  }
}
