import { createHash } from 'node:crypto';
import { BoundedCache } from '../../foundation/bounded-cache.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Answer, OperationRequest } from '../module.ts';

/** Header lines beside the body that decide on what is written. */
const recordHeaderLine = /^x-kafka-/i;
/** Printable ASCII. */
const keyForm = /^[\u0021-\u007e]{1,255}$/;
/** Limit on the bodies of the answers kept, bytes. */
const maxAnswerBytes = 67_108_864;

/** How a request with a key ended, once everything is known about it. */
export interface FinalAnswer {
  readonly answer: Answer;
  /** Not one record was written for certain: the key may be used again. */
  readonly isNothingWritten: boolean;
}

interface Kept {
  readonly fingerprint: string;
  /** Undefined while the request is running, or its reports are not all in. */
  readonly answer: Answer | undefined;
}

export interface IdempotencyOptions {
  readonly idempotencyTtlMs: number;
  readonly maxIdempotencyKeys: number;
}

/**
 * Answers a repeated request with the answer of the first, for requests that carry an Idempotency-Key. Kept in memory: lost
 * with the process, and not known to other sidecars.
 */
export class Idempotency {
  readonly #running = new Map<string, Kept>();
  readonly #done: BoundedCache<string, Kept>;

  constructor({ idempotencyTtlMs, maxIdempotencyKeys }: IdempotencyOptions) {
    this.#done = new BoundedCache({
      maxEntries: maxIdempotencyKeys,
      ttlMs: idempotencyTtlMs,
      maxSize: maxAnswerBytes,
      // An answer larger than all the room there is still counts as kept.
      sizeOf: ({ answer }) => Math.min(answer?.body?.length ?? 1, maxAnswerBytes),
    });
  }

  /**
   * Runs a request once for its key.
   *
   * @param run given what to call once all is known about what was sent; not called where nothing was sent
   * @throws SidecarError ERR12224 for a key that another request has, ERR12225 while the first is running
   */
  async run(
    request: OperationRequest,
    key: string,
    run: (onFinal: (final: FinalAnswer) => void) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    if (!keyForm.test(key)) {
      throw new SidecarError('ERR11004', 'header Idempotency-Key must have 1 to 255 printable ASCII characters');
    }
    const scope = `${request.pathParameters['topic']!}\n${key}`;
    const fingerprint = fingerprintOf(request);
    const kept = this.#running.get(scope) ?? this.#done.get(scope);
    if (kept !== undefined) return replay(kept, fingerprint, key);
    this.#running.set(scope, { fingerprint, answer: undefined });
    let isSent = false;
    try {
      return await run(({ answer, isNothingWritten }) => {
        isSent = true;
        this.#running.delete(scope);
        if (!isNothingWritten) this.#done.set(scope, { fingerprint, answer });
      });
    } catch (error) {
      // Whatever is refused is refused before its first record is sent.
      if (!isSent) this.#running.delete(scope);
      throw error;
    }
  }
}

function replay({ fingerprint, answer }: Kept, given: string, key: string): Answer {
  if (fingerprint !== given) {
    throw new SidecarError('ERR12224', `Idempotency-Key ${key} was used for another request to this topic`);
  }
  if (answer === undefined) {
    throw new SidecarError('ERR12225', `the request with Idempotency-Key ${key} is still running; ask again`);
  }
  return { ...answer, headers: { ...answer.headers, 'Idempotent-Replayed': 'true' } };
}

/** The exact body, and what else decides on the records: query, content type and the headers of raw bodies. */
function fingerprintOf({ body, query, contentType, rawHeaders }: OperationRequest): string {
  const hash = createHash('sha256').update(contentType).update('\n');
  for (const [name, value] of query) if (name !== 'timeoutMs') hash.update(`${name}=${value}\n`);
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (recordHeaderLine.test(rawHeaders[i]!)) hash.update(`${rawHeaders[i]!.toLowerCase()}:${rawHeaders[i + 1]!}\n`);
  }
  return hash.update('\n').update(body).digest('base64');
}
