import type { ConsumedMessage } from '../../clients/kafka/native-consumer.ts';
import type { Stay } from './owned-partitions.ts';
import { rawBytes } from './record-json.ts';

export interface BufferedRecord {
  readonly message: ConsumedMessage;
  readonly stay: Stay;
}

export interface ReadLimits {
  /** Raw key and value bytes. */
  readonly maxBytes: number;
  readonly maxRecords: number;
}

/** Records fetched and not yet read, in the order they came. Counts raw key and value bytes. */
export class RecordBuffer {
  #records: BufferedRecord[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#records.length;
  }

  push(message: ConsumedMessage, stay: Stay): void {
    this.#records.push({ message, stay });
    this.#bytes += rawBytes(message);
  }

  /** Takes from the front within the limits; the first record however big. */
  take({ maxBytes, maxRecords }: ReadLimits): BufferedRecord[] {
    let end = 0;
    let bytes = 0;
    while (end < this.#records.length && end < maxRecords) {
      const size = rawBytes(this.#records[end]!.message);
      if (end > 0 && bytes + size > maxBytes) break;
      bytes += size;
      end++;
    }
    const taken = this.#records.slice(0, end);
    this.#records = this.#records.slice(end);
    this.#bytes -= bytes;
    return taken;
  }

  /** Puts records that did not reach their reader before all others, in their order. */
  putBack(records: readonly BufferedRecord[]): void {
    this.#reset([...records, ...this.#records]);
  }

  /** Drops the records of stays that have ended. */
  dropEnded(): void {
    this.#reset(this.#records);
  }

  #reset(records: readonly BufferedRecord[]): void {
    this.#records = records.filter(({ stay }) => stay.isCurrent);
    this.#bytes = this.#records.reduce((sum, { message }) => sum + rawBytes(message), 0);
  }
}
