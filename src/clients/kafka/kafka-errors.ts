import type { StatusCode } from '../../foundation/errors/status-table.ts';

/** librdkafka's and Kafka's numbers, by the names of librdkafka's `rd_kafka_resp_err_t`. */
export const kafkaCodes = {
  purgedInFlight: -151,
  purgedInQueue: -152,
  fatal: -150,
  authentication: -169,
  queueFull: -184,
  timedOut: -185,
  unknownTopic: -188,
  unknownPartition: -190,
  messageTimedOut: -192,
  transport: -195,
  unknownTopicOrPartition: 3,
  requestTimedOut: 7,
  messageTooLarge: 10,
} as const;

/** The broker refused a whole batch; these tell of one record in it, or of their sum: the others may be good. */
const batchRefusals = new Set<number>([
  kafkaCodes.messageTooLarge,
  18, // record list larger than the segment
  32, // invalid timestamp
  44, // policy violation
  87, // invalid record
  -138, // another record of the batch is invalid
]);

/** Whether a record refused with this code may be taken when it comes in a batch of its own. */
export function isBatchRefusal(code: number): boolean {
  return batchRefusals.has(code);
}

/** Why a record was not acknowledged, as the answer tells it. */
export interface ProduceFailureKind {
  /** light-4j's entry code. */
  readonly entryCode: number;
  /** The error answered when all records failed for this reason. */
  readonly status: StatusCode;
  readonly requestStatus: 'FAILED' | 'FORBIDDEN' | 'UNAUTHORIZED';
  readonly text: string;
}

const failed = (entryCode: number, status: StatusCode, text: string): ProduceFailureKind => ({
  entryCode,
  status,
  requestStatus: 'FAILED',
  text,
});

const unknownOutcome = failed(50401, 'ERR12228', 'not acknowledged in time: unknown, it may still be written');
const retriable = failed(50003, 'ERR12227', 'the broker could not take the record now; it is not written, try again');
const other = failed(50002, 'ERR12236', 'the broker refused the record');
const noTopic = failed(40401, 'ERR12219', 'the topic does not exist');
const noPartition = failed(40402, 'ERR12219', 'the partition does not exist');
const tooLarge = failed(41301, 'ERR12231', 'the record is larger than the broker or topic takes');
const refused = failed(40001, 'ERR12237', 'the broker refuses this record');
const forbidden: ProduceFailureKind = {
  entryCode: 40301,
  status: 'ERR12235',
  requestStatus: 'FORBIDDEN',
  text: 'the sidecar is not authorised to write to the topic',
};
export const unauthenticated: ProduceFailureKind = {
  entryCode: 40101,
  status: 'ERR12227',
  requestStatus: 'UNAUTHORIZED',
  text: 'the broker refuses the credentials of the sidecar',
};

/** Codes of delivery reports and of produce() itself, one row each. Codes not listed are `other`. */
const produceFailures = new Map<number, ProduceFailureKind>([
  [kafkaCodes.messageTimedOut, unknownOutcome],
  [kafkaCodes.purgedInFlight, unknownOutcome],
  [kafkaCodes.fatal, unknownOutcome],
  [kafkaCodes.timedOut, unknownOutcome],
  [kafkaCodes.requestTimedOut, unknownOutcome],
  [20, { ...unknownOutcome, text: 'written by too few replicas: unknown, it may be lost or kept' }],
  [45, unknownOutcome], // out of order sequence number
  [47, unknownOutcome], // producer fenced
  [kafkaCodes.purgedInQueue, retriable],
  [kafkaCodes.queueFull, { ...retriable, status: 'ERR12226', text: 'the producer queue is full; not written' }],
  [kafkaCodes.transport, retriable],
  [5, retriable], // leader not available
  [6, retriable], // not leader for partition
  [9, retriable], // replica not available
  [19, retriable], // not enough replicas
  [56, retriable], // storage error
  [kafkaCodes.unknownTopic, noTopic],
  [kafkaCodes.unknownTopicOrPartition, noTopic],
  [kafkaCodes.unknownPartition, noPartition],
  [kafkaCodes.messageTooLarge, tooLarge],
  [18, tooLarge], // record list larger than the segment
  [17, refused], // invalid topic
  [32, { ...refused, text: 'the broker refuses the timestamp of the record' }],
  [44, { ...refused, text: 'a policy of the broker refuses the record' }],
  [87, { ...refused, text: 'the broker refuses the record, for a compacted topic it may lack a key' }],
  [29, forbidden],
  [30, forbidden],
  [31, forbidden],
  [58, unauthenticated],
  [kafkaCodes.authentication, unauthenticated],
]);

export function produceFailure(code: number): ProduceFailureKind {
  return produceFailures.get(code) ?? other;
}

/** The record may have been written, or not: nobody can tell. */
export function isUnknownOutcome(code: number): boolean {
  return produceFailure(code).entryCode === unknownOutcome.entryCode;
}
