import type { RecordBuffer } from './record-buffer.ts';

/** Records handed over by one pull: 2–8 ms of event loop at 1 KiB each. */
const recordsPerPull = 500;
/** The buffer holds about two reads, but no more than one read and this many bytes. */
const maxAheadBytes = 4_194_304;
const minBufferBytes = 262_144;
export const maxBufferRecords = 5_000;
/** A buffer that stays full for this long is nobody's: the partitions are paused. */
const pauseAfterMs = 200;

/** The consumer whose flow is controlled. */
interface Valve {
  pause(): void;
  resume(): void;
}

/**
 * Keeps the buffer of an instance about two reads deep.
 *
 * A full buffer first stops the pulls. If no read comes soon, the partitions are paused and the pulls go on: a rebalance
 * waits in the client's queue behind prefetched records, and a member that does not answer it holds up its whole group. A
 * pause discards what was prefetched, so it is not done between the reads of a busy reader.
 */
export class FlowControl {
  readonly #buffer: RecordBuffer;
  readonly #valve: Valve;
  #highBytes = minBufferBytes;
  #isPaused = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(buffer: RecordBuffer, valve: Valve) {
    this.#buffer = buffer;
    this.#valve = valve;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Records wanted from the next pull. */
  demand(): number {
    return this.#isPaused || !this.#isFull ? recordsPerPull : 0;
  }

  /** A read of this size began: the next ones will be alike. */
  expectReads(maxBytes: number): void {
    this.#highBytes = Math.max(minBufferBytes, Math.min(maxBytes * 2, maxBytes + maxAheadBytes));
  }

  /** Call whenever the buffer was filled or emptied. */
  bufferChanged(): void {
    if (this.#isPaused) {
      if (!this.#isBelowLow) return;
      this.#isPaused = false;
      this.#valve.resume();
    } else if (!this.#isFull) this.stop();
    else this.#timer ??= setTimeout(() => this.#pause(), pauseAfterMs);
  }

  /** Forgets a pause that was not made yet. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #pause(): void {
    this.#timer = undefined;
    this.#isPaused = true;
    this.#valve.pause();
  }

  get #isFull(): boolean {
    return this.#buffer.bytes >= this.#highBytes || this.#buffer.size >= maxBufferRecords;
  }

  get #isBelowLow(): boolean {
    return this.#buffer.bytes < this.#highBytes / 2 && this.#buffer.size < maxBufferRecords / 2;
  }
}
