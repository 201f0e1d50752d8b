import type { StoredRecord } from './read-topic.ts';

/** What an answer says of one record: its place, that it is not written, or that nobody knows. */
export type Fate = { readonly partition: number; readonly offset: number } | 'not written' | 'unknown';

/** One request as it was sent; the rest comes with its answer. */
export interface Entry {
  /** Ids of its records, in order. */
  readonly ids: readonly string[];
  /** Requests of one lane were accepted in the order of their sending. */
  readonly lane: string | undefined;
  readonly sentAt: number;
  answeredAt: number;
  /** HTTP status; 0 before the answer. */
  status: number;
  fates: readonly Fate[];
}

/** Ways in which a log can contradict the answers; each lists the ids of records concerned. */
export interface Contradictions {
  /** Acknowledged and not in the log. */
  readonly lost: string[];
  /** In the log more than once. */
  readonly twice: string[];
  /** Not at the partition and offset that was answered. */
  readonly elsewhere: string[];
  /** In the log although the answer said that it is not written. */
  readonly writtenAgainstAnswer: string[];
  /** In the log before a record of its partition that was accepted earlier. */
  readonly overtaking: string[];
  /** In the log and never sent. */
  readonly foreign: string[];
}

export const noContradictions: Contradictions = {
  lost: [],
  twice: [],
  elsewhere: [],
  writtenAgainstAnswer: [],
  overtaking: [],
  foreign: [],
};

interface Known {
  readonly id: string;
  readonly entry: Entry;
  readonly fate: Fate;
  /** Place in the order of all records ever sent. */
  readonly sequence: number;
}

/** What was sent and answered, to be held against what the log holds. */
export class Ledger {
  readonly #entries: Entry[] = [];
  /** Number of answers by status; `unanswered` where the connection broke, `refused` where there was none. */
  readonly statuses: Record<string, number> = {};

  /** Notes a request that is about to be sent. */
  begin(ids: readonly string[], lane?: string): Entry {
    const entry: Entry = {
      ids,
      lane,
      sentAt: performance.now(),
      answeredAt: Infinity,
      status: 0,
      fates: ids.map(() => 'unknown'),
    };
    this.#entries.push(entry);
    return entry;
  }

  /** Notes the answer of a produce request. */
  answered(entry: Entry, status: number, body: unknown): void {
    entry.answeredAt = performance.now();
    entry.status = status;
    entry.fates = fatesOf(entry, status, body);
    this.#count(String(status));
  }

  /** The request ended without an answer; `isRefused` when there was not even a connection. */
  failed(entry: Entry, isRefused: boolean): void {
    if (isRefused) entry.fates = entry.ids.map(() => 'not written');
    this.#count(isRefused ? 'refused' : 'unanswered');
  }

  /** Requests answered so far. */
  get answers(): number {
    return Object.values(this.statuses).reduce((sum, count) => sum + count, 0);
  }

  /** Ids of the acknowledged records. */
  get acknowledged(): string[] {
    return this.#known()
      .filter(({ fate }) => typeof fate === 'object')
      .map(({ id }) => id);
  }

  /**
   * Answers that came later than `deadlineMs` after their sending, for people. A request in a lane may wait in the kernel
   * while the server is busy with those before it: its time begins with the answer of the one before.
   */
  laterThan(deadlineMs: number): string[] {
    const answeredBefore = new Map<string, number>();
    return this.#entries.flatMap(({ ids, lane, status, sentAt, answeredAt }) => {
      if (!Number.isFinite(answeredAt)) return [];
      const begunAt = Math.max(sentAt, (lane === undefined ? undefined : answeredBefore.get(lane)) ?? 0);
      if (lane !== undefined) answeredBefore.set(lane, answeredAt);
      const ms = Math.round(answeredAt - begunAt);
      if (ms <= deadlineMs) return [];
      return `${ids[0]} (${lane ?? 'alone'}, ${ids.length} records): ${status} after ${ms} ms`;
    });
  }

  /** Holds the answers against the whole log, whose record values are ids as JSON texts or objects with an `id`. */
  compare(log: readonly StoredRecord[]): Contradictions {
    const known = new Map(this.#known().map((record) => [record.id, record]));
    const stored = log.map((record) => ({ ...record, id: idOf(record) }));
    const places = new Map<string, StoredRecord[]>();
    for (const record of stored) places.set(record.id, [...(places.get(record.id) ?? []), record]);
    const of = (holds: (record: Known) => boolean) => [...known.values()].filter(holds).map(({ id }) => id);
    return {
      lost: of(({ id, fate }) => typeof fate === 'object' && !places.has(id)),
      twice: [...places].filter(([, copies]) => copies.length > 1).map(([id]) => id),
      elsewhere: of(({ id, fate }) => {
        const [place] = places.get(id) ?? [];
        if (typeof fate !== 'object' || place === undefined) return false;
        return place.partition !== fate.partition || place.offset !== fate.offset;
      }),
      writtenAgainstAnswer: of(({ id, fate }) => fate === 'not written' && places.has(id)),
      overtaking: overtaking(stored.flatMap(({ id, partition }) => withPartition(known.get(id), partition))),
      foreign: [...places.keys()].filter((id) => !known.has(id)),
    };
  }

  #known(): Known[] {
    let sequence = 0;
    return this.#entries.flatMap((entry) =>
      entry.ids.map((id, i) => ({ id, entry, fate: entry.fates[i]!, sequence: sequence++ })),
    );
  }

  #count(outcome: string): void {
    this.statuses[outcome] = (this.statuses[outcome] ?? 0) + 1;
  }
}

function withPartition(record: Known | undefined, partition: number) {
  return record === undefined ? [] : [{ ...record, partition }];
}

/**
 * Records, in the order of the log, that stand before one accepted earlier: one of the same request or lane that was sent
 * before, or one of a request that was answered before this one was sent.
 */
function overtaking(log: readonly (Known & { readonly partition: number })[]): string[] {
  const found: string[] = [];
  const earliestAnswer = new Map<number, number>();
  const leastSequence = new Map<string, number>();
  for (const { id, entry, sequence, partition } of log.toReversed()) {
    const order = `${partition} ${entry.lane ?? entry.ids[0]}`;
    const least = leastSequence.get(order) ?? Infinity;
    const answer = earliestAnswer.get(partition) ?? Infinity;
    if (sequence > least || entry.sentAt > answer) found.push(id);
    leastSequence.set(order, Math.min(least, sequence));
    earliestAnswer.set(partition, Math.min(answer, entry.answeredAt));
  }
  return found;
}

function fatesOf({ ids }: Entry, status: number, body: unknown): Fate[] {
  const { offsets } = body as { offsets?: readonly { partition: number; offset: number; errorCode?: number }[] };
  if (status === 504) return ids.map(() => 'unknown');
  if (status !== 200 && status !== 207) return ids.map(() => 'not written');
  return offsets!.map(({ partition, offset, errorCode }) => {
    if (errorCode === undefined) return { partition, offset };
    return errorCode === timeoutEntryCode ? 'unknown' : 'not written';
  });
}

/** The entry of a record that was not acknowledged in time. */
const timeoutEntryCode = 50401;

function idOf({ value }: StoredRecord): string {
  const parsed = JSON.parse(value?.toString() ?? 'null') as { id: string } | string;
  return typeof parsed === 'string' ? parsed : parsed.id;
}
