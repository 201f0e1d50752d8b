import { describe, expect, it } from '@jest/globals';
import {
  commitFailure,
  isAuthorizationFailure,
  isCommitRetriable,
  isNoOffset,
  lookupFailure,
} from '../../../src/clients/kafka/consumer-errors.ts';
import { KafkaClientError } from '../../../src/clients/kafka/native.ts';

const errorOf = (code: number) => new KafkaClientError({ message: `code ${code}`, code });

describe('commitFailure', () => {
  it.each([
    [29, 'ERR12235', 403],
    [30, 'ERR12235', 403],
    [31, 'ERR12235', 403],
    [3, 'ERR12219', 404],
    [-185, 'ERR12228', 504],
    [7, 'ERR12228', 504],
    [14, 'ERR12227', 503],
    [15, 'ERR12227', 503],
    [16, 'ERR12227', 503],
    [-195, 'ERR12227', 503],
    [12, 'ERR12207', 400],
  ])('answers the code %d with %s (%d) and keeps the cause', (code, answer, status) => {
    const cause = errorOf(code);
    const failure = commitFailure(cause);
    expect([failure.code, failure.status, failure.cause]).toEqual([answer, status, cause]);
  });

  it('says of a commit without acknowledgement that it may still be stored', () => {
    expect(commitFailure(errorOf(-185)).description).toBe(
      'the broker did not acknowledge the commit in time: unknown, it may still be stored; commit again',
    );
  });

  it('answers 501 where the embedded broker takes no commit from outside a group', () => {
    const statuses = [22, 25, 27, 16].map((code) => commitFailure(errorOf(code), true).status);
    expect(statuses).toEqual([501, 501, 501, 503]);
  });

  it('never answers trouble of the group as a mistake of the client', () => {
    // Unknown member, illegal generation, rebalance in progress, group over its size, fenced instance id.
    const statuses = [25, 22, 27, 81, 82].map((code) => commitFailure(errorOf(code)).status);
    expect(statuses.filter((status) => status < 500 && status !== 409)).toEqual([]);
  });
});

describe('lookupFailure', () => {
  it('answers 403 where the cluster does not allow it, 503 otherwise', () => {
    expect([30, -195, 5, 99].map((code) => lookupFailure(errorOf(code)).code)).toEqual([
      'ERR12235',
      'ERR12227',
      'ERR12227',
      'ERR12227',
    ]);
  });
});

describe('isCommitRetriable', () => {
  it('repeats while the coordinator moves, and for members while the group changes', () => {
    const codes = [14, 15, 16, 22, 25, 27, 3, 30, -185];
    const retriable = (isMember: boolean) => codes.filter((code) => isCommitRetriable(errorOf(code), isMember));
    expect([retriable(true), retriable(false)]).toEqual([
      [14, 15, 16, 22, 25, 27],
      [14, 15, 16],
    ]);
  });
});

describe('the kinds of a consumer’s errors', () => {
  it('are told by their codes', () => {
    const codes = [29, 30, 31, 3, -140, -168];
    expect([
      codes.filter((code) => isAuthorizationFailure(errorOf(code))),
      codes.filter((code) => isNoOffset(errorOf(code))),
    ]).toEqual([
      [29, 30, 31],
      [-140, -168],
    ]);
  });
});
