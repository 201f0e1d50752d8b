import { ConfigError, loadConfig } from './foundation/config/load-config.ts';
import { announce } from './banner.ts';
import { Sidecar } from './sidecar.ts';

/** Exit code of a process that was told to stop and did not manage in its grace period. */
const exitUnclean = 1;
/** Beyond the grace period, the time after which the process ends whatever still runs, milliseconds. */
const forcedExitMarginMs = 1_000;

async function main(): Promise<void> {
  // Whoever read the log may be gone; that ends no sidecar.
  process.stdout.on('error', () => undefined);
  const { config, warnings } = loadConfig({ argv: process.argv.slice(2), env: process.env });
  const sidecar = new Sidecar(config);
  for (const warning of warnings) sidecar.logger.warn({ key: warning }, 'configuration key without effect');
  // Before the start: the first process of a container would not hear a signal that came during it.
  const starting = sidecar.start();
  stopOnSignal(sidecar, starting, config.server.shutdownGracefulPeriod + config.server.shutdownDelayMs);
  await starting;
  announce(sidecar, config);
}

/** What is being started is started first, then stopped. */
function stopOnSignal(sidecar: Sidecar, starting: Promise<void>, periodMs: number): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) return;
    isStopping = true;
    sidecar.logger.info({ signal }, 'stopping');
    setTimeout(() => process.exit(exitUnclean), periodMs + forcedExitMarginMs).unref();
    starting
      .then(() => sidecar.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          sidecar.logger.error({ err: error }, 'did not stop cleanly');
          process.exit(exitUnclean);
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : errorText(error)}\n`);
  process.exit(1);
});

function errorText(error: unknown): string {
  return error instanceof Error ? `cannot start: ${error.message}` : String(error);
}
