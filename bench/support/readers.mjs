import { randomUUID } from 'node:crypto';
import kafka from '@confluentinc/kafka-javascript';
import { ConsumerApi } from './instances.mjs';

const safetyMs = 100;

/** Reads of one instance of the sidecar; a read waits until a record is there. */
export async function sidecarReader(url, topic) {
  const api = new ConsumerApi();
  const baseUri = await api.subscribed(url, topic);
  return {
    async read() {
      const records = JSON.parse((await api.read(baseUri, { timeout: 60_000 })).toString());
      return records.map((record) => record.key);
    },
    async close() {
      await api.delete(baseUri);
      api.close();
    },
  };
}

/** The same from the library itself, driven by its signal as in ceilings/consume.mjs: the floor for any server's read. */
export async function rawReader(bootstrap, topic) {
  let onRecords = () => {};
  let isPulling = false;
  const consumer = new kafka.KafkaConsumer(
    {
      'bootstrap.servers': bootstrap,
      'group.id': `bench-${randomUUID()}`,
      'enable.auto.commit': false,
      'fetch.queue.backoff.ms': 10,
      queue_non_empty_cb: () => pull(),
    },
    { 'auto.offset.reset': 'earliest' },
  );
  function pull() {
    if (isPulling || !consumer.isConnected()) return;
    isPulling = true;
    consumer.getClient().consume(0, 100, true, (error, messages) => {
      isPulling = false;
      if (error || !messages?.length) return;
      onRecords(messages.map((message) => message.key.toString()));
      setImmediate(pull);
    });
  }
  await new Promise((resolve, reject) => consumer.connect({}, (error) => (error ? reject(error) : resolve())));
  consumer.subscribe([topic]);
  const timer = setInterval(pull, safetyMs);
  return {
    read: () => new Promise((resolve) => (onRecords = resolve)),
    async close() {
      clearInterval(timer);
      await new Promise((resolve) => consumer.disconnect(() => resolve()));
    },
  };
}
