import type { TopicPartitionOffset } from '../record.ts';
import type { RawConsumer } from './native-consumer.ts';
import { KafkaClientError, type KafkaError } from './native.ts';

/** librdkafka's code for a partition whose fetcher does not run: just assigned, or stopped by a failed offset reset. */
const erroneousState = -172;
const seekTimeoutMs = 2_000;
/** A partition just assigned looks up its committed offset first. */
const startPatienceMs = 2_000;
const startRetryMs = 10;

/**
 * Moves one partition's position. Waits for a partition that was just assigned; one whose fetcher stopped is assigned anew
 * at the position. Call between pulls only.
 */
export async function moveTo(raw: RawConsumer, position: TopicPartitionOffset): Promise<void> {
  const giveUpAt = Date.now() + startPatienceMs;
  for (;;) {
    const error = await seekOnce(raw, position);
    if (error === undefined) return;
    if (error.code !== erroneousState) throw new KafkaClientError(error);
    if (Date.now() >= giveUpAt) break;
    await new Promise((resolve) => setTimeout(resolve, startRetryMs));
  }
  raw.incrementalUnassign([position]);
  raw.incrementalAssign([position]);
}

function seekOnce(raw: RawConsumer, position: TopicPartitionOffset): Promise<KafkaError | undefined> {
  return new Promise((resolve) => raw.seek(position, seekTimeoutMs, resolve));
}
