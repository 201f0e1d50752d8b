import { choice, flag, integer, list, listOf, optionalChoice, optionalInteger, text } from './field.ts';

const maxPort = 65_535;
/** Largest delay a timer takes, milliseconds. */
const maxDelayMs = 2_147_483_647;

const formats = ['BINARY', 'STRING', 'JSON', 'AVRO', 'JSONSCHEMA', 'PROTOBUF'] as const;

export const serverFields = {
  ip: text('127.0.0.1', 'Address listened on.'),
  httpPort: integer(8080, 0, maxPort, 'Port for HTTP; 0 takes any free one.'),
  enableHttp: flag(true, 'Listen for HTTP.'),
  httpsPort: integer(8443, 0, maxPort, 'Port for HTTPS; 0 takes any free one.'),
  enableHttps: flag(false, 'Listen for HTTPS; needs tlsCertificateFile and tlsKeyFile.'),
  enableTwoWayTls: flag(false, 'Clients must show a certificate signed by clientCaFile.'),
  tlsCertificateFile: text('', 'PEM file with the certificate chain of the HTTPS listener.'),
  tlsKeyFile: text('', 'PEM file with the private key of the HTTPS listener.'),
  clientCaFile: text('', 'PEM file with the authorities that sign client certificates.'),
  managementPort: optionalInteger(0, maxPort, 'Port of a second listener with health alone; none when not set.'),
  managementIp: text('127.0.0.1', 'Address of the second listener.'),
  allowedHosts: list([], 'Names beside loopback and server.ip that requests may carry in Host.'),
  maxTransferFileSize: integer(16_777_216, 1, 1_073_741_824, 'Largest request body, bytes.'),
  maxReceivingBytes: integer(268_435_456, 1, 68_719_476_736, 'Bytes of all bodies being received; beyond it 503.'),
  requestReceiveTimeoutMs: integer(30_000, 1, maxDelayMs, 'Time for a whole request to arrive, milliseconds.'),
  shutdownDelayMs: integer(0, 0, maxDelayMs, 'After SIGTERM, how long requests are still taken, milliseconds.'),
  shutdownGracefulPeriod: integer(20_000, 1, maxDelayMs, 'Time to answer, flush and close after that, milliseconds.'),
  serviceId: text('com.networknt.kafka-sidecar-1.0.0', 'Name of this service.'),
  environment: text('', 'Name of the environment, such as dev or prod.'),
};

export const kafkaFields = {
  'bootstrap.servers': text('', 'host:port list of brokers, for every section; empty: the embedded broker.'),
};

export const schemaFields = {
  'registry.url': text('', 'Address of the schema registry, or several to try in turn, for every section.'),
  'registry.cache': integer(1_000, 1, 1_000_000, 'Schemas, versions, subjects and schema texts remembered, each.'),
  'registry.auto.register.schemas': flag(true, 'Register a schema that a request gives as text.'),
  'registry.requestTimeoutMs': integer(5_000, 1, maxDelayMs, 'Deadline of one call to the registry, milliseconds.'),
  'registry.latestTtlMs': integer(
    30_000,
    0,
    maxDelayMs,
    'Time the latest version of a subject is remembered, milliseconds.',
  ),
  'registry.username': text('', 'User for basic authentication at the registry.'),
  'registry.password': text('', 'Password for basic authentication at the registry.'),
  'registry.ssl.truststore.location': text('', "PEM file with the authorities that sign the registry's certificate."),
  'registry.ssl.keystore.location': text('', 'PKCS#12 file with the client certificate for the registry.'),
  'registry.ssl.keystore.password': text('', 'Password of that file.'),
};

export const producerFields = {
  enabled: flag(true, 'Serve POST /producers/{topic}.'),
  keyFormat: optionalChoice(
    formats,
    'Format of keys where a request names none; not set: JSONSCHEMA with a registry, else STRING.',
  ),
  valueFormat: optionalChoice(
    formats,
    'Format of values where a request names none; not set: JSONSCHEMA with a registry, else JSON.',
  ),
  requestTimeoutMs: integer(10_000, 1, 900_000, 'Time to wait for acknowledgement, milliseconds.'),
  maxInFlightRecords: integer(100_000, 1, 5_000_000, 'Records that may wait for acknowledgement; beyond it 503.'),
  maxInFlightBytes: integer(67_108_864, 1, 1_073_741_824, 'Bytes that may wait for acknowledgement; beyond it 503.'),
  idempotencyTtlMs: integer(600_000, 1, maxDelayMs, 'Time the answer for an Idempotency-Key is kept, milliseconds.'),
  maxIdempotencyKeys: integer(100_000, 1, 10_000_000, 'Idempotency keys kept; the oldest answered one makes room.'),
  forwardHeaders: list([], 'Names of request headers that become headers of every record of the request.'),
  injectCallerId: flag(false, 'Give every record a header caller_id with server.serviceId.'),
  partialFailureStatus: choice(['207', '200'], '207', 'HTTP status when records failed after sending began.'),
};

export const consumerFields = {
  activeEnabled: flag(true, 'Serve consumer instances under /consumers.'),
  keyFormat: optionalChoice(
    formats,
    'Format of keys where an instance names none; not set: JSONSCHEMA with a registry, else STRING.',
  ),
  valueFormat: optionalChoice(
    formats,
    'Format of values where an instance names none; not set: JSONSCHEMA with a registry, else JSON.',
  ),
  useNoWrappingAvro: flag(false, "Read Avro union values plainly, without the branch's name around them."),
  requestTimeoutMs: integer(1_000, 0, 300_000, 'Time a read waits for a first record, milliseconds.'),
  requestMaxBytes: integer(1_048_576, 1, 16_777_216, 'Raw key and value bytes of one read.'),
  fetchMinBytes: integer(-1, -1, 10_000_000, 'Bytes a read waits for; -1: one record is enough.'),
  instanceTimeoutMs: integer(300_000, 1, maxDelayMs, 'Idle time after which an instance is closed, milliseconds.'),
  maxConsumerInstances: integer(200, 0, 100_000, 'Instances at a time; beyond it 429.'),
  serverId: text('id', 'Part of the generated names of instances.'),
};

export const healthFields = {
  readinessChecks: listOf(['kafka', 'consumers'], ['kafka', 'consumers'], 'Checks that decide on readiness.'),
  probeIntervalMs: integer(1_000, 50, 60_000, 'Period of the probe of the brokers, milliseconds.'),
  probeTimeoutMs: integer(1_000, 50, 60_000, 'Deadline of one probe, milliseconds.'),
};

export const loggingFields = {
  level: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info', 'Least level logged.'),
  format: choice(['auto', 'json', 'pretty'], 'auto', 'pretty for people, json for collectors, auto by the terminal.'),
};

export const adminFields = {
  destructive: flag(false, 'Allow the operations that end or damage something.'),
};

/** Sections by the base name of their template, each key `section.key` in values.yml. */
export const sections = {
  server: serverFields,
  kafka: kafkaFields,
  schema: schemaFields,
  'kafka-producer': producerFields,
  'kafka-consumer': consumerFields,
  health: healthFields,
  logging: loggingFields,
  admin: adminFields,
};

export type SectionName = keyof typeof sections;

/** Sections with `properties:` for the Kafka client. */
export type ClientSectionName = 'kafka-producer' | 'kafka-consumer';
export const clientSections: readonly ClientSectionName[] = ['kafka-producer', 'kafka-consumer'];
