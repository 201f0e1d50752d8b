import { describe, expect, it } from '@jest/globals';
import { OpenBatches } from '../../../src/modules/producer/open-batches.ts';
import type { ProduceBatch } from '../../../src/modules/producer/produce-batch.ts';

/** A batch that leaves when it expires, as a request that is answered does. */
function add(open: OpenBatches, deadline: number) {
  const batch = {
    deadline,
    expirations: 0,
    expire() {
      this.expirations++;
      open.remove(place);
    },
  };
  const place = open.add(batch as unknown as ProduceBatch);
  return { batch, place };
}

describe('OpenBatches', () => {
  it('expires each whose deadline is over, once', () => {
    const open = new OpenBatches();
    const batches = [30, 10, 20, Infinity].map((deadline) => add(open, deadline).batch);
    const seen = [5, 10, 25, 25].map((now) => {
      open.expire(now, Infinity);
      return [open.size, batches.map(({ expirations }) => expirations)];
    });
    expect(seen).toEqual([
      [4, [0, 0, 0, 0]],
      [3, [0, 1, 0, 0]],
      [2, [0, 1, 1, 0]],
      [2, [0, 1, 1, 0]],
    ]);
  });

  it('expires all when every request is to be answered', () => {
    const open = new OpenBatches();
    const { batch } = add(open, Infinity);
    open.expire(10, 11);
    const before = batch.expirations;
    open.expire(11, 11);
    expect([before, batch.expirations, open.size]).toEqual([0, 1, 0]);
  });

  it('uses places again', () => {
    const open = new OpenBatches();
    const places = [add(open, 1), add(open, 1), add(open, 1)].map(({ place }) => place);
    open.remove(places[1]!);
    expect([add(open, 1).place, add(open, 1).place, open.size]).toEqual([places[1], 3, 4]);
  });
});
