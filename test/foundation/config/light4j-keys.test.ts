import { describe, expect, it } from '@jest/globals';
import { faultsOf, load } from './config-directory.ts';

describe('a values.yml written for light-4j', () => {
  it.each([
    'kafka-consumer.waitPeriod',
    'kafka-consumer.iteratorBackoffMs',
    'kafka-consumer.maxConsumerThreads',
    'kafka-producer.injectOpenTracing',
    'sanitizer.enabled',
    'service.singletons',
    'handler.paths',
    'client.timeout',
    'server.keystoreName',
  ])('is told once that %s has no effect', (key) => {
    expect(load({ values: `${key}: 1` }).warnings).toEqual([`${key} has no effect in this sidecar`]);
  });

  it.each([
    'kafka-consumer.backendApiHost',
    'kafka-consumer.deadLetterEnabled',
    'kafka-consumer.batchRollbackThreshold',
    'kafka-consumer.auditTarget',
    'kafka-producer.auditEnabled',
    'kafka-ksqldb.ksqldbHost',
    'security.enableVerifyJwt',
    'metrics.enabled',
  ])('is told once that %s is not supported yet', (key) => {
    expect(load({ values: `${key}: false` }).warnings).toEqual([
      `${key} is not supported by this version yet and has no effect`,
    ]);
  });

  it('is told once of a key given in two places', () => {
    const files = { 'kafka-consumer.yml': 'waitPeriod: 100\n' };
    expect(load({ files, values: 'kafka-consumer.waitPeriod: 50' }).warnings).toEqual([
      'kafka-consumer.waitPeriod has no effect in this sidecar',
    ]);
  });

  it('has its client properties by light-4j’s short names', () => {
    const values = [
      'kafka-producer.username: alice',
      'kafka-producer.password: secret',
      'kafka-producer.security.protocol: SASL_SSL',
      'kafka-producer.sasl.mechanism: PLAIN',
      'kafka-producer.max.request.size: 2000000',
      'kafka-producer.schema.registry.url: http://localhost:8081',
    ].join('\n');
    const { config, warnings } = load({ values });
    expect(config.kafkaProducer.properties).toEqual({
      'bootstrap.servers': '',
      acks: 'all',
      'enable.idempotence': 'true',
      'linger.ms': '1',
      'compression.type': 'none',
      'sasl.username': 'alice',
      'sasl.password': 'secret',
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'PLAIN',
      'message.max.bytes': 2_000_000,
    });
    expect(config.kafkaProducer.registry?.urls).toEqual(['http://localhost:8081']);
    expect(warnings).toEqual([]);
  });

  it('has the properties that it lists under additionalKafkaProperties', () => {
    const given = { values: 'kafka-producer.additionalKafkaProperties:\n  request.timeout.ms: 7000\n' };
    expect(faultsOf(given)).toEqual([]);
    expect(load(given).config.kafkaProducer.properties['socket.timeout.ms']).toBe(7_000);
  });
});

describe('light-4j’s list of startup hooks', () => {
  const hooks = (...names: readonly string[]) =>
    `service.com.networknt.server.StartupHookProvider:\n${names.map((name) => `  - com.networknt.mesh.kafka.${name}\n`).join('')}`;
  const switches = (values: string, env = {}) => {
    const { kafkaProducer, kafkaConsumer } = load({ values, env }).config;
    return { producer: kafkaProducer.enabled, activeConsumer: kafkaConsumer.activeEnabled };
  };

  it('switches on what it names and off what it does not', () => {
    expect(switches(hooks('ProducerStartupHook', 'KsqldbActiveConsumerStartupHook'))).toEqual({
      producer: true,
      activeConsumer: false,
    });
    expect(switches(hooks('ActiveConsumerStartupHook'))).toEqual({ producer: false, activeConsumer: true });
  });

  it('gives way to the capability’s own key', () => {
    const values = `${hooks('ActiveConsumerStartupHook')}kafka-producer.enabled: true\n`;
    expect(switches(values, { KAFKA_CONSUMER_ACTIVEENABLED: 'false' })).toEqual({
      producer: true,
      activeConsumer: false,
    });
  });

  it('is not called without effect', () => {
    expect(load({ values: hooks('ProducerStartupHook') }).warnings).toEqual([]);
  });

  it('may stand without the service prefix', () => {
    const values = hooks('ProducerStartupHook').replace('service.', '');
    expect(faultsOf({ values })).toEqual([]);
    expect(switches(values)).toEqual({ producer: true, activeConsumer: false });
  });
});
