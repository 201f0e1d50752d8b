import type { AcksLevel } from './producer-clients.ts';
import type { OperationRequest } from '../module.ts';

/** What the query of a produce request asks for; the specification has checked it. */
export interface ProduceOptions {
  readonly acks: AcksLevel;
  /** Answer when the records are queued, not when they are acknowledged. */
  readonly isAsync: boolean;
  /** Shortens the wait, milliseconds; Infinity where it is not given. */
  readonly timeoutMs: number;
}

const defaults: ProduceOptions = { acks: 'all', isAsync: false, timeoutMs: Infinity };

export function produceOptions({ query }: OperationRequest): ProduceOptions {
  if (query.size === 0) return defaults;
  return {
    acks: (query.get('acks') ?? 'all') as AcksLevel,
    isAsync: query.get('async') === 'true',
    timeoutMs: Number(query.get('timeoutMs') ?? Infinity),
  };
}
