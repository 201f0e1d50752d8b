import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import { kafkaCodes } from './kafka-errors.ts';
import type { KafkaClientError, KafkaError } from './native.ts';

/** Broker codes that say: this principal may not (topic, group, cluster). */
const authorizationCodes = new Set([29, 30, 31]);
/** The coordinator moves or loads; the commit was not taken, the same commit may be taken soon. */
const coordinatorCodes = new Set([14, 15, 16]);
/** The group is in a rebalance, or this member was just given a new generation. */
const membershipCodes = new Set([22, 25, 27]);
/** Unknown member, illegal generation, fenced instance: the group does not count this consumer as its member. */
const expelledCodes = new Set([22, 25, 82]);
/** Metadata too large, offset beyond the log, invalid group: the commit itself is at fault. */
const badCommitCodes = new Set([12, 24, 28]);

export function isAuthorizationFailure(error: KafkaError): boolean {
  return authorizationCodes.has(error.code);
}

/** No committed offset, and `auto.offset.reset` says not to guess one. */
export function isNoOffset(error: KafkaError): boolean {
  return error.code === -140 || error.code === -168;
}

/** Whether the same commit may succeed in a moment. A consumer that is no member has no generation to catch up with. */
export function isCommitRetriable(error: KafkaError, isMember: boolean): boolean {
  return coordinatorCodes.has(error.code) || (isMember && membershipCodes.has(error.code));
}

/** The answer to a commit that the broker did not take. */
export function commitFailure(error: KafkaClientError, embedded = false): SidecarError {
  const cause = { cause: error };
  if (embedded && membershipCodes.has(error.code)) {
    return new SidecarError(
      'ERR12230',
      'the embedded broker takes no commit from outside a group that had members; set kafka.bootstrap.servers',
      cause,
    );
  }
  if (isAuthorizationFailure(error)) {
    return new SidecarError('ERR12235', `the broker does not let the sidecar commit: ${error.message}`, cause);
  }
  if (error.code === kafkaCodes.unknownTopicOrPartition) {
    return new SidecarError('ERR12219', 'a topic or partition of the commit does not exist', cause);
  }
  if (error.code === kafkaCodes.timedOut || error.code === kafkaCodes.requestTimedOut) {
    return new SidecarError(
      'ERR12228',
      'the broker did not acknowledge the commit in time: unknown, it may still be stored; commit again',
      cause,
    );
  }
  if (expelledCodes.has(error.code)) {
    return new SidecarError(
      'ERR12220',
      `the group does not count this instance as a member now: ${error.message}; nothing was committed`,
      cause,
    );
  }
  if (badCommitCodes.has(error.code)) {
    return new SidecarError('ERR12207', `the broker refused the commit: ${error.message}`, cause);
  }
  return new SidecarError('ERR12227', `the group's coordinator takes no commit now: ${error.message}`, cause);
}

/** The answer to a failed look-up of offsets. */
export function lookupFailure(error: KafkaClientError): SidecarError {
  const cause = { cause: error };
  if (isAuthorizationFailure(error)) {
    return new SidecarError('ERR12235', `the broker does not let the sidecar look up offsets: ${error.message}`, cause);
  }
  return new SidecarError('ERR12227', `no broker answered the look-up of offsets: ${error.message}; try again`, cause);
}
