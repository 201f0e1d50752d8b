import kafka from '@confluentinc/kafka-javascript';

const flushTimeoutMs = 60_000;

/** A raw producer for the load processes: what appends the records that the sidecar then delivers. */
export async function openProducer(bootstrap, properties) {
  const producer = new kafka.Producer({ 'bootstrap.servers': bootstrap, acks: 'all', ...properties });
  await new Promise((resolve, reject) => producer.connect({}, (error) => (error ? reject(error) : resolve())));
  producer.setPollInBackground(true);
  return producer;
}

export async function closeProducer(producer) {
  await new Promise((resolve, reject) =>
    producer.flush(flushTimeoutMs, (error) => (error ? reject(error) : resolve())),
  );
  await new Promise((resolve) => producer.disconnect(() => resolve()));
}
