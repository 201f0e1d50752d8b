import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Stage } from '../chains.ts';

/**
 * Makes sure that the specification has an operation for the request and that its answers suit the client.
 *
 * @param methodsOf the methods the specification has for a path; empty for an unknown path
 */
export function createSpecificationStage(methodsOf: (path: string) => readonly string[]): Stage {
  return (exchange) => {
    const { operation, message } = exchange;
    if (exchange.path.includes('%') && !isDecodable(exchange.path)) {
      throw new SidecarError('ERR11004', 'the path is not percent-encoded UTF-8');
    }
    if (operation === undefined || operation.method !== message.method) {
      const methods = methodsOf(exchange.path);
      if (methods.length === 0) throw new SidecarError('ERR10007', `no such path: ${shown(exchange.path)}`);
      throw new SidecarError(
        'ERR10008',
        `${shown(exchange.path)} takes ${methods.join(', ')}, not ${shown(message.method ?? '')}`,
        { headers: { Allow: methods.join(', ') } },
      );
    }
    const { accept } = message.headers;
    if (accept !== undefined && accept !== '' && accept !== '*/*' && !accepts(accept, operation.produces)) {
      throw new SidecarError('ERR12239', `the answer is ${operation.produces.join(', ')}, which Accept excludes`);
    }
  };
}

/** Whether an Accept header (RFC 9110 §12.5.1) admits one of the media types, or the JSON of an error. */
function accepts(accept: string, produces: readonly string[]): boolean {
  const ranges = accept.split(',').map(parseRange);
  return produces.some((type) => qualityOf(type, ranges) > 0);
}

interface MediaRange {
  readonly range: string;
  readonly quality: number;
}

function parseRange(text: string): MediaRange {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  return { range, quality: weight === undefined ? 1 : Number(weight.slice(2)) };
}

/** The most specific range that covers the type decides. */
function qualityOf(type: string, ranges: readonly MediaRange[]): number {
  const candidates = [type, `${type.slice(0, type.indexOf('/'))}/*`, '*/*'];
  for (const candidate of candidates) {
    const found = ranges.find(({ range }) => range === candidate);
    if (found !== undefined) return found.quality;
  }
  return 0;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function shown(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
