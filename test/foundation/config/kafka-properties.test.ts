import { describe, expect, it } from '@jest/globals';
import { isKnownProperty, translateProperty } from '../../../src/foundation/config/kafka-properties.ts';

const producer = (name: string, value: string | number | boolean) => translateProperty('kafka-producer', name, value);
const consumer = (name: string, value: string | number | boolean) => translateProperty('kafka-consumer', name, value);

const login =
  'org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="p=w; \'x\'";';

describe('translateProperty', () => {
  it.each<[string, string | number | boolean, Record<string, unknown>]>([
    ['linger.ms', 5, { 'linger.ms': 5 }],
    ['acks', -1, { acks: '-1' }],
    ['batch.size', 16384, { 'batch.size': 16384 }],
    ['enable.idempotence', true, { 'enable.idempotence': true }],
    ['buffer.memory', 33_554_432, { 'queue.buffering.max.kbytes': 32_768 }],
    ['buffer.memory', 1, { 'queue.buffering.max.kbytes': 1 }],
    ['max.request.size', 1_048_576, { 'message.max.bytes': 1_048_576 }],
    ['delivery.timeout.ms', 120_000, { 'message.timeout.ms': 120_000 }],
    ['request.timeout.ms', 30_000, { 'socket.timeout.ms': 30_000 }],
    ['metadata.max.age.ms', 9, { 'topic.metadata.refresh.interval.ms': 9 }],
    ['send.buffer.bytes', 131_072, { 'socket.send.buffer.bytes': 131_072 }],
    ['receive.buffer.bytes', -1, {}],
    ['retries', 3, { 'message.send.max.retries': 3 }],
    ['retries', 9_999_999_999, { 'message.send.max.retries': 2_147_483_647 }],
    ['sasl.mechanism', 'PLAIN', { 'sasl.mechanism': 'PLAIN' }],
    ['sasl.jaas.config', login, { 'sasl.username': 'alice', 'sasl.password': "p=w; 'x'" }],
    ['sasl.jaas.config.username', 'alice', { 'sasl.username': 'alice' }],
    ['sasl.jaas.config.password', 'secret', { 'sasl.password': 'secret' }],
    ['ssl.truststore.location', '/tls/ca.pem', { 'ssl.ca.location': '/tls/ca.pem' }],
    ['ssl.truststore.certificates', '-----BEGIN', { 'ssl.ca.pem': '-----BEGIN' }],
    ['ssl.keystore.location', '/tls/client.p12', { 'ssl.keystore.location': '/tls/client.p12' }],
    ['ssl.keystore.certificate.chain', 'a', { 'ssl.certificate.pem': 'a' }],
    ['ssl.keystore.key', 'b', { 'ssl.key.pem': 'b' }],
    ['ssl.endpoint.identification.algorithm', 'https', { 'ssl.endpoint.identification.algorithm': 'https' }],
    ['client.rack', 'a', { 'client.rack': 'a' }],
  ])("writes the producer's %s %j in librdkafka's names", (name, value, translated) => {
    expect(producer(name, value)).toEqual(translated);
  });

  it.each<[string, string | number | boolean, Record<string, unknown>]>([
    ['group.id', 'g', { 'group.id': 'g' }],
    ['enable.auto.commit', false, { 'enable.auto.commit': false }],
    ['auto.offset.reset', 'latest', { 'auto.offset.reset': 'latest' }],
    ['fetch.max.bytes', 102_400, { 'fetch.max.bytes': 102_400 }],
    ['max.partition.fetch.bytes', 100, { 'max.partition.fetch.bytes': 100 }],
    ['fetch.max.wait.ms', 500, { 'fetch.wait.max.ms': 500 }],
    ['isolation.level', 'read_uncommitted', { 'isolation.level': 'read_uncommitted' }],
    [
      'partition.assignment.strategy',
      'org.apache.kafka.clients.consumer.CooperativeStickyAssignor, org.apache.kafka.clients.consumer.RangeAssignor',
      { 'partition.assignment.strategy': 'cooperative-sticky,range' },
    ],
    ['partition.assignment.strategy', 'roundrobin', { 'partition.assignment.strategy': 'roundrobin' }],
  ])("writes the consumer's %s %j in librdkafka's names", (name, value, translated) => {
    expect(consumer(name, value)).toEqual(translated);
  });

  it.each([
    'key.serializer',
    'max.block.ms',
    'max.poll.records',
    'ssl.truststore.password',
    'ssl.truststore.type',
    'schema.registry.url',
    'schema.registry.cache',
    'schema.registry.auto.register.schemas',
    'schema.registry.ssl.truststore.location',
    'basic.auth.user.info',
    'basic.auth.credentials.source',
    'sasl.jaas.config.module',
  ])('takes %s, which means nothing to this client', (name) => {
    expect([producer(name, 'x'), consumer(name, 'x')]).toEqual([{}, {}]);
  });

  it.each([
    ['dr_cb', 'cannot be set: '],
    ['rebalance_cb', 'cannot be set: '],
    ['enable.partition.eof', 'cannot be set: '],
    ['enable.auto.offset.store', 'cannot be set: the sidecar stores offsets itself, after delivery'],
    ['test.mock.num.brokers', 'cannot be set: leave kafka.bootstrap.servers empty for the embedded broker'],
    ['foo.bar', 'is no property of librdkafka or the Java client'],
    ['__proto__', 'is no property of librdkafka or the Java client'],
  ])('refuses %s', (name, fault) => {
    expect(producer(name, 'x')).toEqual({ fault: expect.stringContaining(fault) });
  });

  it('refuses a property of the other kind of client', () => {
    expect([consumer('retries', 3), consumer('linger.ms', 1), producer('fetch.max.wait.ms', 1)]).toEqual([
      { fault: 'is no property of a consumer' },
      { fault: 'is no property of librdkafka or the Java client' },
      { fault: 'is no property of a producer' },
    ]);
  });

  it('says how to convert key stores of a kind that this client cannot read', () => {
    expect([producer('ssl.truststore.location', 'ca.jks'), producer('ssl.keystore.location', 'key.jks')]).toEqual([
      { fault: expect.stringMatching(/^needs a PEM file; convert with: keytool -exportcert -rfc -keystore ca\.jks /) },
      { fault: expect.stringMatching(/^needs a PKCS#12 file; convert with: keytool -importkeystore -srckeystore key/) },
    ]);
  });

  it('refuses a login module without user and password, and does not repeat its text', () => {
    const translated = producer('sasl.jaas.config', 'com.example.KerberosLoginModule required secret="s3cr3t";');
    expect(translated).toEqual({ fault: expect.stringMatching(/^needs username="…" and password="…"/) });
    expect(JSON.stringify(translated)).not.toContain('s3cr3t');
  });
});

describe('isKnownProperty', () => {
  it('knows what may stand in the properties of a section', () => {
    const known = ['acks', 'buffer.memory', 'key.serializer', 'dr_cb', 'group.id', 'foo.bar'].map((name) => [
      isKnownProperty('kafka-producer', name),
      isKnownProperty('kafka-consumer', name),
    ]);
    expect(known).toEqual([
      [true, true],
      [true, true],
      [true, true],
      [true, true],
      [false, true],
      [false, false],
    ]);
  });
});
