import type { Format } from '../../clients/codec/formats.ts';
import type { KafkaProperties } from '../../clients/kafka/native.ts';
import { ProducerClient } from '../../clients/kafka/producer-client.ts';
import type { SchemaRegistry } from '../../clients/schema-registry/schema-registry.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Logger } from '../../foundation/logging.ts';
import type { Module } from '../module.ts';
import { ProducerClients } from './producer-clients.ts';
import { RecordProducer, type ClusterState, type ProducerLimits } from './produce.ts';

export interface ProducerConfig extends ProducerLimits {
  readonly enabled: boolean;
  readonly keyFormat: Format | undefined;
  readonly valueFormat: Format | undefined;
  readonly forwardHeaders: readonly string[];
  readonly injectCallerId: boolean;
  /** librdkafka names. */
  readonly properties: KafkaProperties;
}

export interface ProducerOptions {
  readonly config: ProducerConfig;
  readonly bootstrapServers: string;
  /** Undefined where no schema registry is configured. */
  readonly registry: SchemaRegistry | undefined;
  /** `server.serviceId`, for the header `caller_id`. */
  readonly serviceId: string;
  readonly cluster: ClusterState;
  readonly onTrouble: () => void;
  readonly logger: Logger;
}

/** Room for lengths, ids and headers that librdkafka counts beside key and value, bytes. */
const recordOverhead = 4_096;
/** Kafka's own default for `message.max.bytes`, less what a batch adds. */
const defaultMaxRecordBytes = 1_000_000;

/** The producer: POST /producers/{topic}. */
export function createProducer(options: ProducerOptions): Module {
  const { config, logger, cluster, onTrouble, registry, serviceId } = options;
  if (!config.enabled) return disabledProducer();
  const maxRecordBytes = Number(config.properties['message.max.bytes'] ?? defaultMaxRecordBytes);
  const properties = librdkafkaProperties(options, maxRecordBytes);
  const clients = new ProducerClients(
    (name, changes) => new ProducerClient({ name, properties: { ...properties, ...changes }, logger, onTrouble }),
  );
  const producer = new RecordProducer({
    ...config,
    callerId: config.injectCallerId ? serviceId : undefined,
    maxRecordBytes,
    clients,
    registry,
    cluster,
    logger,
  });
  return {
    name: 'producer',
    operations: { produceRecords: (request) => producer.produce(request) },
    health: () => ({
      ready: clients.main.isConnected,
      detail: {
        inFlightRecords: producer.inFlight.records,
        inFlightBytes: producer.inFlight.bytes,
        lostAsyncRecords: producer.lostAsyncRecords,
      },
    }),
    drain: (answerBy) => producer.drain(answerBy),
    start: () => clients.start(),
    stop: (deadline) => clients.stop(deadline),
  };
}

function librdkafkaProperties({ config, bootstrapServers }: ProducerOptions, maxRecordBytes: number): KafkaProperties {
  return {
    'client.id': 'kafka-sidecar-producer',
    acks: 'all',
    'enable.idempotence': true,
    partitioner: 'murmur2_random',
    'batch.num.messages': 10_000,
    'message.timeout.ms': config.requestTimeoutMs,
    // The sidecar's own counts refuse first; a queue limit reached in mid-request could only be answered with 207.
    'queue.buffering.max.messages': config.maxInFlightRecords * 2,
    'queue.buffering.max.kbytes': Math.ceil((config.maxInFlightBytes * 2) / 1024),
    'topic.metadata.propagation.max.ms': 1_000,
    'topic.metadata.refresh.fast.interval.ms': 50,
    'reconnect.backoff.ms': 50,
    'reconnect.backoff.max.ms': 500,
    'statistics.interval.ms': 0,
    ...config.properties,
    'bootstrap.servers': bootstrapServers,
    'message.max.bytes': maxRecordBytes + recordOverhead,
  };
}

function disabledProducer(): Module {
  const refusal = () => {
    throw new SidecarError('ERR12216', 'the producer is not enabled, set kafka-producer.enabled: true');
  };
  return {
    name: 'producer',
    operations: { produceRecords: refusal },
    health: () => ({ ready: true, detail: { enabled: false } }),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}
