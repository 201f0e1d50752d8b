import kafka from '@confluentinc/kafka-javascript';

const timeoutMs = 10_000;

/** Raises a topic's number of partitions to `total`. */
export async function addPartitions(bootstrap: string, topic: string, total: number): Promise<void> {
  const admin = kafka.AdminClient.create({ 'bootstrap.servers': bootstrap });
  try {
    await new Promise<void>((resolve, reject) =>
      admin.createPartitions(topic, total, timeoutMs, (error) =>
        error ? reject(new Error(error.message)) : resolve(),
      ),
    );
  } finally {
    admin.disconnect();
  }
}
