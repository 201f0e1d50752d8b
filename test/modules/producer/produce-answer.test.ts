import { describe, expect, it } from '@jest/globals';
import { kafkaCodes } from '../../../src/clients/kafka/kafka-errors.ts';
import { produceAnswer, type AnswerOptions } from '../../../src/modules/producer/produce-answer.ts';
import type { RecordOutcome } from '../../../src/modules/producer/produce-batch.ts';

const stored: RecordOutcome = { partition: 1, offset: 9_007_199_254_740_991 };
const timedOut: RecordOutcome = { code: kafkaCodes.messageTimedOut };
const noTopic: RecordOutcome = { code: kafkaCodes.unknownTopicOrPartition };

function answered(outcomes: readonly RecordOutcome[], partialFailureStatus: 200 | 207 = 207) {
  const { status, body, headers } = produceAnswer(outcomes, {
    topic: 't',
    partialFailureStatus,
    schemaIds: '',
    hasOffsets: true,
  });
  return { status, body: JSON.parse(String(body)) as unknown, ...(headers === undefined ? {} : { headers }) };
}

const unknownEntry = { errorCode: 50401, error: 'not acknowledged in time: unknown, it may still be written' };
const noTopicEntry = { errorCode: 40401, error: 'the topic does not exist' };

describe('produceAnswer', () => {
  it('answers 200 when every record is acknowledged', () => {
    expect(answered([stored, { partition: 0, offset: 0 }])).toEqual({
      status: 200,
      body: { offsets: [stored, { partition: 0, offset: 0 }], requestStatus: 'OK' },
    });
  });

  it('answers 207 when some failed, in request order', () => {
    expect(answered([timedOut, stored, noTopic])).toEqual({
      status: 207,
      body: { offsets: [unknownEntry, stored, noTopicEntry], requestStatus: 'PARTIAL' },
    });
  });

  it('answers 207 when all failed for different reasons', () => {
    expect(answered([timedOut, noTopic])).toEqual({
      status: 207,
      body: { offsets: [unknownEntry, noTopicEntry], requestStatus: 'FAILED' },
    });
  });

  it.each([
    [kafkaCodes.messageTimedOut, 504, 'ERR12228', 'FAILED', 50401, {}],
    [kafkaCodes.unknownTopic, 404, 'ERR12219', 'FAILED', 40401, {}],
    [kafkaCodes.unknownPartition, 404, 'ERR12219', 'FAILED', 40402, {}],
    [kafkaCodes.messageTooLarge, 413, 'ERR12231', 'FAILED', 41301, {}],
    [kafkaCodes.transport, 503, 'ERR12227', 'FAILED', 50003, { 'Retry-After': '1' }],
    [29, 403, 'ERR12235', 'FORBIDDEN', 40301, {}],
    [58, 503, 'ERR12227', 'UNAUTHORIZED', 40101, { 'Retry-After': '1' }],
    [32, 400, 'ERR12237', 'FAILED', 40001, {}],
    [99, 500, 'ERR12236', 'FAILED', 50002, {}],
  ])(
    'answers the reason itself when all failed for the code %d',
    (code, status, error, requestStatus, errorCode, headers) => {
      const { body, ...answer } = answered([{ code }, { code }]);
      const entry = { errorCode, error: expect.any(String) };
      expect(answer).toEqual({ status, headers });
      expect(body).toEqual({
        statusCode: status,
        code: error,
        message: expect.any(String),
        description: expect.stringMatching(/^topic t: /),
        severity: 'ERROR',
        offsets: [entry, entry],
        requestStatus,
      });
    },
  );

  it('takes codes that mean the same for one reason', () => {
    expect(answered([{ code: kafkaCodes.unknownTopic }, noTopic])).toMatchObject({ status: 404 });
  });

  it('answers 200 for every failure where partialFailureStatus says so', () => {
    expect([
      answered([stored, noTopic], 200),
      answered([noTopic, noTopic], 200),
      answered([{ code: 29 }], 200),
    ]).toEqual([
      { status: 200, body: { offsets: [stored, noTopicEntry], requestStatus: 'PARTIAL' } },
      { status: 200, body: { offsets: [noTopicEntry, noTopicEntry], requestStatus: 'FAILED' } },
      { status: 200, body: { offsets: [expect.objectContaining({ errorCode: 40301 })], requestStatus: 'FORBIDDEN' } },
    ]);
  });
});

describe('the schema ids of an answer', () => {
  const schemaIds = ',"key_schema_id":1,"value_schema_id":2';
  const withIds = (outcomes: readonly RecordOutcome[], changed: Partial<AnswerOptions> = {}) =>
    JSON.parse(
      String(
        produceAnswer(outcomes, { topic: 't', partialFailureStatus: 207, schemaIds, hasOffsets: true, ...changed })
          .body,
      ),
    ) as unknown;

  it('stand beside the offsets, whether all or only some were written', () => {
    expect([withIds([stored]), withIds([stored, noTopic]), withIds([noTopic], { partialFailureStatus: 200 })]).toEqual([
      { offsets: [stored], key_schema_id: 1, value_schema_id: 2, requestStatus: 'OK' },
      { offsets: [stored, noTopicEntry], key_schema_id: 1, value_schema_id: 2, requestStatus: 'PARTIAL' },
      { offsets: [noTopicEntry], key_schema_id: 1, value_schema_id: 2, requestStatus: 'FAILED' },
    ]);
  });

  it('are no part of an error', () => {
    expect(withIds([noTopic])).toEqual({
      statusCode: 404,
      code: 'ERR12219',
      message: 'TOPIC_OR_PARTITION_NOT_FOUND',
      description: 'topic t: the topic does not exist',
      severity: 'ERROR',
      offsets: [noTopicEntry],
      requestStatus: 'FAILED',
    });
  });

  it('stand without offsets where the broker tells none', () => {
    expect(withIds([stored, noTopic], { hasOffsets: false })).toEqual({
      offsets: [{ partition: 1 }, noTopicEntry],
      key_schema_id: 1,
      value_schema_id: 2,
      requestStatus: 'PARTIAL',
    });
  });
});
