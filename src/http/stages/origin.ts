import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Stage } from '../chains.ts';

export interface OriginOptions {
  /** The address listened on. */
  readonly ip: string;
  /** Further names clients may use in `Host`. */
  readonly allowedHosts: readonly string[];
}

/**
 * Keeps browser pages away while requests carry no token: `Host` must be a name of this machine (a page that rebinds its
 * own DNS name is refused), and a foreign `Origin` is refused.
 */
export function createOriginStage(options: OriginOptions): Stage {
  const allowed = new Set([options.ip, ...options.allowedHosts].map((host) => host.toLowerCase()));
  /** `Host` texts seen and found good; clients use one or two. */
  const known = new Set<string>();
  return (exchange) => {
    const { host, origin } = exchange.message.headers;
    if (host !== undefined && !known.has(host)) {
      const name = hostName(host);
      if (!isLoopback(name) && !allowed.has(name)) {
        throw new SidecarError('ERR12234', `Host ${printable(host)} is not served; add it to server.allowedHosts`);
      }
      if (known.size < 100) known.add(host);
    }
    if (origin !== undefined && !isSameOrigin(origin, host) && !allowed.has(originName(origin))) {
      throw new SidecarError(
        'ERR12234',
        `Origin ${printable(origin)} is not this sidecar; pages of other origins may not call it`,
      );
    }
  };
}

/** The host's name without its port, lower case, brackets of an IPv6 address removed. */
function hostName(host: string): string {
  const lower = host.toLowerCase();
  if (lower.startsWith('[')) return lower.slice(1, lower.indexOf(']'));
  const colon = lower.indexOf(':');
  return colon === -1 ? lower : lower.slice(0, colon);
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

function isSameOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

function originName(origin: string): string {
  return URL.canParse(origin) ? hostName(new URL(origin).host) : '';
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
