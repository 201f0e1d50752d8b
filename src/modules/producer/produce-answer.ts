import { produceFailure, type ProduceFailureKind } from '../../clients/kafka/kafka-errors.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Answer } from '../module.ts';
import type { RecordOutcome } from './produce-batch.ts';

export interface AnswerOptions {
  readonly topic: string;
  /** 200 restores light-4j's answer for every failure after sending began. */
  readonly partialFailureStatus: 200 | 207;
  /** The members `key_schema_id` and `value_schema_id`, each behind a comma; empty without schemas. */
  readonly schemaIds: string;
  /** Without acknowledgement the broker tells no offset. */
  readonly hasOffsets: boolean;
}

/**
 * The answer for the outcomes of a request: 200 when all are acknowledged; 207 when some failed, or all for different
 * reasons; the reason's own status when all failed for one.
 */
export function produceAnswer(outcomes: readonly RecordOutcome[], options: AnswerOptions): Answer {
  const { topic, partialFailureStatus, schemaIds, hasOffsets } = options;
  const failures: ProduceFailureKind[] = [];
  const entries: string[] = [];
  for (const outcome of outcomes) {
    if ('offset' in outcome) {
      const { partition, offset } = outcome;
      entries.push(hasOffsets ? `{"partition":${partition},"offset":${offset}}` : `{"partition":${partition}}`);
      continue;
    }
    const failure = produceFailure(outcome.code);
    failures.push(failure);
    entries.push(failureEntry(failure));
  }
  const offsets = `[${entries.join(',')}]`;
  if (failures.length === 0) return { status: 200, body: `{"offsets":${offsets}${schemaIds},"requestStatus":"OK"}` };
  const [first] = failures;
  const isOneReason =
    failures.length === outcomes.length && failures.every((kind) => kind.entryCode === first!.entryCode);
  const requestStatus = requestStatusOf(failures, outcomes.length, isOneReason);
  if (partialFailureStatus === 200 || !isOneReason) {
    const status = partialFailureStatus === 200 ? 200 : 207;
    return { status, body: `{"offsets":${offsets}${schemaIds},"requestStatus":"${requestStatus}"}` };
  }
  return failedAnswer(first!, topic, offsets);
}

/** The answer of a request none of whose records could be sent or acknowledged, for one reason. */
export function failedAnswer(kind: ProduceFailureKind, topic: string, offsets: string): Answer {
  const error = new SidecarError(kind.status, `topic ${topic}: ${kind.text}`);
  const body = JSON.stringify(error.toBody());
  return {
    status: error.status,
    body: `${body.slice(0, -1)},"offsets":${offsets},"requestStatus":"${kind.requestStatus}"}`,
    headers: error.headers,
  };
}

export function failureEntry(kind: ProduceFailureKind): string {
  return `{"errorCode":${kind.entryCode},"error":${JSON.stringify(kind.text)}}`;
}

function requestStatusOf(failures: readonly ProduceFailureKind[], records: number, isOneReason: boolean): string {
  if (failures.length < records) return 'PARTIAL';
  return isOneReason ? failures[0]!.requestStatus : 'FAILED';
}
