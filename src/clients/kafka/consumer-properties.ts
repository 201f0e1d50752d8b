import type { KafkaProperties } from './native.ts';

export interface ConsumerPropertiesInput {
  readonly bootstrapServers: string;
  readonly groupId: string;
  /** What the operator set, in librdkafka's names; goes over the defaults below. */
  readonly properties: KafkaProperties;
  readonly embedded: boolean;
  readonly autoOffsetReset?: 'earliest' | 'latest' | 'none' | undefined;
  /** Lower bound of `max.poll.interval.ms`, milliseconds. */
  readonly minPollIntervalMs: number;
}

/** Defaults of every group consumer; see docs of librdkafka's CONFIGURATION.md for the keys. */
const defaults = {
  // A fetch waits this long at the broker when no data comes. What is behind it on the connection (a seek, a resume) waits
  // too; but each idle consumer costs the broker 1000 / this many fetches a second.
  'fetch.wait.max.ms': 250,
  // A full local queue is looked at again after this; the default of 1000 halves the throughput of a backlog.
  'fetch.queue.backoff.ms': 10,
  // Per consumer, not per partition: bounds the memory of hundreds of them.
  'queued.max.messages.kbytes': 4096,
  'queued.min.messages': 5000,
  'fetch.max.bytes': 4_194_304,
  'reconnect.backoff.ms': 50,
  'reconnect.backoff.max.ms': 1000,
  'topic.metadata.refresh.interval.ms': 5000,
} as const;

/** Only for the classic group protocol; KIP-848 refuses these keys. */
const classicDefaults = {
  'partition.assignment.strategy': 'cooperative-sticky',
  // A member learns of a rebalance by its heartbeat: with the default of 3000 each round takes three times as long.
  'heartbeat.interval.ms': 1000,
} as const;

const classicOnly = ['session.timeout.ms', 'heartbeat.interval.ms', 'partition.assignment.strategy'];

/** The mock cluster serves the classic protocol badly, and an empty fetch of it sleeps although data has come. */
const embeddedOverrides = { 'group.protocol': 'consumer', 'fetch.wait.max.ms': 10 } as const;

const defaultMaxPollIntervalMs = 300_000;

/** librdkafka's configuration of one group member: defaults, then the operator's properties, then what must hold. */
export function consumerProperties(input: ConsumerPropertiesInput): KafkaProperties {
  const { properties, embedded } = input;
  const isClassic = !embedded && properties['group.protocol'] !== 'consumer';
  const merged: Record<string, unknown> = {
    ...defaults,
    ...(isClassic ? classicDefaults : {}),
    ...properties,
    ...(embedded ? embeddedOverrides : {}),
    'bootstrap.servers': input.bootstrapServers,
    'group.id': input.groupId,
    'auto.offset.reset': offsetReset(input),
    'max.poll.interval.ms': Math.max(
      Number(properties['max.poll.interval.ms'] ?? defaultMaxPollIntervalMs),
      input.minPollIntervalMs,
    ),
    // The sidecar commits by itself: only it knows what was delivered.
    'enable.auto.commit': false,
    'enable.auto.offset.store': false,
    'enable.partition.eof': false,
  };
  if (embedded) for (const key of classicOnly) delete merged[key];
  return merged;
}

/** librdkafka calls `error` what Java calls `none`. */
function offsetReset({ autoOffsetReset, properties }: ConsumerPropertiesInput): unknown {
  const reset = autoOffsetReset ?? properties['auto.offset.reset'] ?? 'earliest';
  return reset === 'none' ? 'error' : reset;
}
