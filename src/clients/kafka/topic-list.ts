import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import { compileLinearPattern } from '../../foundation/linear-pattern.ts';
import type { Logger } from '../../foundation/logging.ts';
import type { AdminConnection } from './admin-connection.ts';
import { lookupFailure } from './consumer-errors.ts';
import { KafkaClientError } from './native.ts';

const metadataTimeoutMs = 5_000;

export interface TopicSummary {
  readonly name: string;
  readonly partitions: number;
}

/** Decides whether a topic's whole name is meant. */
export type TopicMatcher = (name: string) => boolean;

export interface TopicListOptions {
  readonly logger: Logger;
  /** Period of the shared poll while anybody watches; ≤ 5000. */
  readonly pollIntervalMs?: number;
  /** The embedded broker: it never gives a member a topic that did not exist when the member subscribed to it. */
  readonly embedded?: boolean;
}

/**
 * The topics of the cluster, for subscriptions by pattern: one poll for all of them, running only while there are any.
 */
export class TopicList {
  readonly #admin: AdminConnection;
  readonly #logger: Logger;
  readonly #pollIntervalMs: number;
  readonly #embedded: boolean;
  readonly #watchers = new Set<(topics: readonly TopicSummary[]) => void>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<TopicSummary[]> | undefined;

  constructor(admin: AdminConnection, { logger, pollIntervalMs = 3_000, embedded = false }: TopicListOptions) {
    this.#admin = admin;
    this.#embedded = embedded;
    this.#logger = logger;
    this.#pollIntervalMs = pollIntervalMs;
  }

  /**
   * Asks the cluster now; calls at the same time share one question. Creates nothing. Internal topics (`__…`) are left out.
   *
   * @throws SidecarError ERR12227 when no broker answers
   */
  fetch(): Promise<TopicSummary[]> {
    this.#running ??= this.#fetch().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /**
   * Makes sure that a subscription to these topics will bring their records: on the embedded broker it creates them.
   *
   * @throws SidecarError ERR12227 when no broker answers
   */
  async prepareSubscription(topics: readonly string[]): Promise<void> {
    if (!this.#embedded) return;
    try {
      await Promise.all(topics.map((topic) => this.#admin.touchTopic(topic, metadataTimeoutMs)));
    } catch (error) {
      throw error instanceof KafkaClientError ? lookupFailure(error) : error;
    }
  }

  /** Calls back with every list fetched from now on. Answers the way to end that. */
  watch(listener: (topics: readonly TopicSummary[]) => void): () => void {
    this.#watchers.add(listener);
    this.#timer ??= setInterval(() => void this.#poll(), this.#pollIntervalMs).unref();
    return () => {
      this.#watchers.delete(listener);
      if (this.#watchers.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  async #poll(): Promise<void> {
    try {
      const topics = await this.fetch();
      for (const listener of this.#watchers) listener(topics);
    } catch (error) {
      this.#logger.debug({ err: error }, 'topics could not be listed');
    }
  }

  async #fetch(): Promise<TopicSummary[]> {
    try {
      const { topics } = await this.#admin.metadata(metadataTimeoutMs);
      return topics
        .filter(({ name }) => !isInternal(name))
        .map(({ name, partitions }) => ({ name, partitions: partitions.length }));
    } catch (error) {
      throw error instanceof KafkaClientError ? lookupFailure(error) : error;
    }
  }
}

/**
 * Compiles a topic pattern: RE2 syntax, matched in linear time against the whole name, internal topics never.
 *
 * @throws SidecarError ERR11004 for text that is no RE2 expression
 */
export function compileTopicPattern(pattern: string): TopicMatcher {
  try {
    const expression = compileLinearPattern(pattern);
    return (name) => !isInternal(name) && expression.matchesWhole(name);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SidecarError('ERR11004', `topic_pattern is no regular expression in RE2 syntax: ${reason}`, {
      cause: error,
    });
  }
}

function isInternal(name: string): boolean {
  return name.startsWith('__');
}
