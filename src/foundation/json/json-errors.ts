/** Thrown for text that is not strict JSON; `offset` is the byte position. */
export class JsonSyntaxError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`);
    this.name = new.target.name;
    this.offset = offset;
  }
}

/** Thrown where objects and arrays nest deeper than allowed; `offset` is the bracket that is one too many. */
export class JsonDepthError extends JsonSyntaxError {}

/** Thrown where an object has two members of one name. */
export class JsonDuplicateNameError extends JsonSyntaxError {
  readonly memberName: string;
  /** JSON pointer (RFC 6901) of the member. */
  readonly path: string;

  constructor(memberName: string, path: string, offset: number) {
    super(`${path} is given twice, the second time`, offset);
    this.memberName = memberName;
    this.path = path;
  }
}

/** Thrown for an integer beyond ±(2^53-1), which JSON.parse would round, or one that is not written as plain digits. */
export class JsonUnsafeIntegerError extends JsonSyntaxError {
  /** JSON pointer (RFC 6901) of the number; empty for the whole text. */
  readonly path: string;

  constructor(path: string, offset: number) {
    super(
      `${path === '' ? 'the number' : path} is no integer up to 2^53-1 in plain digits and would be rounded`,
      offset,
    );
    this.path = path;
  }
}
