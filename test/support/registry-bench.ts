import { afterEach } from '@jest/globals';
import { SchemaRegistry } from '../../src/clients/schema-registry/schema-registry.ts';
import { SidecarError } from '../../src/foundation/errors/sidecar-error.ts';
import type { RegistryConfig } from '../../src/foundation/config/registry-config.ts';
import { StubRegistry, type StubOptions } from './stub-registry.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** Closes something when the test has ended. */
export function closeAfterTest(close: () => Promise<void>): void {
  closers.push(close);
}

/** A registry that goes with the test. */
export async function startStub(options: StubOptions = {}): Promise<StubRegistry> {
  const stub = await StubRegistry.start(options);
  closers.push(() => stub.close());
  return stub;
}

export function settingsFor(urls: readonly string[], changed: Partial<RegistryConfig> = {}): RegistryConfig {
  return {
    urls,
    cacheSize: 1_000,
    autoRegister: true,
    requestTimeoutMs: 5_000,
    latestTtlMs: 60_000,
    credentials: undefined,
    caFile: undefined,
    keyStoreFile: undefined,
    keyStorePassword: undefined,
    ...changed,
  };
}

export interface RegistryBench {
  readonly stub: StubRegistry;
  readonly registry: SchemaRegistry;
}

/** A stub and the schemas looked up in it; both go with the test. */
export async function startBench(changed: Partial<RegistryConfig> = {}): Promise<RegistryBench> {
  const stub = await startStub();
  const registry = new SchemaRegistry(settingsFor([stub.url], changed), { isUnionPlain: false });
  closers.push(() => registry.stop());
  return { stub, registry };
}

/** What a look-up comes to: the schema's id and type, or the refusal. */
export async function outcomeOf(lookUp: () => unknown): Promise<unknown> {
  try {
    const { id, type } = (await lookUp()) as { id: number; type: string };
    return { id, type };
  } catch (error) {
    if (!(error instanceof SidecarError)) throw error;
    return `${error.code} ${error.description}`;
  }
}

export const enumOf = (...symbols: string[]) => ({ type: 'enum', name: 'E', symbols });
