import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { AdminConnection } from './clients/kafka/admin-connection.ts';
import { KafkaCluster } from './clients/kafka/cluster.ts';
import { EmbeddedBroker } from './clients/kafka/embedded-broker.ts';
import { OffsetLookup } from './clients/kafka/offset-lookup.ts';
import { TopicList } from './clients/kafka/topic-list.ts';
import type { SchemaRegistry } from './clients/schema-registry/schema-registry.ts';
import type { ClientSection, Config } from './foundation/config/config.ts';
import { startAll, stopAll, type Resource } from './foundation/lifecycle.ts';
import { createLogging, type Logger, type Logging } from './foundation/logging.ts';
import { chainOf, createApp } from './http/app.ts';
import { loadSpecification, type Specification } from './http/openapi.ts';
import { HttpServer, type TlsFiles } from './http/server.ts';
import { createActiveConsumer } from './modules/active-consumer/index.ts';
import { createDocumentation } from './modules/documentation/index.ts';
import { createHealth, type ReadinessCheck, type SidecarState } from './modules/health/index.ts';
import type { Module } from './modules/module.ts';
import { createProducer } from './modules/producer/index.ts';

const rootDirectory = new URL('../', import.meta.url);

/** Connection and security properties, which every client of the cluster shares. */
const connectionProperty =
  /^(bootstrap\.servers|security\.|sasl\.|ssl\.|enable\.ssl|enable\.sasl|client\.rack|broker\.address|socket\.keepalive)/;

const compileDelayMs = 500;
/** At most so much of the grace period is kept for the last answers, and so much again for closing the clients, milliseconds. */
const maxClosingReserveMs = 1_000;

/** The composition root: creates every resource and owns their order of start and stop. */
export class Sidecar {
  readonly version: string;
  readonly logger: Logger;
  readonly #config: Config;
  readonly #logging: Logging;
  readonly #broker: EmbeddedBroker | undefined;
  #cluster: KafkaCluster | undefined;
  #state: SidecarState = 'starting';
  #resources: Resource[] = [];
  #modules: Module[] = [];
  #registries: readonly SchemaRegistry[] = [];
  #servers: HttpServer[] = [];

  constructor(config: Config) {
    this.#config = config;
    this.#logging = createLogging(config.logging);
    this.logger = this.#logging.logger('sidecar');
    this.#broker = config.embedded ? new EmbeddedBroker() : undefined;
    this.version = (
      JSON.parse(readFileSync(new URL('package.json', rootDirectory), 'utf8')) as { version: string }
    ).version;
  }

  /** Log lines are for people. */
  get logsPretty(): boolean {
    return this.#logging.isPretty;
  }

  get state(): SidecarState {
    return this.#state;
  }

  /** Base URLs of the main listeners, once started. */
  get addresses(): string[] {
    return this.#servers
      .filter(({ name }) => name !== 'management')
      .map((server) => baseUrl(server.name, server.address));
  }

  /** Base URL of the management listener, where one is configured. */
  get managementAddress(): string | undefined {
    const server = this.#servers.find(({ name }) => name === 'management');
    return server === undefined ? undefined : baseUrl('http', server.address);
  }

  get brokerDescription(): string {
    return this.#broker === undefined ? this.bootstrapServers : 'embedded: memory';
  }

  /** Resolves when the listeners are up. An absent broker does not hinder that: readiness tells. */
  async start(): Promise<void> {
    this.#warnAboutExposure();
    // The embedded broker's address is needed to configure its clients.
    if (this.#broker !== undefined) await this.#broker.start();
    const [business, admin] = await loadSpecifications();
    this.#createResources(business, admin, await createRegistries(this.#config));
    await startAll([...this.#resources, ...this.#servers], this.logger);
    this.#setState('running');
    // Not before the first questions for readiness are answered; until then each operation compiles its own.
    setTimeout(() => void business.compileAll().then(() => admin.compileAll()), compileDelayMs).unref();
  }

  /** Drains, answers what was accepted, flushes and closes everything, within the configured grace period. */
  async stop(): Promise<void> {
    const { shutdownDelayMs, shutdownGracefulPeriod } = this.#config.server;
    this.#setState('draining');
    await new Promise((resolve) => setTimeout(resolve, shutdownDelayMs));
    const deadline = Date.now() + shutdownGracefulPeriod;
    const reserveMs = Math.min(maxClosingReserveMs, shutdownGracefulPeriod / 4);
    this.#cluster?.endProbing();
    for (const one of [...this.#modules, ...this.#registries]) one.drain?.(deadline - 2 * reserveMs);
    await stopAll(this.#servers, deadline - reserveMs, this.logger);
    await stopAll(this.#resources, deadline - reserveMs / 2, this.logger);
    if (this.#broker !== undefined) await this.#broker.stop();
    this.#setState('stopped');
    this.#logging.flush();
  }

  /** Where the brokers are, the embedded one included. */
  get bootstrapServers(): string {
    return this.#broker?.bootstrapServers ?? this.#config.kafka.bootstrapServers;
  }

  #setState(state: SidecarState): void {
    this.logger.info({ from: this.#state, to: state }, 'state changed');
    this.#state = state;
  }

  #createResources(business: Specification, admin: Specification, registries: Registries): void {
    const config = this.#config;
    const log = (name: string) => this.#logging.logger(name);
    const embedded = this.#broker !== undefined;
    const bootstrapServers = this.bootstrapServers;
    const serversOf = ({ properties }: ClientSection) =>
      embedded ? bootstrapServers : String(properties['bootstrap.servers']);
    const connection = { ...connectionOf(config), 'bootstrap.servers': bootstrapServers };
    const cluster = (this.#cluster = new KafkaCluster({
      properties: connection,
      ...config.health,
      logger: log('kafka.cluster'),
    }));
    const onTrouble = () => cluster.suspect();
    const adminConnection = new AdminConnection({ properties: connection });
    const offsetLookup = new OffsetLookup(adminConnection, { embedded });
    const topicList = new TopicList(adminConnection, { logger: log('kafka.admin'), embedded });
    const producer = createProducer({
      config: config.kafkaProducer,
      bootstrapServers: serversOf(config.kafkaProducer),
      cluster,
      registry: registries.producer,
      serviceId: config.server.serviceId,
      onTrouble,
      logger: log('kafka.producer'),
    });
    const activeConsumer = createActiveConsumer({
      config: config.kafkaConsumer,
      bootstrapServers: serversOf(config.kafkaConsumer),
      embedded,
      offsetLookup,
      topicList,
      registry: registries.consumer,
      isClusterReachable: () => cluster.isReachable,
      logger: log('kafka.consumer'),
    });
    const checks: Record<string, ReadinessCheck> = {
      kafka: () => ({
        ready: cluster.isReachable && producer.health().ready,
        detail: { reachable: cluster.isReachable, ...(cluster.isReachable ? {} : { reason: cluster.lastError }) },
      }),
      consumers: () => activeConsumer.health(),
    };
    const health = createHealth({
      checks: Object.fromEntries(config.health.readinessChecks.map((name) => [name, checks[name]!])),
      broker: () => this.brokerDescription,
      state: () => this.#state,
    });
    const documentation = createDocumentation({
      source: business.source,
      apis: [business.definition, admin.definition],
    });
    this.#modules = [producer, activeConsumer, health, documentation];
    this.#servers = this.#createServers([business, admin]);
    this.#registries = registries.resources;
    this.#resources = [cluster, adminConnection, ...registries.resources, ...this.#modules];
  }

  #createServers(specifications: readonly Specification[]): HttpServer[] {
    const { server } = this.#config;
    const logger = this.#logging.logger('http.server');
    const shared = { requestReceiveTimeoutMs: server.requestReceiveTimeoutMs, logger };
    const appOptions = {
      specifications,
      modules: this.#modules.map(({ operations }) => operations),
      origin: { ip: server.ip, allowedHosts: server.allowedHosts },
      maxBodyBytes: server.maxTransferFileSize,
      maxReceivingBytes: server.maxReceivingBytes,
      fixedHeaders: this.#broker === undefined ? {} : { 'X-Kafka-Embedded': 'memory' },
      logger,
    };
    const listener = createApp(appOptions);
    const servers: HttpServer[] = [];
    if (server.managementPort !== undefined) {
      const probes = createApp({ ...appOptions, onlyChains: ['probe'] });
      servers.push(
        new HttpServer({
          ...shared,
          name: 'management',
          ip: server.managementIp,
          port: server.managementPort,
          tls: undefined,
          listener: probes,
        }),
      );
    }
    if (server.enableHttp) {
      servers.push(
        new HttpServer({ ...shared, name: 'http', ip: server.ip, port: server.httpPort, tls: undefined, listener }),
      );
    }
    if (server.enableHttps) {
      servers.push(
        new HttpServer({
          ...shared,
          name: 'https',
          ip: server.ip,
          port: server.httpsPort,
          tls: tlsOf(server),
          listener,
        }),
      );
    }
    return servers;
  }

  #warnAboutExposure(): void {
    const { ip, enableTwoWayTls, enableHttp } = this.#config.server;
    const isLoopback = ip === 'localhost' || ip === '::1' || ip.startsWith('127.');
    if (isLoopback || (enableTwoWayTls && !enableHttp)) return;
    this.logger.warn(
      { ip },
      'listening beyond loopback without client certificates: everyone who reaches it can use Kafka',
    );
  }
}

async function loadSpecifications(): Promise<[Specification, Specification]> {
  const load = (name: string) => loadSpecification(fileURLToPath(new URL(`openapi/${name}`, rootDirectory)), chainOf);
  return [await load('kafka-sidecar.yaml'), await load('admin.yaml')];
}

/** The producer's connection settings serve probe and look-ups; the consumer's where there is no producer. */
function connectionOf(config: Config): Record<string, unknown> {
  const { properties } = config.kafkaProducer.enabled ? config.kafkaProducer : config.kafkaConsumer;
  return Object.fromEntries(Object.entries(properties).filter(([name]) => connectionProperty.test(name)));
}

interface Registries {
  readonly producer: SchemaRegistry | undefined;
  readonly consumer: SchemaRegistry | undefined;
  readonly resources: readonly SchemaRegistry[];
}

/** One registry for producer and consumer where both are configured alike. */
async function createRegistries({ kafkaProducer, kafkaConsumer }: Config): Promise<Registries> {
  if ((kafkaProducer.registry ?? kafkaConsumer.registry) === undefined) {
    return { producer: undefined, consumer: undefined, resources: [] };
  }
  // The parsers of three schema languages take as long to load as all the rest.
  const { SchemaRegistry } = await import('./clients/schema-registry/schema-registry.ts');
  const options = { isUnionPlain: kafkaConsumer.useNoWrappingAvro };
  const create = ({ registry }: ClientSection) => registry && new SchemaRegistry(registry, options);
  const isShared = JSON.stringify(kafkaProducer.registry) === JSON.stringify(kafkaConsumer.registry);
  const producer = create(kafkaProducer);
  const consumer = isShared ? producer : create(kafkaConsumer);
  return { producer, consumer, resources: [...new Set([producer, consumer])].filter((one) => one !== undefined) };
}

function tlsOf(server: Config['server']): TlsFiles {
  return {
    certificateFile: server.tlsCertificateFile,
    keyFile: server.tlsKeyFile,
    clientCaFile: server.enableTwoWayTls ? server.clientCaFile : undefined,
  };
}

function baseUrl(scheme: string, { address, port, family }: AddressInfo): string {
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
