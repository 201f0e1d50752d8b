import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Logger } from '../../foundation/logging.ts';
import type { ConsumerInstance } from './instance.ts';

export interface RegistryOptions {
  readonly maxInstances: number;
  /** Idle time after the end of the last call, milliseconds. */
  readonly instanceTimeoutMs: number;
  readonly logger: Logger;
}

const sidecarStops = 'the sidecar stops';

interface Entry {
  readonly group: string;
  readonly name: string;
  /** Absent while it is being created. */
  instance: ConsumerInstance | undefined;
  /** Calls under way; none may expire the instance. */
  calls: number;
  /** End of the last call, epoch ms. */
  idleSince: number;
}

/** A call of an instance that is under way. */
export interface Call {
  readonly instance: ConsumerInstance;
  /** Call once when the call is over; its end starts the idle time. */
  readonly end: () => void;
}

/** The instances of this sidecar by group and name; closes those that nobody calls any more. */
export class InstanceRegistry {
  readonly #options: RegistryOptions;
  readonly #entries = new Map<string, Entry>();
  /** Instances on their way out of their groups. */
  readonly #closing = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #isDraining = false;

  constructor(options: RegistryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  start(): void {
    const periodMs = Math.min(1_000, Math.max(10, this.#options.instanceTimeoutMs / 4));
    this.#timer = setInterval(() => this.#expire(), periodMs).unref();
  }

  /** Ends what waits. Each instance leaves its group as soon as no call of it is under way; new calls find none. */
  drain(): void {
    clearInterval(this.#timer);
    this.#isDraining = true;
    for (const [place, entry] of this.#entries) {
      entry.instance?.drain();
      if (entry.calls === 0) void this.#remove(place, entry, sidecarStops);
    }
  }

  /** Closes all, side by side. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#isDraining = true;
    for (const [place, entry] of this.#entries) void this.#remove(place, entry, sidecarStops);
    await Promise.all(this.#closing);
  }

  /** The name is taken from the first moment on. @throws SidecarError ERR12202 name in use, ERR12223 limit */
  async create(group: string, name: string, make: () => Promise<ConsumerInstance>): Promise<void> {
    const place = key(group, name);
    if (this.#entries.has(place)) {
      throw new SidecarError(
        'ERR12202',
        `group ${group} already has an instance ${name}; delete it or take another name`,
      );
    }
    const { maxInstances } = this.#options;
    if (this.#entries.size >= maxInstances) {
      throw new SidecarError(
        'ERR12223',
        `there are ${maxInstances} consumer instances; delete some or raise kafka-consumer.maxConsumerInstances`,
      );
    }
    const entry: Entry = { group, name, instance: undefined, calls: 1, idleSince: 0 };
    this.#entries.set(place, entry);
    try {
      entry.instance = await make();
    } catch (error) {
      if (this.#entries.get(place) === entry) this.#entries.delete(place);
      throw error;
    } finally {
      this.#ended(place, entry);
    }
    if (this.#entries.get(place) !== entry) await this.#close(entry, sidecarStops);
  }

  /** Begins a call. @throws SidecarError ERR12200 */
  call(group: string, name: string): Call {
    const place = key(group, name);
    const entry = this.#entries.get(place);
    if (entry?.instance === undefined) throw notFound(group, name);
    entry.calls++;
    let isOver = false;
    return {
      instance: entry.instance,
      end: () => {
        if (!isOver) this.#ended(place, entry);
        isOver = true;
      },
    };
  }

  /** Resolves when the group was left. @throws SidecarError ERR12200 */
  async delete(group: string, name: string): Promise<void> {
    const place = key(group, name);
    const entry = this.#entries.get(place);
    if (entry?.instance === undefined) throw notFound(group, name);
    await this.#remove(place, entry, 'it was deleted');
  }

  #expire(): void {
    const before = Date.now() - this.#options.instanceTimeoutMs;
    for (const [place, entry] of this.#entries) {
      if (entry.calls > 0 || entry.idleSince > before) continue;
      this.#options.logger.info({ group: entry.group, instance: entry.name }, 'consumer instance expired');
      void this.#remove(place, entry, 'it expired');
    }
  }

  #ended(place: string, entry: Entry): void {
    entry.calls--;
    entry.idleSince = Date.now();
    if (this.#isDraining && entry.calls === 0 && this.#entries.get(place) === entry) {
      void this.#remove(place, entry, sidecarStops);
    }
  }

  #remove(place: string, entry: Entry, reason: string): Promise<void> {
    this.#entries.delete(place);
    const closing = this.#close(entry, reason).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    return closing;
  }

  async #close({ group, name, instance }: Entry, reason: string): Promise<void> {
    try {
      await instance?.close(notFound(group, name, reason));
    } catch (error) {
      this.#options.logger.error({ err: error, group, instance: name }, 'consumer instance did not close cleanly');
    }
  }
}

function notFound(group: string, name: string, reason?: string): SidecarError {
  const why = reason ?? 'create it with POST /consumers/{group}; it may have expired';
  return new SidecarError('ERR12200', `group ${group} has no consumer instance ${name}: ${why}`);
}

/** Names hold no control characters. */
function key(group: string, name: string): string {
  return `${group}\0${name}`;
}
