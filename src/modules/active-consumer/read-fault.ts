import { isAuthorizationFailure, isNoOffset } from '../../clients/kafka/consumer-errors.ts';
import type { KafkaError } from '../../clients/kafka/native.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { OwnedPartitions } from './owned-partitions.ts';

/** Why an instance brings no records, where that is known. */
export class ReadFault {
  readonly #owned: OwnedPartitions;
  #refusal: SidecarError | undefined;
  /** Partitions whose lack of an offset librdkafka has not reported yet; a report names no partition. */
  #reportsToCome = 0;
  #isOutOfRange = false;

  constructor(owned: OwnedPartitions) {
    this.#owned = owned;
  }

  /** The broker does not let this principal read. */
  get refusal(): SidecarError | undefined {
    return this.#refusal;
  }

  get error(): SidecarError | undefined {
    if (this.#refusal !== undefined) return this.#refusal;
    if (this.#isOutOfRange) return noPosition('a committed offset is not in the log any more');
    return this.#owned.stoppedCount > 0 ? noPosition('a partition has no committed offset') : undefined;
  }

  onAssigned(): void {
    this.#reportsToCome = this.#owned.stoppedCount;
  }

  onTrouble(error: KafkaError): void {
    if (isAuthorizationFailure(error)) {
      this.#refusal = new SidecarError('ERR12235', `the broker does not let the sidecar read: ${error.message}`);
    } else if (isNoOffset(error)) {
      if (this.#reportsToCome > 0) this.#reportsToCome--;
      else this.#isOutOfRange = true;
    }
  }

  onRecords(): void {
    this.#refusal = undefined;
  }

  onSought(): void {
    this.#isOutOfRange = false;
  }

  /** Another subscription, or another client. */
  clear(): void {
    this.#refusal = undefined;
    this.#reportsToCome = 0;
    this.#isOutOfRange = false;
  }
}

function noPosition(reason: string): SidecarError {
  return new SidecarError('ERR12205', `${reason} and auto.offset.reset is none; set a position with POST …/positions`);
}
