import { RealKafka, shareKafka } from './real-kafka.ts';

let broker: RealKafka | undefined;

/** Jest's globalSetup of the tests on real Kafka: one broker for all files that need none of their own. */
export default async function startSharedKafka(): Promise<void> {
  if (process.env['KAFKA_BOOTSTRAP_SERVERS']) return;
  broker = await RealKafka.start();
  shareKafka(broker.bootstrap);
}

export async function stopSharedKafka(): Promise<void> {
  await broker?.close();
}
