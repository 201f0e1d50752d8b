import { loadConfig } from '../../src/foundation/config/load-config.ts';
import { Sidecar } from '../../src/sidecar.ts';

/** A whole sidecar in this process, on free ports. */
export interface RunningSidecar {
  readonly url: string;
  readonly managementUrl: string;
  readonly sidecar: Sidecar;
  stop(): Promise<void>;
}

/**
 * Starts a sidecar configured as by environment variables.
 *
 * @param env overrides; without KAFKA_BOOTSTRAP_SERVERS it runs on the embedded broker
 */
export async function startSidecar(env: Readonly<Record<string, string>> = {}): Promise<RunningSidecar> {
  const { config } = loadConfig({
    argv: [],
    env: { SERVER_HTTPPORT: '0', SERVER_MANAGEMENTPORT: '0', LOGGING_LEVEL: 'silent', ...env },
  });
  const sidecar = new Sidecar(config);
  await sidecar.start();
  return {
    url: sidecar.addresses[0]!,
    managementUrl: sidecar.managementAddress!,
    sidecar,
    stop: () => sidecar.stop(),
  };
}
