import type { SectionValues } from './field.ts';
import type { schemaFields } from './sections.ts';

/** How to reach a schema registry and what to keep of it. */
export interface RegistryConfig {
  /** Tried in order until one answers; no slash at the end, no credentials within. */
  readonly urls: readonly string[];
  /** How many ids, versions, subjects and texts are remembered, each. */
  readonly cacheSize: number;
  /** A schema given as text is registered where the registry does not have it. */
  readonly autoRegister: boolean;
  /** Deadline of one call, milliseconds. */
  readonly requestTimeoutMs: number;
  /** How long the latest version of a subject is remembered, milliseconds. */
  readonly latestTtlMs: number;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  /** PEM file with the authorities that sign the registry's certificate. */
  readonly caFile: string | undefined;
  /** PKCS#12 file with the client certificate. */
  readonly keyStoreFile: string | undefined;
  readonly keyStorePassword: string | undefined;
}

/** Compiles the values of the section `schema`, those of a client section laid over them; undefined without a registry. */
export function compileRegistry(
  values: SectionValues<typeof schemaFields>,
  section: string,
  faults: string[],
): RegistryConfig | undefined {
  const fault = (text: string) => faults.push(`${section}: schema.registry.${text}`);
  const given = values['registry.url']
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
  if (given.length === 0) return undefined;
  if (given.some((url) => !/^https?:/i.test(url) || !URL.canParse(url))) {
    // What holds an @ may hold a password.
    const shown = given.some((url) => url.includes('@')) ? '' : `; it is ${values['registry.url']}`;
    fault(`url must be an http or https address, or several with commas between${shown}`);
    return undefined;
  }
  const urls = given.map((url) => new URL(url));
  const username = values['registry.username'] || decoded(urls[0]!.username);
  const password = values['registry.password'] || decoded(urls[0]!.password);
  if ((username === '') !== (password === '')) fault('username and schema.registry.password must be set together');
  const caFile = values['registry.ssl.truststore.location'];
  if (caFile !== '' && !/\.(pem|crt|cer)$/i.test(caFile))
    fault('ssl.truststore.location must be a PEM file: .pem, .crt or .cer');
  const keyStoreFile = values['registry.ssl.keystore.location'];
  if (keyStoreFile !== '' && !/\.(p12|pfx)$/i.test(keyStoreFile)) {
    fault('ssl.keystore.location must be a PKCS#12 file: .p12 or .pfx');
  }
  return {
    urls: urls.map(({ protocol, host, pathname }) => `${protocol}//${host}${pathname.replace(/\/+$/, '')}`),
    cacheSize: values['registry.cache'],
    autoRegister: values['registry.auto.register.schemas'],
    requestTimeoutMs: values['registry.requestTimeoutMs'],
    latestTtlMs: values['registry.latestTtlMs'],
    credentials: username === '' ? undefined : { username, password },
    caFile: caFile || undefined,
    keyStoreFile: keyStoreFile || undefined,
    keyStorePassword: values['registry.ssl.keystore.password'] || undefined,
  };
}

/** A percent sign that begins no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
