import type { ErrorObject } from 'ajv';
import type { StatusCode } from '../../foundation/errors/status-table.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Exchange } from '../exchange.ts';
import type { ValidatedInput } from '../openapi.ts';

const wholeNumber = /^-?\d+$/;

/** Checks path, query and parsed body against the operation's schemas; the first fault is answered with its place. */
export function validator(exchange: Exchange): void {
  const operation = exchange.operation!;
  const query = readQuery(exchange);
  const input: ValidatedInput = { path: exchange.pathParameters, query, requestBody: exchange.json };
  const fault =
    operation.validateParameters(input) ?? (exchange.json === undefined ? undefined : operation.validateBody(input));
  if (fault !== undefined) throw refusal(fault);
  checkNumbers(query, exchange.query);
}

function readQuery(exchange: Exchange): Record<string, unknown> {
  const url = exchange.message.url ?? '';
  const mark = url.indexOf('?');
  if (mark === -1) return {};
  exchange.query = new URLSearchParams(url.slice(mark + 1));
  const query: Record<string, unknown> = {};
  for (const [name, value] of exchange.query) {
    if (Object.hasOwn(query, name)) {
      throw new SidecarError('ERR11004', `query parameter ${JSON.stringify(name)} is given twice`);
    }
    Object.defineProperty(query, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return query;
}

/** The validator turned texts into numbers by JavaScript's rules; only plain digits are meant. */
function checkNumbers(coerced: Record<string, unknown>, given: URLSearchParams): void {
  for (const [name, value] of Object.entries(coerced)) {
    if (typeof value === 'number' && !wholeNumber.test(given.get(name) ?? '')) {
      throw new SidecarError('ERR11004', `query parameter ${name} must be a whole number`);
    }
  }
}

function refusal(fault: ErrorObject): SidecarError {
  const place = placeOf(fault);
  return new SidecarError(codeOf(fault), `${place} ${reasonOf(fault)}`);
}

function codeOf(fault: ErrorObject): StatusCode {
  if (fault.keyword !== 'required') return 'ERR11004';
  if (fault.instancePath === '/query') return 'ERR11000';
  return fault.instancePath === '/path' ? 'ERR11001' : 'ERR11004';
}

function placeOf(fault: ErrorObject): string {
  const [, root = '', ...rest] = fault.instancePath.split('/');
  if (root === 'requestBody') return rest.length === 0 ? 'body' : `body #/${rest.join('/')}`;
  if (rest.length === 0) return root === '' ? 'request' : `${root} parameters`;
  return `${root} parameter ${rest.join('/')}`;
}

function reasonOf(fault: ErrorObject): string {
  const { keyword, message = 'is not valid' } = fault;
  const parameters = fault.params as Record<string, unknown>;
  if (keyword === 'additionalProperties') {
    return `must not have ${JSON.stringify(parameters['additionalProperty'])}: no such field`;
  }
  if (keyword === 'enum') return `must be one of ${JSON.stringify(parameters['allowedValues'])}`;
  const description = (fault.parentSchema as { description?: string } | undefined)?.description;
  if ((keyword === 'pattern' || keyword === 'anyOf' || keyword === 'format') && description !== undefined) {
    return `is not as it must be. ${description}`;
  }
  if (keyword === 'oneOf' && parameters['passingSchemas'] !== undefined) return `must not give alternatives together`;
  return message;
}
