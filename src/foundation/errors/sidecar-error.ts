import { statusTable, type StatusCode, type StatusRow } from './status-table.ts';

/** The body of every error answer, in light-4j's field names. */
export interface ErrorBody {
  readonly statusCode: number;
  readonly code: StatusCode;
  readonly message: string;
  readonly description: string;
  readonly severity: 'ERROR';
}

/** What a client sent can stand in a description, however long it was; characters. */
const maxDescription = 2_000;

function shortened(text: string): string {
  return text.length <= maxDescription ? text : `${text.slice(0, maxDescription).toWellFormed()}…`;
}

/**
 * The only error class: thrown where the fact is known, answered only by the exception stage.
 *
 * The description says what, where and what to do; it never holds secrets or a stack. The cause is for the log.
 */
export class SidecarError extends Error {
  readonly code: StatusCode;
  readonly status: number;
  readonly description: string;
  /** HTTP headers the answer needs beside the body: `Retry-After`, `Allow`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: StatusCode,
    description: string,
    options: { cause?: unknown; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(`${code} ${description}`, { cause: options.cause });
    this.name = 'SidecarError';
    const row: StatusRow = statusTable[code];
    this.code = code;
    this.status = row.status;
    this.description = shortened(description);
    const { retryAfterSeconds } = row;
    this.headers = {
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
      ...options.headers,
    };
  }

  toBody(): ErrorBody {
    return {
      statusCode: this.status,
      code: this.code,
      message: statusTable[this.code].message,
      description: this.description,
      severity: 'ERROR',
    };
  }
}
