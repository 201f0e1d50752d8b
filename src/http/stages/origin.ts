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
  const { ip, allowedHosts } = options;
  const named = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const isServed = (name: string) => isLoopback(name) || name === ip || named.has(name);
  /** `Host` texts seen and found good; clients use one or two. */
  const known = new Set<string>();
  return ({ message }) => {
    const { host, origin } = message.headers;
    if (host === undefined) {
      if (message.httpVersionMinor > 0) throw new SidecarError('ERR12241', 'an HTTP/1.1 request needs a Host header');
    } else if (!known.has(host)) {
      if (!isServed(hostName(host))) {
        throw new SidecarError('ERR12234', `Host ${printable(host)} is not served; add it to server.allowedHosts`);
      }
      if (known.size < 100) known.add(host);
    }
    // Other ports of this machine are other origins: a page served there is foreign too.
    if (origin !== undefined && !isSameOrigin(origin, host) && !named.has(originName(origin))) {
      throw new SidecarError(
        'ERR12234',
        `Origin ${printable(origin)} is not this sidecar; pages of other origins may not call it`,
      );
    }
  };
}

const hostForm = /^(?:\[([0-9a-f:.]+)\]|([^:@/?#\s[\]]+))(?::\d{1,5})?$/;

/** The host's name without its port, lower case, brackets of an IPv6 address removed; empty for what is none. */
function hostName(host: string): string {
  const [, address, name] = hostForm.exec(host.toLowerCase()) ?? [];
  return address ?? name ?? '';
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
