import { consumerProperties, producerProperties } from './librdkafka-properties.ts';
import { registryPropertyNames } from './registry-properties.ts';
import type { ClientSectionName } from './sections.ts';

type Scalar = string | number | boolean;

/** librdkafka properties for one configured property; `fault` tells why it cannot be taken. */
type Translation = Readonly<Record<string, Scalar>> | { readonly fault: string };

const same = (name: string) => (value: Scalar) => ({ [name]: value });
const kibibytes =
  (name: string) =>
  (value: Scalar): Translation =>
    isWhole(value) ? { [name]: Math.max(1, Math.ceil(Number(value) / 1024)) } : notWhole(value);

/** Java class names of assignors, as librdkafka names them. */
const assignors: Readonly<Record<string, string>> = {
  RangeAssignor: 'range',
  RoundRobinAssignor: 'roundrobin',
  CooperativeStickyAssignor: 'cooperative-sticky',
  StickyAssignor: 'cooperative-sticky',
};

function isWhole(value: Scalar): boolean {
  return /^\d+$/.test(String(value));
}

function notWhole(value: Scalar): Translation {
  return { fault: `must be a whole number, not ${JSON.stringify(value)}` };
}

/** Java client properties whose name or value differs in librdkafka. */
const javaProperties = new Map<string, (value: Scalar) => Translation>([
  ['buffer.memory', kibibytes('queue.buffering.max.kbytes')],
  ['max.request.size', same('message.max.bytes')],
  ['delivery.timeout.ms', same('message.timeout.ms')],
  ['fetch.max.wait.ms', same('fetch.wait.max.ms')],
  ['sasl.mechanism', same('sasl.mechanism')],
  ['metadata.max.age.ms', same('topic.metadata.refresh.interval.ms')],
  ['request.timeout.ms', same('socket.timeout.ms')],
  ['send.buffer.bytes', (value) => (Number(value) < 0 ? {} : { 'socket.send.buffer.bytes': value })],
  ['receive.buffer.bytes', (value) => (Number(value) < 0 ? {} : { 'socket.receive.buffer.bytes': value })],
  [
    'retries',
    (value) =>
      isWhole(value) ? { 'message.send.max.retries': Math.min(Number(value), 2_147_483_647) } : notWhole(value),
  ],
  ['acks', (value) => ({ acks: String(value) })],
  ['partition.assignment.strategy', (value) => ({ 'partition.assignment.strategy': assignorNames(String(value)) })],
  ['ssl.truststore.location', (value) => trustStore(String(value))],
  ['ssl.truststore.certificates', same('ssl.ca.pem')],
  ['ssl.keystore.location', (value) => keyStore(String(value))],
  ['ssl.keystore.certificate.chain', same('ssl.certificate.pem')],
  ['ssl.keystore.key', same('ssl.key.pem')],
  ['ssl.endpoint.identification.algorithm', (value) => ({ 'ssl.endpoint.identification.algorithm': value || 'none' })],
  ['sasl.jaas.config', (value) => jaas(String(value))],
  ['sasl.jaas.config.username', same('sasl.username')],
  ['sasl.jaas.config.password', same('sasl.password')],
]);

/** Java properties and light-4j ones that mean nothing to this client. */
const withoutEffect = new Set(
  `key.serializer value.serializer key.deserializer value.deserializer interceptor.classes metric.reporters
  max.block.ms ssl.truststore.password ssl.truststore.type ssl.keystore.type ssl.protocol ssl.enabled.protocols
  sasl.jaas.config.module max.poll.records auto.include.jmx.reporter metrics.sample.window.ms metrics.num.samples
  schema.registry.ssl.truststore.password schema.registry.ssl.truststore.type schema.registry.ssl.keystore.type
  basic.auth.credentials.source schema.registry.basic.auth.credentials.source`
    .trim()
    .split(/\s+/),
);

/** Properties that the sidecar's bookkeeping depends on. */
const owned = new Map<string, string>([
  ['enable.auto.offset.store', 'the sidecar stores offsets itself, after delivery'],
  ['enable.partition.eof', 'the sidecar does not use end-of-partition events'],
  ['dr_cb', 'callbacks are the sidecar’s own'],
  ['rebalance_cb', 'callbacks are the sidecar’s own'],
  ['offset_commit_cb', 'callbacks are the sidecar’s own'],
  ['queue_non_empty_cb', 'callbacks are the sidecar’s own'],
  ['test.mock.num.brokers', 'leave kafka.bootstrap.servers empty for the embedded broker'],
]);

function propertiesOf(section: ClientSectionName): ReadonlySet<string> {
  return section === 'kafka-producer' ? producerProperties : consumerProperties;
}

/** Whether a name may stand in `properties` of the section, translated or not. */
export function isKnownProperty(section: ClientSectionName, name: string): boolean {
  return knownProperties(section).includes(name);
}

/** All names that may be set through the environment. */
export function knownProperties(section: ClientSectionName): string[] {
  return [
    ...propertiesOf(section),
    ...javaProperties.keys(),
    ...withoutEffect,
    ...owned.keys(),
    ...registryPropertyNames,
  ];
}

export function hasEffect(name: string): boolean {
  return !withoutEffect.has(name);
}

/** Translates one property to librdkafka's names; `fault` says why it cannot be taken. */
export function translateProperty(section: ClientSectionName, name: string, value: Scalar): Translation {
  const reason = owned.get(name);
  if (reason !== undefined) return { fault: `cannot be set: ${reason}` };
  if (withoutEffect.has(name) || registryPropertyNames.has(name)) return {};
  const translate = javaProperties.get(name);
  if (translate !== undefined) {
    const translated = translate(value);
    // A Java property of the other kind of client, such as retries in the consumer's section, has nothing to act on.
    const applies = 'fault' in translated || Object.keys(translated).every((key) => propertiesOf(section).has(key));
    return applies
      ? translated
      : { fault: `is no property of a ${section === 'kafka-producer' ? 'producer' : 'consumer'}` };
  }
  if (propertiesOf(section).has(name)) return { [name]: value };
  return { fault: 'is no property of librdkafka or the Java client' };
}

function assignorNames(value: string): string {
  const names = value.split(',').map((name) => name.trim().split('.').at(-1)!);
  return names.map((name) => assignors[name] ?? name).join(',');
}

function trustStore(file: string): Translation {
  if (file === '') return {};
  if (/\.(pem|crt|cer)$/i.test(file)) return { 'ssl.ca.location': file };
  return {
    fault:
      `needs a PEM file; convert with: keytool -exportcert -rfc -keystore ${file} -alias <alias> > ca.pem ` +
      '(list the aliases with keytool -list), then name ca.pem here',
  };
}

function keyStore(file: string): Translation {
  if (file === '') return {};
  if (/\.(p12|pfx)$/i.test(file)) return { 'ssl.keystore.location': file };
  return {
    fault:
      `needs a PKCS#12 file; convert with: keytool -importkeystore -srckeystore ${file} -destkeystore client.p12 ` +
      '-deststoretype PKCS12, then name client.p12 here',
  };
}

/** User and password out of a PLAIN or SCRAM login module's text. */
function jaas(config: string): Translation {
  if (config.trim() === '') return {};
  const username = /\busername\s*=\s*"([^"]*)"/.exec(config)?.[1];
  const password = /\bpassword\s*=\s*"([^"]*)"/.exec(config)?.[1];
  if (username === undefined || password === undefined) {
    return {
      fault:
        'needs username="…" and password="…" of a PLAIN or SCRAM login module; or set sasl.username and sasl.password',
    };
  }
  return { 'sasl.username': username, 'sasl.password': password };
}
