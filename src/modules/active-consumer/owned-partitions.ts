import type { TopicPartition } from '../../clients/record.ts';

/**
 * One stay of a partition with this instance: from an assignment or a seek to the next seek or the revocation. Records and
 * positions belong to a stay; those of an ended one mean nothing any more.
 */
export class Stay implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  /** False once the partition was revoked or sought. */
  isCurrent = true;
  /** It had no offset to begin at and `auto.offset.reset` forbids to choose one: nothing comes until it is sought. */
  readonly isStopped: boolean;
  /** Offset after the last record whose answer reached a reader. */
  delivered: number | undefined;
  /** The part of `delivered` that the next read has acknowledged; auto commit stores it. */
  acknowledged: number | undefined;
  /** The last offset the broker stored for us. */
  committed: number | undefined;

  constructor({ topic, partition }: TopicPartition, isStopped: boolean) {
    this.topic = topic;
    this.partition = partition;
    this.isStopped = isStopped;
  }
}

/** The partitions this instance owns now. */
export class OwnedPartitions {
  readonly #stays = new Map<string, Stay>();
  readonly #listeners = new Set<() => void>();

  get size(): number {
    return this.#stays.size;
  }

  /** Partitions that bring nothing until they are sought. */
  get stoppedCount(): number {
    return this.all().filter(({ isStopped }) => isStopped).length;
  }

  get(topic: string, partition: number): Stay | undefined {
    return this.#stays.get(key(topic, partition));
  }

  all(): Stay[] {
    return [...this.#stays.values()];
  }

  /** Begins a new stay of each, ending the one there was. `isStopped` tells which of them cannot begin. */
  begin<T extends TopicPartition>(partitions: readonly T[], isStopped: (partition: T) => boolean = () => false): void {
    for (const partition of partitions) {
      this.#end(partition);
      this.#stays.set(key(partition.topic, partition.partition), new Stay(partition, isStopped(partition)));
    }
    this.#announce();
  }

  end(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#end(partition);
    this.#announce();
  }

  endAll(): void {
    this.end(this.all());
  }

  /** Resolves at the next assignment or revocation, after `timeoutMs` at the latest. */
  changed(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#listeners.add(done);
    });
  }

  #end({ topic, partition }: TopicPartition): void {
    const stay = this.get(topic, partition);
    if (stay === undefined) return;
    stay.isCurrent = false;
    this.#stays.delete(key(topic, partition));
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Topic names hold no slash. */
function key(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}
