import { randomUUID } from 'node:crypto';
import { jsonAnswer, noContent, type Answer, type BodyOf, type OperationRequest, type Operations } from '../module.ts';
import { resolveInstanceOptions, type CreateInstanceBody, type InstanceDefaults } from './instance-options.ts';
import type { InstanceRegistry } from './instance-registry.ts';
import { ConsumerInstance, type InstanceEnvironment } from './instance.ts';
import { parseCommit, parseCommittedQuery, parsePartitions, parseSeek, queryNumber } from './requests.ts';
import { recordsToJson } from './record-json.ts';
import { parseSubscription, subscribedTopics } from './subscription.ts';

export interface OperationsContext {
  readonly registry: InstanceRegistry;
  readonly environment: InstanceEnvironment;
  readonly defaults: InstanceDefaults;
  /** Bytes of a read without `max_bytes`. */
  readonly requestMaxBytes: number;
  readonly serverId: string;
}

type InstanceHandler = (instance: ConsumerInstance, request: OperationRequest) => Promise<Answer> | Answer;

const emptyList: Answer = { status: 200, body: '[]' };

export function createOperations(context: OperationsContext): Operations {
  const { registry } = context;
  /** Finds the instance and keeps it from expiring while the call runs. */
  const onInstance = (handle: InstanceHandler) => async (request: OperationRequest) => {
    const { group, instance } = instancePath(request);
    const call = registry.call(group, instance);
    let answer: Answer | undefined;
    try {
      answer = await handle(call.instance, request);
    } finally {
      if (answer?.onSettled === undefined) call.end();
    }
    return answer.onSettled === undefined ? answer : endWithFate(answer, call.end);
  };
  return {
    createConsumerInstance: (request) => createInstance(context, request),
    deleteConsumerInstance: async (request) => {
      const { group, instance } = instancePath(request);
      await registry.delete(group, instance);
      return noContent;
    },
    subscribe: onInstance(subscribe),
    getSubscription: onInstance((instance) =>
      jsonAnswer(200, { topics: subscribedTopics(instance.subscription).toSorted() }),
    ),
    unsubscribe: onInstance(async (instance) => {
      await instance.unsubscribe();
      return noContent;
    }),
    assign: onInstance(async (instance, { json }) => {
      await instance.assign(parsePartitions(json));
      return noContent;
    }),
    getAssignment: onInstance(getAssignment),
    seek: onInstance(async (instance, { json }) => {
      await instance.seek(parseSeek(json));
      return noContent;
    }),
    seekToFirst: onInstance(async (instance, { json }) => {
      await instance.seek({ kind: 'first', partitions: parsePartitions(json) });
      return noContent;
    }),
    seekToLast: onInstance(async (instance, { json }) => {
      await instance.seek({ kind: 'last', partitions: parsePartitions(json) });
      return noContent;
    }),
    readRecords: onInstance((instance, request) => readRecords(context, instance, request)),
    commitOffsets: onInstance(async (instance, { json }) => {
      if (json === undefined) await instance.commitDelivered();
      else await instance.commit(parseCommit(json));
      return emptyList;
    }),
    getCommittedOffsets: onInstance(getCommittedOffsets),
  };
}

async function createInstance(context: OperationsContext, { pathParameters, json }: OperationRequest): Promise<Answer> {
  const group = pathParameters['group']!;
  const body = (json ?? {}) as CreateInstanceBody;
  const options = resolveInstanceOptions(body, context.defaults);
  const name = body.id ?? body.name ?? `rest-consumer-${context.serverId}-${randomUUID()}`;
  await context.registry.create(group, name, async () => {
    const instance = new ConsumerInstance(group, options, context.environment);
    await instance.connect();
    return instance;
  });
  const base_uri = `/consumers/${encodeURIComponent(group)}/instances/${encodeURIComponent(name)}`;
  return jsonAnswer(200, { instance_id: name, base_uri });
}

async function subscribe(instance: ConsumerInstance, { json }: OperationRequest): Promise<Answer> {
  const { topics, topic_pattern } = json as BodyOf<'subscribe'>;
  await instance.subscribe(parseSubscription(topics, topic_pattern));
  return noContent;
}

function getAssignment(instance: ConsumerInstance): Answer {
  const partitions = instance.assignment
    .map(({ topic, partition }) => ({ topic, partition }))
    .toSorted((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
  return jsonAnswer(200, { partitions });
}

async function readRecords(
  { requestMaxBytes }: OperationsContext,
  instance: ConsumerInstance,
  request: OperationRequest,
): Promise<Answer> {
  const { query } = request;
  const { shape, minBytes, waitMs } = instance.options;
  const batch = await instance.read({
    timeoutMs: queryNumber(query, 'timeout') ?? waitMs,
    maxBytes: queryNumber(query, 'max_bytes', 'maxBytes') ?? requestMaxBytes,
    maxRecords: queryNumber(query, 'max_records') ?? Number.MAX_SAFE_INTEGER,
    minBytes,
    get isAbandoned() {
      return request.isAbandoned;
    },
    onAbandoned: (listener) => request.onAbandoned(listener),
  });
  if (batch.records.length === 0) return emptyList;
  try {
    const body = await recordsToJson(
      batch.records.map(({ message }) => message),
      shape,
    );
    return { status: 200, body, onSettled: (isDelivered) => batch.settle(isDelivered) };
  } catch (error) {
    batch.settle(false);
    throw error;
  }
}

async function getCommittedOffsets(instance: ConsumerInstance, { json }: OperationRequest): Promise<Answer> {
  const committed = await instance.committed(parseCommittedQuery(json));
  const offsets = committed.map(({ topic, partition, offset, metadata = '' }) => ({
    topic,
    partition,
    offset,
    metadata,
  }));
  return jsonAnswer(200, { offsets });
}

function instancePath({ pathParameters }: OperationRequest): { group: string; instance: string } {
  return { group: pathParameters['group']!, instance: pathParameters['instance']! };
}

/** The call lasts until the answer's fate is known. */
function endWithFate(answer: Answer, end: () => void): Answer {
  return {
    ...answer,
    onSettled: (isDelivered) => {
      answer.onSettled?.(isDelivered);
      end();
    },
  };
}
