import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '../../../src/foundation/config/load-config.ts';
import { faultsOf, load } from './config-directory.ts';

describe('loadConfig', () => {
  it('gives defaults, and the embedded broker, to an operator who says nothing', () => {
    expect(loadConfig({ argv: [], env: {} })).toEqual({
      config: {
        server: {
          ip: '127.0.0.1',
          httpPort: 8080,
          enableHttp: true,
          httpsPort: 8443,
          enableHttps: false,
          enableTwoWayTls: false,
          tlsCertificateFile: '',
          tlsKeyFile: '',
          clientCaFile: '',
          managementPort: undefined,
          managementIp: '127.0.0.1',
          allowedHosts: [],
          maxReceivingBytes: 268_435_456,
          maxTransferFileSize: 16_777_216,
          requestReceiveTimeoutMs: 30_000,
          shutdownDelayMs: 0,
          shutdownGracefulPeriod: 20_000,
          serviceId: 'com.networknt.kafka-sidecar-1.0.0',
          environment: '',
        },
        kafka: { bootstrapServers: '' },
        kafkaProducer: {
          enabled: true,
          forwardHeaders: [],
          idempotencyTtlMs: 600_000,
          injectCallerId: false,
          maxIdempotencyKeys: 100_000,
          registry: undefined,
          keyFormat: undefined,
          valueFormat: undefined,
          requestTimeoutMs: 10_000,
          maxInFlightRecords: 100_000,
          maxInFlightBytes: 67_108_864,
          partialFailureStatus: 207,
          properties: {
            'bootstrap.servers': '',
            acks: 'all',
            'enable.idempotence': 'true',
            'linger.ms': '1',
            'compression.type': 'none',
          },
        },
        kafkaConsumer: {
          registry: undefined,
          useNoWrappingAvro: false,
          activeEnabled: true,
          keyFormat: undefined,
          valueFormat: undefined,
          requestTimeoutMs: 1_000,
          requestMaxBytes: 1_048_576,
          fetchMinBytes: -1,
          instanceTimeoutMs: 300_000,
          maxConsumerInstances: 200,
          serverId: 'id',
          properties: { 'bootstrap.servers': '', 'auto.offset.reset': 'earliest' },
        },
        health: { readinessChecks: ['kafka', 'consumers'], probeIntervalMs: 1_000, probeTimeoutMs: 1_000 },
        logging: { level: 'info', format: 'auto' },
        admin: { destructive: false },
        isProduction: false,
        embedded: true,
      },
      warnings: [],
    });
  });

  it('is overridden by values.yml, which is overridden by the environment', () => {
    const values = 'server.httpPort: 1\nserver.httpsPort: 1\nserver.ip: file';
    const { server } = load({ values, env: { SERVER_HTTPPORT: '2', SERVER_SERVICEID: 'svc' } }).config;
    expect([server.httpsPort, server.ip, server.httpPort, server.serviceId, server.maxTransferFileSize]).toEqual([
      1,
      'file',
      2,
      'svc',
      16_777_216,
    ]);
  });

  it("takes a section's own file whole in place of the template, under values.yml and the environment", () => {
    const files = { 'server.yml': 'httpPort: 1\nhttpsPort: 2\nip: ${my.host:own}\nserviceId: ${server.serviceId:x}' };
    const values = 'server.httpsPort: 3\nmy.host: 0.0.0.0';
    const { server } = load({ files, values, env: { SERVER_ENVIRONMENT: 'dev' } }).config;
    expect(server).toEqual({
      ...loadConfig({ argv: [], env: {} }).config.server,
      httpPort: 1,
      httpsPort: 3,
      ip: '0.0.0.0',
      serviceId: 'x',
      environment: 'dev',
    });
  });

  it('compiles formats in any case and lists from text', () => {
    const { kafkaProducer, server, health } = load({
      values:
        'kafka-producer.keyFormat: string\nserver.allowedHosts: a.example, b.example\nhealth.readinessChecks: [kafka]',
      env: { KAFKA_PRODUCER_VALUEFORMAT: 'Binary', KAFKA_PRODUCER_PARTIALFAILURESTATUS: '200' },
    }).config;
    expect([
      kafkaProducer.keyFormat,
      kafkaProducer.valueFormat,
      kafkaProducer.partialFailureStatus,
      server.allowedHosts,
      health.readinessChecks,
    ]).toEqual(['STRING', 'BINARY', 200, ['a.example', 'b.example'], ['kafka']]);
  });

  it('is frozen through and through', () => {
    const { config } = load({ values: 'server.allowedHosts: [a]' });
    const open: string[] = [];
    const visit = (value: unknown, place: string) => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) open.push(place);
      Object.entries(value).forEach(([key, member]) => visit(member, `${place}.${key}`));
    };
    visit(config, 'config');
    expect(open).toEqual([]);
  });
});

describe('the brokers', () => {
  const serversOf = (env: Record<string, string>, values = '') => {
    const { kafka, kafkaProducer, kafkaConsumer, embedded } = load({ env, values }).config;
    return [
      kafka.bootstrapServers,
      kafkaProducer.properties['bootstrap.servers'],
      kafkaConsumer.properties['bootstrap.servers'],
      embedded,
    ];
  };

  it('named once serve every section', () => {
    expect(serversOf({ KAFKA_BOOTSTRAP_SERVERS: 'a:1' })).toEqual(['a:1', 'a:1', 'a:1', false]);
    expect(serversOf({}, 'kafka:\n  bootstrap.servers: a:1')).toEqual(['a:1', 'a:1', 'a:1', false]);
  });

  it('named by a section are that section’s own', () => {
    const env = { KAFKA_BOOTSTRAP_SERVERS: 'a:1', KAFKA_CONSUMER_BOOTSTRAP_SERVERS: 'b:1' };
    expect(serversOf(env)).toEqual(['a:1', 'a:1', 'b:1', false]);
    expect(serversOf({}, 'kafka-producer.properties.bootstrap.servers: c:1')).toEqual(['c:1', 'c:1', 'c:1', false]);
  });

  it('must be named in production, for the embedded one keeps nothing', () => {
    expect(faultsOf({ env: { NODE_ENV: 'production' } })).toEqual([
      'kafka.bootstrap.servers is empty and NODE_ENV is production: name the brokers (KAFKA_BOOTSTRAP_SERVERS)',
    ]);
    const { config } = load({ env: { NODE_ENV: 'production', KAFKA_BOOTSTRAP_SERVERS: 'a:1' } });
    expect([config.isProduction, config.embedded]).toEqual([true, false]);
  });
});

describe('a configuration with faults', () => {
  it('is refused with one message that lists every fault: file, key and what is allowed', () => {
    const given = {
      files: { 'health.yml': 'probeIntervalMs: soon\n', 'admin.yml': 'destructive: 1\ndestructiv: 1\n' },
      values: 'server.httpPort: 70000\nserver.httPort: 1\nkafka-consumer.properties:\n  foo.bar: 1\n',
      env: { SERVER_ENABLEHTTPS: 'yes', KAFKA_PRODUCER_USERNAME: 'alice', LOGGING_LEVEL: 'loud' },
    };
    expect(() => load(given)).toThrow(ConfigError);
    expect(faultsOf(given)).toEqual([
      'values.yml: server.httpPort must be a whole number from 0 to 65535, not 70000',
      'environment SERVER_ENABLEHTTPS: server.enableHttps must be true or false, not "yes"',
      'values.yml: kafka-consumer property foo.bar is no property of librdkafka or the Java client',
      'health.yml: health.probeIntervalMs must be a whole number from 50 to 60000, not "soon"',
      'environment LOGGING_LEVEL: logging.level must be one of trace, debug, info, warn, error, fatal, silent, not "loud"',
      'admin.yml: admin.destructive must be true or false, not 1',
      'admin.yml: admin.destructiv is no known key; did you mean admin.destructive?',
      'values.yml: server.httPort is no known key; did you mean server.httpPort?',
      'kafka-producer: sasl.username and sasl.password must be set together',
      'kafka-producer: sasl.username needs security.protocol SASL_SSL or SASL_PLAINTEXT',
    ]);
  });

  it.each([
    [
      'no listener',
      { SERVER_ENABLEHTTP: 'false' },
      ['server.enableHttp and server.enableHttps are both false: nothing to listen on'],
    ],
    [
      'HTTPS without files',
      { SERVER_ENABLEHTTPS: 'true', SERVER_TLSKEYFILE: 'k' },
      ['server.enableHttps needs server.tlsCertificateFile and server.tlsKeyFile'],
    ],
    [
      'client certificates without HTTPS',
      { SERVER_ENABLETWOWAYTLS: 'true', SERVER_CLIENTCAFILE: 'c' },
      ['server.enableTwoWayTls needs server.enableHttps: true'],
    ],
    [
      'client certificates without an authority',
      {
        SERVER_ENABLETWOWAYTLS: 'true',
        SERVER_ENABLEHTTPS: 'true',
        SERVER_TLSKEYFILE: 'k',
        SERVER_TLSCERTIFICATEFILE: 'c',
      },
      ['server.enableTwoWayTls needs server.clientCaFile'],
    ],
    [
      'a password alone',
      { KAFKA_CONSUMER_PASSWORD: 'p', KAFKA_CONSUMER_SECURITY_PROTOCOL: 'SASL_SSL' },
      ['kafka-consumer: sasl.username and sasl.password must be set together'],
    ],
    [
      'a mechanism that takes a password, without one',
      { KAFKA_CONSUMER_SASL_MECHANISM: 'scram-sha-512', KAFKA_CONSUMER_SECURITY_PROTOCOL: 'sasl_ssl' },
      ['kafka-consumer: sasl.mechanism SCRAM-SHA-512 needs sasl.username and sasl.password'],
    ],
    [
      'a certificate without its key',
      { KAFKA_PRODUCER_SSL_CERTIFICATE_LOCATION: 'c.pem' },
      ['kafka-producer: ssl.certificate.location and ssl.key.location must be set together'],
    ],
    [
      'acks that idempotence excludes',
      { KAFKA_PRODUCER_ACKS: '1' },
      ['kafka-producer: acks 1 excludes enable.idempotence true; set enable.idempotence to false'],
    ],
    [
      'session keys beside the consumer protocol',
      { KAFKA_CONSUMER_GROUP_PROTOCOL: 'consumer', KAFKA_CONSUMER_SESSION_TIMEOUT_MS: '9000' },
      ['kafka-consumer: group.protocol consumer excludes session.timeout.ms, which the broker decides on'],
    ],
    [
      'token checks, which this version cannot do',
      { SECURITY_ENABLEVERIFYJWT: 'true' },
      [
        'environment SECURITY_ENABLEVERIFYJWT: security.enableVerifyJwt is true, but this version cannot verify tokens; set it to false',
      ],
    ],
    [
      'a property that is the sidecar’s own',
      { KAFKA_CONSUMER_ENABLE_AUTO_OFFSET_STORE: 'true' },
      [
        'environment KAFKA_CONSUMER_ENABLE_AUTO_OFFSET_STORE: kafka-consumer property enable.auto.offset.store cannot be set: the sidecar stores offsets itself, after delivery',
      ],
    ],
  ])('is refused for %s', (_, env, faults) => {
    expect(faultsOf({ env })).toEqual(faults);
  });

  it('is refused for a client property whose number is none', () => {
    expect(faultsOf({ env: { KAFKA_PRODUCER_BUFFER_MEMORY: 'lots' } })).toEqual([
      expect.stringContaining(
        'environment KAFKA_PRODUCER_BUFFER_MEMORY: kafka-producer property buffer.memory must be',
      ),
    ]);
  });

  it.each(['health.probeIntervalms', 'server.httPort', 'kafka-producer.enabld', 'logging.levl', 'nonsense'])(
    'is refused for the unknown key %s of values.yml',
    (key) => {
      expect(faultsOf({ values: `${key}: 1` })).toEqual([
        expect.stringMatching(`^values.yml: ${key} is no known key(; did you mean [a-zA-Z.-]+\\?)?$`),
      ]);
    },
  );

  it('is refused for a key that an object of JavaScript has by nature', () => {
    expect(faultsOf({ files: { 'admin.yml': 'toString: 1\n' } })).toEqual([
      expect.stringContaining('admin.yml: admin.toString is no known key'),
    ]);
  });

  it('is refused for properties that are no map, and for one that is a list', () => {
    expect(faultsOf({ files: { 'kafka-producer.yml': 'properties: [a]\n' } })).toEqual([
      'kafka-producer.yml: kafka-producer.properties must be a map of Kafka client properties',
    ]);
    expect(faultsOf({ values: 'kafka-producer.properties.acks: [1]\n' })).toEqual([
      'values.yml: kafka-producer property acks must be one text, number, true or false',
    ]);
  });

  it('does not show the value of a secret', () => {
    const faults = faultsOf({ values: 'kafka-producer.properties:\n  sasl.password: [s3cr3t]\n' });
    expect(faults).toHaveLength(1);
    expect(faults[0]).not.toContain('s3cr3t');
  });
});
