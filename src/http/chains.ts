import type { Exchange } from './exchange.ts';
import type { ChainName } from './openapi.ts';

/** A step of a chain. A promise is returned only where something is really waited for. */
export type Stage = (exchange: Exchange) => void | Promise<void>;

/** The stages that need something from outside, made once by the application. */
export interface Stages {
  readonly ids: Stage;
  readonly origin: Stage;
  readonly specification: Stage;
  readonly body: Stage;
  readonly validator: Stage;
  readonly operation: Stage;
}

/**
 * The chain table: rows are stages in running order, columns are chains. Around all of them stands `exception`, the one
 * place that turns an error into an answer.
 */
export function createChains(stages: Stages): Readonly<Record<ChainName, readonly Stage[]>> {
  const x = true;
  const o = false;
  const table: readonly (readonly [Stage, Readonly<Record<ChainName, boolean>>])[] = [
    [stages.ids, /*           */ { default: x, admin: x, probe: x }],
    [stages.origin, /*        */ { default: x, admin: x, probe: o }],
    [stages.specification, /* */ { default: x, admin: x, probe: x }],
    [stages.body, /*          */ { default: x, admin: x, probe: x }],
    [stages.validator, /*     */ { default: x, admin: x, probe: x }],
    [stages.operation, /*     */ { default: x, admin: x, probe: x }],
  ];
  const column = (name: ChainName) => table.filter(([, chains]) => chains[name]).map(([stage]) => stage);
  return { default: column('default'), admin: column('admin'), probe: column('probe') };
}
