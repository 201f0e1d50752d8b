import type { ProduceBatch } from './produce-batch.ts';

/**
 * The requests that wait for reports.
 *
 * Places in an array, used again, and no Set: a Set that is filled and emptied all the time leaves behind old tables that
 * point to newer ones, and so keeps dead requests alive until a full garbage collection. That tripled the time of the
 * collector.
 */
export class OpenBatches {
  readonly #places: (ProduceBatch | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#places.length - this.#free.length;
  }

  /** @returns the place to give to `remove` */
  add(batch: ProduceBatch): number {
    const place = this.#free.pop() ?? this.#places.length;
    this.#places[place] = batch;
    return place;
  }

  remove(place: number): void {
    this.#places[place] = undefined;
    this.#free.push(place);
  }

  /** Expires every batch whose deadline is over; none later than `answerBy`. Both epoch ms. */
  expire(now: number, answerBy: number): void {
    for (const batch of this.#places) {
      if (batch !== undefined && Math.min(batch.deadline, answerBy) <= now) batch.expire();
    }
  }
}
