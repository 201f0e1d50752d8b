import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import kafka from '@confluentinc/kafka-javascript';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';
import { fetched, JavaProcess, shortStart } from './java-process.ts';
import { TcpProxy } from './tcp-proxy.ts';

const adminTimeoutMs = 15_000;
/** Bootstrap servers of the broker that a run of tests shares; set by `shared-kafka.ts`. */
const sharedVariable = 'TEST_SHARED_KAFKA';

export interface TopicOptions {
  readonly partitions?: number;
  readonly config?: Readonly<Record<string, string>>;
}

export interface StartOptions {
  /** All JVM tiers and a large heap, for measuring; else what starts soonest. */
  readonly bench?: boolean;
  /** Further lines of server.properties. */
  readonly config?: Readonly<Record<string, string>>;
}

/** A cluster as tests use it. */
export interface KafkaHandle {
  readonly bootstrap: string;
  createTopic(name: string, options?: TopicOptions): Promise<void>;
  close(): Promise<void>;
}

/** The broker KAFKA_BOOTSTRAP_SERVERS names, else the one this run shares, else one of one's own. */
export async function startRealKafka({ bench = false } = {}): Promise<KafkaHandle & { readonly version?: string }> {
  const running = process.env['KAFKA_BOOTSTRAP_SERVERS'] ?? process.env[sharedVariable];
  if (running === undefined || running === '') return RealKafka.start({ bench });
  return {
    bootstrap: running,
    createTopic: (name, options) => createTopic(running, name, options),
    close: () => Promise.resolve(),
  };
}

export function shareKafka(bootstrap: string): void {
  process.env[sharedVariable] = bootstrap;
}

/** An Apache Kafka broker (KRaft, one node) of the test's own, which it can stop, kill, freeze and start again. */
export class RealKafka implements KafkaHandle {
  readonly version: string;
  /** The way into the cluster through `proxy`: a client that starts there stays behind it. */
  readonly proxied: string;
  readonly bootstrap: string;
  readonly proxy: TcpProxy;
  readonly #directory: string;
  readonly #javaFlags: readonly string[];
  readonly #process: JavaProcess;

  private constructor(libs: string, directory: string, port: number, proxy: TcpProxy, isForBench: boolean) {
    this.#directory = directory;
    this.#javaFlags = ['-cp', join(libs, '*'), `-Dlog4j2.configurationFile=${join(directory, 'log4j2.properties')}`];
    this.proxy = proxy;
    this.bootstrap = `127.0.0.1:${port}`;
    this.proxied = `127.0.0.1:${proxy.port}`;
    this.version = /kafka-clients-([\d.]+)\.jar/.exec(readdirSync(libs).join('\n'))?.[1] ?? '';
    // Tests want a short start; the benchmark a broker as in production.
    const jvmFlags = isForBench ? ['-Xmx1g'] : ['-Xmx512m', ...shortStart];
    this.#process = new JavaProcess('Kafka', [...this.#javaFlags, ...jvmFlags, 'kafka.Kafka', this.#propertiesFile]);
  }

  static async start({ bench = false, config = {} }: StartOptions = {}): Promise<RealKafka> {
    const libs = await fetched('kafka-jars.mjs');
    const directory = mkdtempSync(join(tmpdir(), 'kafka-sidecar-broker-'));
    const proxy = await TcpProxy.open();
    const [port, proxiedPort, controllerPort] = await freePorts(3);
    proxy.forwardTo(proxiedPort!);
    const ports = { port: port!, proxiedPort: proxiedPort!, controllerPort: controllerPort!, proxyPort: proxy.port };
    const properties = { ...serverProperties(directory, ports), ...config };
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}`);
    writeFileSync(join(directory, 'server.properties'), `${lines.join('\n')}\n`);
    writeFileSync(join(directory, 'log4j2.properties'), log4jProperties);
    const broker = new RealKafka(libs, directory, port!, proxy, bench);
    await broker.#format();
    await broker.start();
    return broker;
  }

  /** Starts the broker (again) on the same ports and data. Resolves when it takes connections. */
  start(): Promise<void> {
    return this.#process.start(() => listTopics(this.bootstrap, 1_000));
  }

  /** An orderly end, as in a rolling restart. */
  stop(): Promise<void> {
    return this.#process.end('SIGTERM');
  }

  /** The process is gone at once. */
  kill(): Promise<void> {
    return this.#process.end('SIGKILL');
  }

  /** The process stands still with its connections open. */
  freeze(): void {
    this.#process.signal('SIGSTOP');
  }

  thaw(): void {
    this.#process.signal('SIGCONT');
  }

  createTopic(name: string, options?: TopicOptions): Promise<void> {
    return createTopic(this.bootstrap, name, options);
  }

  async close(): Promise<void> {
    await this.kill();
    await this.proxy.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get #propertiesFile(): string {
    return join(this.#directory, 'server.properties');
  }

  async #format(): Promise<void> {
    const tool = [...this.#javaFlags, '-XX:TieredStopAtLevel=1', 'kafka.tools.StorageTool'];
    const clusterId = 'c2lkZWNhci10ZXN0cy0wMQ';
    await promisify(execFile)('java', [...tool, 'format', '--standalone', '-t', clusterId, '-c', this.#propertiesFile]);
  }
}

interface Ports {
  readonly port: number;
  readonly proxiedPort: number;
  readonly controllerPort: number;
  readonly proxyPort: number;
}

function serverProperties(directory: string, ports: Ports): Record<string, string> {
  const { port, proxiedPort, controllerPort, proxyPort } = ports;
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: `PLAINTEXT://127.0.0.1:${port},PROXIED://127.0.0.1:${proxiedPort},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},PROXIED://127.0.0.1:${proxyPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(directory, 'data'),
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    'offsets.topic.num.partitions': '4',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.num.partitions': '2',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
  };
}

const log4jProperties = `status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %m (%c)%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
`;

/** Creates a topic and waits until its partitions have leaders. */
async function createTopic(bootstrap: string, name: string, options: TopicOptions = {}): Promise<void> {
  const { partitions = 1, config } = options;
  // Tests give records old timestamps; a broker deletes what is older than a week at its next round, in mid-test.
  const keepsAll = { 'retention.ms': '-1' };
  const admin = kafka.AdminClient.create({ 'bootstrap.servers': bootstrap });
  const definition = {
    topic: name,
    num_partitions: partitions,
    replication_factor: 1,
    config: { ...keepsAll, ...config },
  };
  try {
    await new Promise<void>((resolve, reject) =>
      admin.createTopic(definition, adminTimeoutMs, (error) => (error ? reject(asError(error)) : resolve())),
    );
    await eventually(async () => {
      if (!(await listTopics(bootstrap, 5_000)).includes(name)) throw new Error(`topic ${name} is not there yet`);
    });
  } finally {
    admin.disconnect();
  }
}

async function listTopics(bootstrap: string, timeoutMs: number): Promise<string[]> {
  const admin = kafka.AdminClient.create({ 'bootstrap.servers': bootstrap });
  try {
    return await new Promise<string[]>((resolve, reject) => {
      admin.listTopics({ timeout: timeoutMs }, (error, topics) => (error ? reject(asError(error)) : resolve(topics)));
    });
  } finally {
    admin.disconnect();
  }
}

function asError(error: { message: string }): Error {
  return new Error(error.message);
}
