import { describe, expect, it } from '@jest/globals';
import { kafkaCodes, produceFailure, unauthenticated } from '../../../src/clients/kafka/kafka-errors.ts';
import { statusTable } from '../../../src/foundation/errors/status-table.ts';

/** Entry code, HTTP status and request status of a failure. */
function shortOf(code: number): unknown[] {
  const { entryCode, status, requestStatus } = produceFailure(code);
  return [entryCode, statusTable[status].status, requestStatus];
}

describe('produceFailure', () => {
  it.each([
    ['not acknowledged in time', kafkaCodes.messageTimedOut, 50401, 504],
    ['no answer of the broker in time', kafkaCodes.requestTimedOut, 50401, 504],
    ['a local time-out', kafkaCodes.timedOut, 50401, 504],
    ['purged while in flight', kafkaCodes.purgedInFlight, 50401, 504],
    ['a fatal error of the producer', kafkaCodes.fatal, 50401, 504],
    ['written by too few replicas', 20, 50401, 504],
    ['out of order', 45, 50401, 504],
    ['fenced', 47, 50401, 504],
    ['purged before it was sent', kafkaCodes.purgedInQueue, 50003, 503],
    ['a full queue', kafkaCodes.queueFull, 50003, 503],
    ['no connection', kafkaCodes.transport, 50003, 503],
    ['no leader', 5, 50003, 503],
    ['another leader', 6, 50003, 503],
    ['not enough replicas', 19, 50003, 503],
    ['a disk failure', 56, 50003, 503],
    ['no such topic', kafkaCodes.unknownTopic, 40401, 404],
    ['no such topic, by the broker', kafkaCodes.unknownTopicOrPartition, 40401, 404],
    ['no such partition', kafkaCodes.unknownPartition, 40402, 404],
    ['too large', kafkaCodes.messageTooLarge, 41301, 413],
    ['larger than a segment', 18, 41301, 413],
    ['an invalid timestamp', 32, 40001, 400],
    ['a policy', 44, 40001, 400],
    ['an invalid record', 87, 40001, 400],
    ['an unknown code', 12_345, 50002, 500],
  ])('answers for %s (%d) the entry code %d and status %d', (_, code, entryCode, status) => {
    expect(shortOf(code)).toEqual([entryCode, status, 'FAILED']);
  });

  it('answers 403 FORBIDDEN where the cluster does not allow it', () => {
    expect([29, 30, 31].map(shortOf)).toEqual(Array.from({ length: 3 }, () => [40301, 403, 'FORBIDDEN']));
  });

  it('answers the sidecar’s own failed login as 503 UNAUTHORIZED', () => {
    expect([58, kafkaCodes.authentication].map(produceFailure)).toEqual([unauthenticated, unauthenticated]);
    expect(shortOf(58)).toEqual([40101, 503, 'UNAUTHORIZED']);
  });

  it('never says that a record which may have been written has failed', () => {
    const texts = [kafkaCodes.messageTimedOut, kafkaCodes.requestTimedOut, 20, 45, 47].map(
      (code) => produceFailure(code).text,
    );
    expect(texts.filter((text) => !text.includes('unknown'))).toEqual([]);
  });
});
