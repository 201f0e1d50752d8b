import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import { maxBufferRecords } from './flow-control.ts';
import type { BufferedRecord, ReadLimits, RecordBuffer } from './record-buffer.ts';

/** A read waits at least this long for its one look into the client's queue, also with a timeout of 0. */
const firstPullMs = 100;
/** A read or commit that comes while the answer before it is still being sent waits for its fate at least this long. */
const settlePatienceMs = 1_000;

export interface ReadRequest extends ReadLimits {
  readonly timeoutMs: number;
  /** Raw bytes to wait for; negative or 0 answers with the first record. */
  readonly minBytes: number;
  readonly isAbandoned: boolean;
  onAbandoned(listener: () => void): void;
}

/** What one read took. */
export interface Batch {
  readonly records: readonly BufferedRecord[];
  /** Call once: whether the answer was handed to the reader. If not, the records come with the next read. */
  settle(isDelivered: boolean): void;
}

interface Wait {
  readonly request: ReadRequest;
  /** Ends after one look, whatever it found. */
  readonly isImmediate: boolean;
  end(): void;
  fail(error: SidecarError): void;
}

/** Where records come from. */
interface Source {
  /** A read begins: everything delivered so far is thereby acknowledged. */
  onReadBegins(): void;
  /** Pulls now, if it can. */
  wake(): void;
  /** The buffer was emptied or filled by a read. */
  bufferChanged(): void;
  /** Why there is nothing, where that is known. */
  fault(): SidecarError | undefined;
}

/** The reads of one instance, one at a time; a waiting read is a callback and a timer. */
export class RecordReader {
  readonly #buffer: RecordBuffer;
  readonly #source: Source;
  #isReading = false;
  #isDraining = false;
  #wait: Wait | undefined;
  /** The answer made and not yet sent. */
  #unsettled: Promise<void> | undefined;

  constructor(buffer: RecordBuffer, source: Source) {
    this.#buffer = buffer;
    this.#source = source;
  }

  /**
   * Answers as soon as there is a record (or `minBytes` of them), but not with less than `maxBytes` while the client's
   * queue holds more; with nothing when the time is over.
   *
   * @throws SidecarError ERR12221 while another read runs, or the source's fault when there is nothing
   */
  async read(request: ReadRequest): Promise<Batch> {
    if (this.#isReading) throw anotherRead('another read of this instance is running');
    this.#isReading = true;
    try {
      if (!(await this.settled(request.timeoutMs)))
        throw anotherRead('the answer of the read before is still being sent');
      this.#source.onReadBegins();
      if (!this.#isEnough(request, false)) await this.#waitFor(request);
      const records = request.isAbandoned ? [] : this.#buffer.take(request);
      if (records.length > 0) return this.#batch(records);
      const fault = this.#source.fault();
      if (fault !== undefined && !this.#isDraining) throw fault;
      return { records, settle: () => undefined };
    } finally {
      this.#isReading = false;
    }
  }

  /** Resolves to true once no answer is on its way; to false when that takes longer than `patienceMs` (at least 1 s). */
  async settled(patienceMs: number): Promise<boolean> {
    if (this.#unsettled === undefined) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(patienceMs, settlePatienceMs));
    });
    await Promise.race([this.#unsettled, late]);
    clearTimeout(timer);
    return this.#unsettled === undefined;
  }

  /** Call after every pull. */
  onPulled(isDrained: boolean): void {
    const wait = this.#wait;
    if (wait === undefined) return;
    if (this.#isEnough(wait.request, isDrained) || (isDrained && wait.isImmediate)) wait.end();
  }

  /** Ends a read that waits. */
  fail(error: SidecarError): void {
    this.#wait?.fail(error);
  }

  /** Reads end with what there is, now and from now on. */
  drain(): void {
    this.#isDraining = true;
    this.#wait?.end();
  }

  #isEnough({ maxBytes, maxRecords, minBytes }: ReadRequest, isDrained: boolean): boolean {
    const { bytes, size } = this.#buffer;
    if (bytes >= maxBytes || size >= Math.min(maxRecords, maxBufferRecords)) return true;
    return isDrained && size > 0 && bytes >= minBytes;
  }

  #waitFor(request: ReadRequest): Promise<void> {
    const timeoutMs = this.#isDraining ? 0 : request.timeoutMs;
    let timer: NodeJS.Timeout | undefined;
    return new Promise<void>((resolve, reject) => {
      this.#wait = { request, isImmediate: timeoutMs === 0, end: resolve, fail: reject };
      timer = setTimeout(resolve, Math.max(timeoutMs, firstPullMs));
      request.onAbandoned(resolve);
      this.#source.wake();
    }).finally(() => {
      clearTimeout(timer);
      this.#wait = undefined;
    });
  }

  #batch(records: readonly BufferedRecord[]): Batch {
    this.#source.bufferChanged();
    let isSettled = false;
    let announce: () => void = () => undefined;
    const unsettled = new Promise<void>((resolve) => {
      announce = resolve;
    });
    this.#unsettled = unsettled;
    return {
      records,
      settle: (isDelivered) => {
        if (isSettled) return;
        isSettled = true;
        if (isDelivered) advance(records);
        else {
          this.#buffer.putBack(records);
          this.#source.bufferChanged();
        }
        this.#unsettled = undefined;
        announce();
      },
    };
  }
}

function advance(records: readonly BufferedRecord[]): void {
  for (const { message, stay } of records) if (stay.isCurrent) stay.delivered = message.offset + 1;
}

function anotherRead(description: string): SidecarError {
  return new SidecarError('ERR12221', `${description}; read one after the other`);
}
