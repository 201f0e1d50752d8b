import type { Logger } from './logging.ts';

/** Something with a lifetime. Whoever starts it stops it. */
export interface Resource {
  readonly name: string;
  /** Resolves when usable, or when it keeps trying by itself (an absent broker is no failure to start). */
  start(): Promise<void>;
  /**
   * Releases everything it opened. Resolves by `deadline` (epoch ms, `Date.now()` scale) at the latest and does not throw
   * for things already closed.
   */
  stop(deadline: number): Promise<void>;
}

/** Starts resources in order; when one fails, stops those already started, in reverse, and rethrows. */
export async function startAll(resources: readonly Resource[], logger: Logger): Promise<void> {
  const started: Resource[] = [];
  for (const resource of resources) {
    try {
      await resource.start();
      started.push(resource);
    } catch (error) {
      await stopAll(started, Date.now() + 5_000, logger);
      throw error;
    }
  }
}

/** Stops resources in reverse order; one that fails to stop is logged and does not keep the others open. */
export async function stopAll(resources: readonly Resource[], deadline: number, logger: Logger): Promise<void> {
  for (const resource of resources.toReversed()) {
    try {
      await resource.stop(deadline);
    } catch (error) {
      logger.error({ err: error, resource: resource.name }, 'resource did not stop cleanly');
    }
  }
}
