import { RealKafka, shareKafka } from './real-kafka.ts';
import { RealRegistry, shareRegistry } from './real-registry.ts';

const started: { close(): Promise<void> }[] = [];

/** Jest's globalSetup of the tests on real Kafka: one broker and one registry for all files that need none of their own. */
export default async function startSharedServices(): Promise<void> {
  const results = await Promise.allSettled([shareRegistryOfRun(), shareKafkaOfRun()]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed === undefined) return;
  // Jest calls no teardown then.
  await stopSharedServices();
  throw failed.reason;
}

export async function stopSharedServices(): Promise<void> {
  await Promise.all(started.map((service) => service.close()));
}

async function shareKafkaOfRun(): Promise<void> {
  if (process.env['KAFKA_BOOTSTRAP_SERVERS']) return;
  const broker = await RealKafka.start();
  started.push(broker);
  shareKafka(broker.bootstrap);
}

async function shareRegistryOfRun(): Promise<void> {
  if (process.env['SCHEMA_REGISTRY_URL']) return;
  const registry = await RealRegistry.start();
  started.push(registry);
  shareRegistry(registry.url);
}
