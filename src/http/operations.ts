import type { Handler, Operations } from '../modules/module.ts';
import type { SpecifiedOperation } from './openapi.ts';

/** One operation of the specification joined with the module function that serves it. */
export interface Operation extends SpecifiedOperation {
  /** The module reads the body's bytes itself and answers for their validity. */
  readonly readsOwnBytes: boolean;
  readonly handler: Handler;
}

/** Operations on the hot path take the door without koa. */
const hotOperationIds = new Set(['produceRecords', 'readRecords', 'commitOffsets']);
const bodyScanningOperationIds = new Set(['produceRecords']);

export function isHot(operation: Operation): boolean {
  return hotOperationIds.has(operation.operationId);
}

/**
 * Joins the specification with the modules' handlers.
 *
 * @throws Error when an operationId has no handler or two, or a handler has no operation: a fault of this build.
 */
export function joinOperations(specified: readonly SpecifiedOperation[], modules: readonly Operations[]): Operation[] {
  const handlers = new Map<string, Handler>();
  const faults: string[] = [];
  for (const operations of modules) {
    for (const [operationId, handler] of Object.entries(operations)) {
      if (handlers.has(operationId)) faults.push(`${operationId} has two handlers`);
      handlers.set(operationId, handler);
    }
  }
  const joined: Operation[] = [];
  for (const operation of specified) {
    const handler = handlers.get(operation.operationId);
    if (handler === undefined) {
      faults.push(`${operation.operationId} has no handler`);
      continue;
    }
    handlers.delete(operation.operationId);
    joined.push({
      ...operation,
      handler,
      readsOwnBytes: bodyScanningOperationIds.has(operation.operationId),
    });
  }
  for (const operationId of handlers.keys()) faults.push(`${operationId} stands in no specification`);
  if (faults.length > 0) throw new Error(`specification and handlers differ: ${faults.join('; ')}`);
  return joined;
}
