import type { ClientProperties, Config } from './config.ts';
import type { SectionFields, SectionValues } from './field.ts';
import { hookListKeys, startupHooks } from './light4j-keys.ts';
import { checkValueKeys, readSection, type Findings, type RawSection } from './read-section.ts';
import { compileRegistry } from './registry-config.ts';
import { sections, type ClientSectionName, type schemaFields, type SectionName } from './sections.ts';
import { readSources, type Sources } from './sources.ts';

/** The configuration cannot be used; the message lists every fault with file, key and what is allowed. */
export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(
      `the configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}

export interface LoadOptions {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Keys that are known but without effect, each with the reason. */
  readonly warnings: readonly string[];
}

/**
 * Loads the configuration: templates, overridden by values.yml, overridden by the environment.
 *
 * @throws ConfigError listing every fault
 */
export function loadConfig({ argv, env }: LoadOptions): LoadedConfig {
  const findings: Findings = { faults: [], warnings: [], placeholders: new Set() };
  let sources: Sources;
  try {
    sources = readSources(argv, env);
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error)]);
  }
  const raw = Object.fromEntries(
    Object.keys(sections).map((name) => [name, readSection(name as SectionName, sources, findings)]),
  ) as Record<SectionName, RawSection>;
  checkValueKeys(sources, findings);
  checkUnsupported(sources, findings);
  const config = compile(raw, sources, findings);
  checkTogether(config, findings);
  if (findings.faults.length > 0) throw new ConfigError(findings.faults);
  return { config: deepFreeze(config), warnings: [...new Set(findings.warnings)] };
}

function compile(raw: Record<SectionName, RawSection>, sources: Sources, { faults }: Findings): Config {
  const valuesOf = <F extends SectionFields>(name: SectionName) => raw[name].values as SectionValues<F>;
  const producer = valuesOf<(typeof sections)['kafka-producer']>('kafka-producer');
  const consumer = valuesOf<(typeof sections)['kafka-consumer']>('kafka-consumer');
  const common = String(raw.kafka.values['bootstrap.servers']);
  const producerServers = raw['kafka-producer'].properties['bootstrap.servers'];
  const consumerServers = raw['kafka-consumer'].properties['bootstrap.servers'];
  const bootstrapServers = common || String(producerServers ?? consumerServers ?? '');
  const withServers = (properties: ClientProperties, own = bootstrapServers as ClientProperties[string]) => ({
    ...properties,
    'bootstrap.servers': String(own),
  });
  const registryOf = (section: ClientSectionName) =>
    compileRegistry({ ...valuesOf<typeof schemaFields>('schema'), ...raw[section].registry }, section, faults);
  return {
    server: valuesOf('server'),
    kafka: { bootstrapServers },
    kafkaProducer: {
      ...producer,
      enabled: switchOf('kafka-producer.enabled', producer.enabled, sources),
      partialFailureStatus: producer.partialFailureStatus === '200' ? 200 : 207,
      properties: withServers(raw['kafka-producer'].properties, producerServers),
      registry: registryOf('kafka-producer'),
    },
    kafkaConsumer: {
      ...consumer,
      activeEnabled: switchOf('kafka-consumer.activeEnabled', consumer.activeEnabled, sources),
      properties: withServers(raw['kafka-consumer'].properties, consumerServers),
      registry: registryOf('kafka-consumer'),
    },
    health: valuesOf('health'),
    logging: valuesOf('logging'),
    admin: valuesOf('admin'),
    isProduction: sources.env['NODE_ENV'] === 'production',
    embedded: bootstrapServers === '',
  };
}

/** A capability: its own key decides; without it light-4j's list of startup hooks, where there is one. */
function switchOf(key: string, configured: boolean, sources: Sources): boolean {
  if (sources.find(key) !== undefined) return configured;
  const hooks = hookListKeys.map((name) => sources.values.get(name)).find(Array.isArray) as unknown[] | undefined;
  if (hooks === undefined) return configured;
  const suffix = startupHooks.find((hook) => hook.key === key)!.suffix;
  return hooks.some((hook) => String(hook).endsWith(suffix));
}

/** A key whose silent loss would leave the sidecar unprotected. */
function checkUnsupported(sources: Sources, { faults }: Findings): void {
  const verify = sources.find('security.enableVerifyJwt');
  if (verify !== undefined && String(verify.value) === 'true') {
    faults.push(
      `${verify.source}: security.enableVerifyJwt is true, but this version cannot verify tokens; set it to false`,
    );
  }
}

/** What only shows when several keys are seen together. */
function checkTogether(config: Config, { faults }: Findings): void {
  const { server, kafkaProducer, kafkaConsumer } = config;
  const rule = (isBroken: boolean, fault: string) => isBroken && faults.push(fault);
  rule(
    !server.enableHttp && !server.enableHttps,
    'server.enableHttp and server.enableHttps are both false: nothing to listen on',
  );
  rule(
    server.enableHttps && (server.tlsCertificateFile === '' || server.tlsKeyFile === ''),
    'server.enableHttps needs server.tlsCertificateFile and server.tlsKeyFile',
  );
  rule(server.enableTwoWayTls && !server.enableHttps, 'server.enableTwoWayTls needs server.enableHttps: true');
  rule(server.enableTwoWayTls && server.clientCaFile === '', 'server.enableTwoWayTls needs server.clientCaFile');
  rule(
    config.embedded && config.isProduction,
    'kafka.bootstrap.servers is empty and NODE_ENV is production: name the brokers (KAFKA_BOOTSTRAP_SERVERS)',
  );
  checkClientProperties('kafka-producer', kafkaProducer.properties, rule);
  checkClientProperties('kafka-consumer', kafkaConsumer.properties, rule);
  const { acks = 'all', 'enable.idempotence': idempotence = true } = kafkaProducer.properties;
  rule(
    !['all', '-1'].includes(String(acks)) && String(idempotence) === 'true',
    `kafka-producer: acks ${String(acks)} excludes enable.idempotence true; set enable.idempotence to false`,
  );
  const excluded = ['session.timeout.ms', 'heartbeat.interval.ms', 'partition.assignment.strategy'];
  for (const name of excluded) {
    rule(
      kafkaConsumer.properties['group.protocol'] === 'consumer' && name in kafkaConsumer.properties,
      `kafka-consumer: group.protocol consumer excludes ${name}, which the broker decides on`,
    );
  }
}

function checkClientProperties(
  section: string,
  properties: ClientProperties,
  rule: (isBroken: boolean, fault: string) => unknown,
): void {
  for (const [one, other] of pairs) {
    rule(one in properties !== other in properties, `${section}: ${one} and ${other} must be set together`);
  }
  const isSasl = String(properties['security.protocol'] ?? '')
    .toLowerCase()
    .startsWith('sasl_');
  const mechanism = String(properties['sasl.mechanism'] ?? properties['sasl.mechanisms'] ?? '').toUpperCase();
  rule(
    isSasl && /^(PLAIN|SCRAM-)/.test(mechanism) && !('sasl.username' in properties),
    `${section}: sasl.mechanism ${mechanism} needs sasl.username and sasl.password`,
  );
  rule(
    'sasl.username' in properties && !isSasl,
    `${section}: sasl.username needs security.protocol SASL_SSL or SASL_PLAINTEXT`,
  );
}

const pairs = [
  ['sasl.username', 'sasl.password'],
  ['ssl.certificate.location', 'ssl.key.location'],
  ['ssl.certificate.pem', 'ssl.key.pem'],
] as const;

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
