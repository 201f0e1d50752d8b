import type { KafkaProperties } from '../../clients/kafka/native.ts';
import type { OffsetLookup } from '../../clients/kafka/offset-lookup.ts';
import type { TopicList } from '../../clients/kafka/topic-list.ts';
import { SchemaReader } from '../../clients/schema-registry/schema-reader.ts';
import type { SchemaRegistry } from '../../clients/schema-registry/schema-registry.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Logger } from '../../foundation/logging.ts';
import type { Module, Operations } from '../module.ts';
import { InstanceRegistry } from './instance-registry.ts';
import { createOperations } from './operations.ts';

/** The section `kafka-consumer` as far as the active consumer reads it. */
export interface ActiveConsumerConfig {
  readonly activeEnabled: boolean;
  /** Default formats; without them JSONSCHEMA with a registry, else key STRING, value JSON. */
  readonly keyFormat?: string | undefined;
  readonly valueFormat?: string | undefined;
  /** Wait of a read that names no timeout, milliseconds. */
  readonly requestTimeoutMs: number;
  readonly requestMaxBytes: number;
  /** Raw bytes a read waits for; negative: answers with the first record. */
  readonly fetchMinBytes: number;
  /** Idle time after which an instance is closed, milliseconds. */
  readonly instanceTimeoutMs: number;
  readonly maxConsumerInstances: number;
  /** Part of generated instance names. */
  readonly serverId: string;
  /** In librdkafka's names. */
  readonly properties: KafkaProperties;
}

export interface ActiveConsumerOptions {
  readonly config: ActiveConsumerConfig;
  readonly bootstrapServers: string;
  readonly embedded: boolean;
  readonly logger: Logger;
  readonly offsetLookup: OffsetLookup;
  readonly topicList: TopicList;
  /** Undefined where no schema registry is configured. */
  readonly registry?: SchemaRegistry | undefined;
  /** The cluster probe's word; without one the cluster counts as reachable. */
  readonly isClusterReachable?: () => boolean;
}

/**
 * Consumer instances that clients create, subscribe, read and commit over HTTP: light-4j's active consumer.
 *
 * Instances live in this process: they are lost with it, and a client stays with one sidecar.
 */
export function createActiveConsumer(options: ActiveConsumerOptions): Module {
  const { config, bootstrapServers, embedded, logger, offsetLookup, topicList, registry: schemas } = options;
  const { instanceTimeoutMs, requestTimeoutMs, properties } = config;
  const registry = new InstanceRegistry({ maxInstances: config.maxConsumerInstances, instanceTimeoutMs, logger });
  const isClusterReachable = options.isClusterReachable ?? (() => true);
  const environment = {
    bootstrapServers,
    embedded,
    properties,
    instanceTimeoutMs,
    requestTimeoutMs,
    offsetLookup,
    topicList,
    isClusterReachable,
    logger,
  };
  const operations = createOperations({
    registry,
    environment,
    defaults: { ...config, reader: schemas && new SchemaReader(schemas) },
    requestMaxBytes: config.requestMaxBytes,
    serverId: config.serverId,
  });
  return {
    name: 'active consumer',
    operations: config.activeEnabled ? operations : refusing(operations),
    start: async () => registry.start(),
    stop: (deadline) => within(registry.stop(), deadline),
    drain: () => registry.drain(),
    health: () => ({ ready: true, detail: { instances: registry.size } }),
  };
}

/** The same operations, all answering that the capability is off. */
function refusing(operations: Operations): Operations {
  const refuse = () => {
    throw new SidecarError('ERR12216', 'the active consumer is not enabled; set kafka-consumer.activeEnabled: true');
  };
  return Object.fromEntries(Object.keys(operations).map((operationId) => [operationId, refuse]));
}

async function within(work: Promise<void>, deadline: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, deadline - Date.now()));
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
