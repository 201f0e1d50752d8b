import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafka from '@confluentinc/kafka-javascript';
import { eventually } from './eventually.ts';
import { TcpProxy } from './tcp-proxy.ts';

const root = new URL('../../', import.meta.url);
const adminTimeoutMs = 15_000;
const startTimeoutMs = 60_000;
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
  readonly #libs: string;
  readonly #directory: string;
  readonly #jvmFlags: readonly string[];
  #process: ChildProcess | undefined;
  #log = '';

  private constructor(libs: string, directory: string, port: number, proxy: TcpProxy, isForBench: boolean) {
    this.#libs = libs;
    this.#directory = directory;
    this.proxy = proxy;
    this.bootstrap = `127.0.0.1:${port}`;
    this.proxied = `127.0.0.1:${proxy.port}`;
    this.version = /kafka-clients-([\d.]+)\.jar/.exec(readdirSync(libs).join('\n'))?.[1] ?? '';
    // Tests want a short start; the benchmark a broker as in production.
    this.#jvmFlags = isForBench ? ['-Xmx1g'] : ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  }

  static async start({ bench = false, config = {} }: StartOptions = {}): Promise<RealKafka> {
    const libs = execFileSync(process.execPath, ['scripts/kafka-jars.mjs'], { cwd: root, encoding: 'utf8' }).trim();
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
    broker.#format();
    await broker.start();
    return broker;
  }

  /** Starts the broker (again) on the same ports and data. Resolves when it takes connections. */
  async start(): Promise<void> {
    this.#log = '';
    const child = spawn('java', [...this.#javaFlags(), ...this.#jvmFlags, 'kafka.Kafka', this.#propertiesFile], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    const keep = (text: string) => {
      this.#log = (this.#log + text).slice(-4_000);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    await eventually(
      async () => {
        if (child.exitCode !== null) throw new Error(`Kafka ended with ${child.exitCode}:\n${this.#log}`);
        await listTopics(this.bootstrap, 1_000);
      },
      { timeoutMs: startTimeoutMs, intervalMs: 100 },
    );
  }

  /** An orderly end, as in a rolling restart. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** The process is gone at once. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** The process stands still with its connections open. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
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

  #javaFlags(): string[] {
    return ['-cp', join(this.#libs, '*'), `-Dlog4j2.configurationFile=${join(this.#directory, 'log4j2.properties')}`];
  }

  #format(): void {
    const tool = [...this.#javaFlags(), '-XX:TieredStopAtLevel=1', 'kafka.tools.StorageTool'];
    const clusterId = 'c2lkZWNhci10ZXN0cy0wMQ';
    execFileSync('java', [...tool, 'format', '--standalone', '-t', clusterId, '-c', this.#propertiesFile], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    child.kill('SIGCONT');
    await ended;
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

/** Ports free at this moment; held open together, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

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
