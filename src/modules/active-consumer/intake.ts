import type { StartState } from '../../clients/kafka/consumer-client.ts';
import type { ConsumedMessage } from '../../clients/kafka/native-consumer.ts';
import type { TopicPartition } from '../../clients/record.ts';
import type { SidecarError } from '../../foundation/errors/sidecar-error.ts';

/** What an instance does with what its membership brings. */
export interface Intake {
  demand(): number;
  onPulled(messages: readonly ConsumedMessage[], isDrained: boolean): void;
  /** Partitions are about to go in an orderly way: last chance to send commits. */
  onRevoking(partitions: readonly TopicPartition[]): void;
  /** Some stays ended: what is buffered of them is void. */
  onStaysEnded(): void;
  /** New partitions begin like the others. */
  startState(): StartState;
  /** A waiting read ends with this. */
  failRead(error: SidecarError): void;
}
