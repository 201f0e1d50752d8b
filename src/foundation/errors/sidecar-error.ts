import { statusTable, type StatusCode, type StatusRow } from './status-table.ts';

/** The body of every error answer, in light-4j's field names. */
export interface ErrorBody {
  readonly statusCode: number;
  readonly code: StatusCode;
  readonly message: string;
  readonly description: string;
  readonly severity: 'ERROR';
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
  readonly retryAfterSeconds: number | undefined;

  constructor(code: StatusCode, description: string, options?: { cause?: unknown }) {
    super(`${code} ${description}`, options);
    this.name = 'SidecarError';
    const row: StatusRow = statusTable[code];
    this.code = code;
    this.status = row.status;
    this.description = description;
    this.retryAfterSeconds = row.retryAfterSeconds;
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
