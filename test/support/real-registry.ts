import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import { fetched, JavaProcess, shortStart } from './java-process.ts';
import { deleteSubject, registerSchema, setCompatibility, type SchemaDefinition } from './registry-client.ts';
import { TcpProxy } from './tcp-proxy.ts';

/** URL of the registry that a run of tests shares; set by `shared-kafka.ts`. */
const sharedVariable = 'TEST_SHARED_REGISTRY';
/** Where Apicurio's registry has Confluent's API. */
const apiPath = '/apis/ccompat/v7';

/** A schema registry as tests use it. */
export interface RegistryHandle {
  /** As the sidecar takes it for `schema.registry.url`. */
  readonly url: string;
  register(definition: SchemaDefinition): Promise<number>;
  deleteSubject(subject: string): Promise<void>;
  close(): Promise<void>;
}

/** The registry SCHEMA_REGISTRY_URL names, else the one this run shares, else one of one's own. */
export async function startRealRegistry(): Promise<RegistryHandle> {
  const running = process.env['SCHEMA_REGISTRY_URL'] || process.env[sharedVariable];
  if (!running) return RealRegistry.start();
  return {
    url: running,
    register: (definition) => registerSchema(running, definition),
    deleteSubject: (subject) => deleteSubject(running, subject),
    close: () => Promise.resolve(),
  };
}

export function shareRegistry(url: string): void {
  process.env[sharedVariable] = url;
}

/**
 * An Apicurio registry of the test's own, which it can stop, kill, freeze and start again. Its storage is its memory: when
 * it starts again it is empty, and counts ids from 1.
 */
export class RealRegistry implements RegistryHandle {
  readonly url: string;
  /** The way through `proxy`. */
  readonly proxied: string;
  readonly proxy: TcpProxy;
  readonly #process: JavaProcess;

  private constructor(app: string, port: number, proxy: TcpProxy) {
    this.url = `http://127.0.0.1:${port}${apiPath}`;
    this.proxied = `http://127.0.0.1:${proxy.port}${apiPath}`;
    this.proxy = proxy;
    this.#process = new JavaProcess('The registry', ['-Xmx128m', ...shortStart, ...appFlags(app, port)]);
  }

  static async start(): Promise<RealRegistry> {
    const app = await fetched('registry-app.mjs');
    const [port] = await freePorts(1);
    const proxy = await TcpProxy.open();
    proxy.forwardTo(port!);
    const registry = new RealRegistry(app, port!, proxy);
    await registry.start();
    return registry;
  }

  /** Starts the registry (again), empty, on the same port. Resolves when it answers. */
  start(): Promise<void> {
    // Confluent's default; this registry's is that everything is compatible.
    return this.#process.start(() => setCompatibility(this.url, 'BACKWARD'));
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

  register(definition: SchemaDefinition): Promise<number> {
    return registerSchema(this.url, definition);
  }

  deleteSubject(subject: string): Promise<void> {
    return deleteSubject(this.url, subject);
  }

  async close(): Promise<void> {
    await this.kill();
    await this.proxy.close();
  }
}

function appFlags(app: string, port: number): string[] {
  const properties = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': port,
    'quarkus.log.level': 'WARN',
    // Whether a subject has a schema is asked of the parsed one, as Confluent's does, and not of its text.
    'registry.ccompat.use-canonical-hash': true,
    // Connections to the database in memory; 20 are opened at the start otherwise.
    'quarkus.datasource.jdbc.initial-size': 1,
    'quarkus.datasource.jdbc.min-size': 1,
    // Else it makes a folder for files it never reads, and leaves it when it is killed.
    'quarkus.vertx.caching': false,
    'quarkus.vertx.classpath-resolving': false,
  };
  const flags = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  const version = /apicurio-registry-([^/]+)$/.exec(app)?.[1];
  return [...flags, '-jar', join(app, `apicurio-registry-app-${version}-runner.jar`)];
}
