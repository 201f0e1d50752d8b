import type { RequestListener } from 'node:http';
import type { Logger } from '../foundation/logging.ts';
import type { Operations } from '../modules/module.ts';
import { createChains } from './chains.ts';
import { createDoors, createMethodLookup } from './doors.ts';
import type { ChainName, Specification } from './openapi.ts';
import { joinOperations } from './operations.ts';
import type { FixedHeaders } from './respond.ts';
import { createBodyStage } from './stages/body.ts';
import { createExceptionStage } from './stages/exception.ts';
import { ids } from './stages/ids.ts';
import { operation } from './stages/operation.ts';
import { createOriginStage, type OriginOptions } from './stages/origin.ts';
import { createSpecificationStage } from './stages/specification.ts';
import { validator } from './stages/validator.ts';

export interface AppOptions {
  readonly specifications: readonly Specification[];
  readonly modules: readonly Operations[];
  readonly origin: OriginOptions;
  /** Largest request body, bytes. */
  readonly maxBodyBytes: number;
  /** What is kept of all bodies that are being received, bytes. */
  readonly maxReceivingBytes: number;
  readonly fixedHeaders: FixedHeaders;
  readonly logger: Logger;
  /** Serves the operations of these chains only; the others count as unknown paths. All when absent. */
  readonly onlyChains?: readonly ChainName[];
}

/** Puts stages, chains and doors together: the function that serves every request of a listener. */
export function createApp(options: AppOptions): RequestListener {
  const { specifications, modules, origin, maxBodyBytes, maxReceivingBytes, fixedHeaders, logger, onlyChains } =
    options;
  const joined = joinOperations(
    specifications.flatMap((specification) => specification.operations),
    modules,
  );
  const operations = joined.filter(({ chain }) => onlyChains === undefined || onlyChains.includes(chain));
  const chains = createChains({
    ids,
    origin: createOriginStage(origin),
    specification: createSpecificationStage(createMethodLookup(operations)),
    body: createBodyStage(maxBodyBytes, maxReceivingBytes),
    validator,
    operation,
  });
  return createDoors({ operations, chains, exception: createExceptionStage(logger), fixedHeaders });
}

/** Which chain an operation's path belongs to. */
export function chainOf(path: string): ChainName {
  if (path.startsWith('/health/')) return 'probe';
  if (path.startsWith('/adm/') || path.startsWith('/spec')) return 'admin';
  return 'default';
}
