import type { Resource } from '../../foundation/lifecycle.ts';
import type { Logger } from '../../foundation/logging.ts';
import {
  connectProducer,
  createRawProducer,
  disconnectProducer,
  fetchMetadata,
  KafkaClientError,
  type KafkaProperties,
  type RawProducer,
} from './native.ts';

/** Time between two probes while the cluster is away, milliseconds: short, so that its return is seen soon. */
const probeIntervalWhileDownMs = 250;

export interface ClusterOptions {
  /** Connection and security properties; `bootstrap.servers` among them. */
  readonly properties: KafkaProperties;
  readonly probeIntervalMs: number;
  /** Deadline of one probe. */
  readonly probeTimeoutMs: number;
  readonly logger: Logger;
}

/**
 * Whether the cluster can be reached now: a client of its own asks a broker for metadata at a fixed period, so that loss
 * and return are known within a period and a deadline even when a broker hangs with its connections open.
 */
export class KafkaCluster implements Resource {
  readonly name = 'kafka cluster probe';
  readonly #options: ClusterOptions;
  #client: RawProducer | undefined;
  #isReachable = false;
  #isStopped = false;
  #lastError = 'not connected yet';
  #isCredentialRefused = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  /** True from a good probe until a failed one. */
  get isReachable(): boolean {
    return this.#isReachable;
  }

  /** Why it is not reachable, for people. */
  get lastError(): string {
    return this.#lastError;
  }

  /** True when the brokers answer but refuse the sidecar's credentials. */
  get isCredentialRefused(): boolean {
    return !this.#isReachable && this.#isCredentialRefused;
  }

  /** Resolves after the first probe, whatever it found: an absent cluster is waited for in the background. */
  async start(): Promise<void> {
    await this.#probeOnce();
  }

  /** Keeps the last word. A probe that a silent broker leaves waiting would hold up the end of the process. */
  endProbing(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async stop(): Promise<void> {
    this.endProbing();
    await this.#running;
    if (this.#client !== undefined) await disconnectProducer(this.#client, 1);
  }

  /** Another client saw its connections break: probe now instead of at the next period. */
  suspect(): void {
    if (!this.#isStopped && this.#running === undefined && this.#isReachable) void this.#probeOnce();
  }

  #probeOnce(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.#probe().finally(() => {
      this.#running = undefined;
      if (this.#isStopped) return;
      const wait = this.#isReachable ? this.#options.probeIntervalMs : probeIntervalWhileDownMs;
      this.#timer = setTimeout(() => void this.#probeOnce(), wait);
    });
    return this.#running;
  }

  async #probe(): Promise<void> {
    const { probeTimeoutMs } = this.#options;
    try {
      if (this.#client === undefined) this.#client = await this.#connect();
      else await fetchMetadata(this.#client, probeTimeoutMs);
      this.#setReachable(true, '');
    } catch (error) {
      this.#setReachable(false, error instanceof KafkaClientError ? error.message : String(error));
    }
  }

  async #connect(): Promise<RawProducer> {
    const client = createRawProducer({
      'reconnect.backoff.ms': 50,
      'reconnect.backoff.max.ms': 500,
      ...this.#options.properties,
      // A probe's request left on a dead link is given up soon, so that the next one takes a new connection.
      'socket.timeout.ms': Math.max(1_000, this.#options.probeTimeoutMs),
      'statistics.interval.ms': 0,
    });
    client.on('event.error', (error) => {
      if (/authenticat/i.test(error.message)) {
        this.#isCredentialRefused = true;
        this.#lastError = error.message;
      } else this.suspect();
    });
    await connectProducer(client, this.#options.probeTimeoutMs);
    return client;
  }

  #setReachable(reachable: boolean, reason: string): void {
    if (reachable) this.#isCredentialRefused = false;
    else if (!this.#isCredentialRefused) this.#lastError = reason;
    if (reachable === this.#isReachable) return;
    this.#isReachable = reachable;
    if (reachable) this.#options.logger.info('kafka cluster is reachable');
    else this.#options.logger.warn({ reason: this.#lastError }, 'kafka cluster is not reachable');
  }
}
