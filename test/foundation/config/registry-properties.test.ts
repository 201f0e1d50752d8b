import { describe, expect, it } from '@jest/globals';
import { faultsOf, load, type Given } from './config-directory.ts';

const registriesOf = (given: Given) => {
  const { kafkaProducer, kafkaConsumer } = load(given).config;
  return [kafkaProducer.registry, kafkaConsumer.registry];
};

describe('client properties that speak of a registry', () => {
  it('lie over what holds for all sections, each for its own', () => {
    const [producer, consumer] = registriesOf({
      env: {
        SCHEMA_REGISTRY_URL: 'http://common:1',
        SCHEMA_REGISTRY_CACHE: '5',
        KAFKA_CONSUMER_SCHEMA_REGISTRY_URL: 'http://own:2/',
      },
      values: 'kafka-producer.schema.registry.cache: 9\nkafka-producer.properties.auto.register.schemas: false\n',
    });
    expect([producer, consumer]).toEqual([
      expect.objectContaining({ urls: ['http://common:1'], cacheSize: 9, autoRegister: false }),
      expect.objectContaining({ urls: ['http://own:2'], cacheSize: 5, autoRegister: true }),
    ]);
  });

  it('may give a registry to one section alone', () => {
    const [producer, consumer] = registriesOf({ env: { KAFKA_PRODUCER_SCHEMA_REGISTRY_URL: 'http://own:2' } });
    expect([producer?.urls, consumer]).toEqual([['http://own:2'], undefined]);
  });

  it('are light-4j’s and Confluent’s names', () => {
    const values = `
kafka-producer.properties:
  schema.registry.url: https://own:2
  schema.registry.auto.register.schemas: false
  schema.registry.ssl.truststore.location: /tls/ca.pem
  schema.registry.ssl.keystore.location: /tls/client.p12
  schema.registry.ssl.keystore.password: s3cret
  basic.auth.user.info: alice:pa:ss
  basic.auth.credentials.source: USER_INFO
kafka-consumer.properties:
  schema.registry.url: http://other:3
  schema.registry.basic.auth.user.info: bob:b
`;
    expect(registriesOf({ values })).toMatchObject([
      {
        urls: ['https://own:2'],
        autoRegister: false,
        caFile: '/tls/ca.pem',
        keyStoreFile: '/tls/client.p12',
        keyStorePassword: 's3cret',
        credentials: { username: 'alice', password: 'pa:ss' },
      },
      { urls: ['http://other:3'], credentials: { username: 'bob', password: 'b' } },
    ]);
  });

  it('stand in a section’s file too, with placeholders', () => {
    const files = { 'kafka-producer.yml': 'properties:\n  schema.registry.url: ${my.registry:http://fallback:1}\n' };
    expect([
      registriesOf({ files })[0]?.urls,
      registriesOf({ files, values: 'my.registry: http://own:2' })[0]?.urls,
    ]).toEqual([['http://fallback:1'], ['http://own:2']]);
  });

  it('do not go to the Kafka client', () => {
    const { properties } = load({
      env: {
        KAFKA_PRODUCER_SCHEMA_REGISTRY_URL: 'http://own:2',
        KAFKA_PRODUCER_BASIC_AUTH_USER_INFO: 'a:b',
        KAFKA_PRODUCER_AUTO_REGISTER_SCHEMAS: 'false',
      },
    }).config.kafkaProducer;
    expect(Object.keys(properties).filter((name) => /schema|auth|register/.test(name))).toEqual([]);
  });

  it('count as not set where they are empty', () => {
    const env = {
      SCHEMA_REGISTRY_URL: 'http://common:1',
      KAFKA_PRODUCER_SCHEMA_REGISTRY_URL: '',
      KAFKA_PRODUCER_BASIC_AUTH_USER_INFO: '',
    };
    expect(registriesOf({ env })[0]).toMatchObject({ urls: ['http://common:1'], credentials: undefined });
  });

  it.each([
    [
      { KAFKA_PRODUCER_SCHEMA_REGISTRY_CACHE: 'many' },
      'environment KAFKA_PRODUCER_SCHEMA_REGISTRY_CACHE: kafka-producer property schema.registry.cache must be a whole number from 1 to 1000000',
    ],
    [
      { KAFKA_CONSUMER_AUTO_REGISTER_SCHEMAS: 'maybe' },
      'environment KAFKA_CONSUMER_AUTO_REGISTER_SCHEMAS: kafka-consumer property auto.register.schemas must be true or false',
    ],
    [
      { KAFKA_PRODUCER_BASIC_AUTH_USER_INFO: 'nocolon' },
      'environment KAFKA_PRODUCER_BASIC_AUTH_USER_INFO: kafka-producer property basic.auth.user.info must be user:password',
    ],
    [
      { KAFKA_PRODUCER_SCHEMA_REGISTRY_URL: 'nowhere' },
      'kafka-producer: schema.registry.url must be an http or https address, or several with commas between; it is nowhere',
    ],
  ])('are refused with their place, %j', (env, fault) => {
    expect(faultsOf({ env })).toEqual([fault]);
  });

  it('are refused as lists, told once and without a secret', () => {
    const faults = faultsOf({ values: 'kafka-producer.properties:\n  basic.auth.user.info: [s3cret]\n' });
    expect(faults).toEqual([
      'values.yml: kafka-producer property basic.auth.user.info must be one text, number, true or false',
    ]);
  });
});
