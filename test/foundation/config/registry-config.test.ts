import { describe, expect, it } from '@jest/globals';
import { faultsOf, load, type Given } from './config-directory.ts';

const plain = {
  urls: ['http://registry:8081'],
  cacheSize: 1_000,
  autoRegister: true,
  requestTimeoutMs: 5_000,
  latestTtlMs: 30_000,
  credentials: undefined,
  caFile: undefined,
  keyStoreFile: undefined,
  keyStorePassword: undefined,
};

/** The registries of producer and consumer. */
const registriesOf = (given: Given) => {
  const { kafkaProducer, kafkaConsumer } = load(given).config;
  return [kafkaProducer.registry, kafkaConsumer.registry];
};
const urlsOf = (url: string) => registriesOf({ env: { SCHEMA_REGISTRY_URL: url } })[0]?.urls;

describe('the schema registry', () => {
  it('is none where no address is given', () => {
    expect([
      registriesOf({}),
      registriesOf({ env: { SCHEMA_REGISTRY_URL: '' } }),
      registriesOf({ env: { SCHEMA_REGISTRY_URL: ' , ' } }),
    ]).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it('named once serves producer and consumer, from the environment or a file', () => {
    const address = 'http://registry:8081';
    expect([
      registriesOf({ env: { SCHEMA_REGISTRY_URL: address } }),
      registriesOf({ values: `schema.registry.url: ${address}` }),
      registriesOf({ files: { 'schema.yml': `registry.url: ${address}` } }),
    ]).toEqual([
      [plain, plain],
      [plain, plain],
      [plain, plain],
    ]);
  });

  it('may have several addresses, with or without paths, none ending in a slash', () => {
    expect([
      urlsOf('http://a:1, https://b:2/ ,http://c/base/path//'),
      urlsOf('https://registry.example'),
      urlsOf('HTTP://Registry:80/'),
      urlsOf('http://[::1]:8081'),
    ]).toEqual([
      ['http://a:1', 'https://b:2', 'http://c/base/path'],
      ['https://registry.example'],
      ['http://registry'],
      ['http://[::1]:8081'],
    ]);
  });

  it('may have user and password in its address, decoded, or beside it', () => {
    const credentialsOf = (env: Record<string, string>) => registriesOf({ env })[0];
    expect([
      credentialsOf({ SCHEMA_REGISTRY_URL: 'http://alice:p%40ss%3A%2F@registry:8081/' }),
      credentialsOf({
        SCHEMA_REGISTRY_URL: 'http://registry:8081',
        SCHEMA_REGISTRY_USERNAME: 'bob',
        SCHEMA_REGISTRY_PASSWORD: 'pa:ss',
      }),
      credentialsOf({
        SCHEMA_REGISTRY_URL: 'http://alice:a@registry:8081',
        SCHEMA_REGISTRY_USERNAME: 'bob',
        SCHEMA_REGISTRY_PASSWORD: 'b',
      }),
    ]).toEqual([
      { ...plain, credentials: { username: 'alice', password: 'p@ss:/' } },
      { ...plain, credentials: { username: 'bob', password: 'pa:ss' } },
      { ...plain, credentials: { username: 'bob', password: 'b' } },
    ]);
  });

  // A percent sign that begins no escape ended the start with a URIError in place of a list of faults.
  it('may have a password with any character that an address takes', () => {
    expect(registriesOf({ env: { SCHEMA_REGISTRY_URL: 'http://alice:100%@registry:8081' } })[0]?.credentials).toEqual({
      username: 'alice',
      password: '100%',
    });
  });

  it('takes all its settings', () => {
    const env = {
      SCHEMA_REGISTRY_URL: 'https://registry',
      SCHEMA_REGISTRY_CACHE: '7',
      SCHEMA_REGISTRY_AUTO_REGISTER_SCHEMAS: 'false',
      SCHEMA_REGISTRY_REQUESTTIMEOUTMS: '100',
      SCHEMA_REGISTRY_LATESTTTLMS: '0',
      SCHEMA_REGISTRY_SSL_TRUSTSTORE_LOCATION: '/tls/ca.pem',
      SCHEMA_REGISTRY_SSL_KEYSTORE_LOCATION: '/tls/client.p12',
      SCHEMA_REGISTRY_SSL_KEYSTORE_PASSWORD: 's3cret',
    };
    expect(registriesOf({ env })[1]).toEqual({
      urls: ['https://registry'],
      cacheSize: 7,
      autoRegister: false,
      requestTimeoutMs: 100,
      latestTtlMs: 0,
      credentials: undefined,
      caFile: '/tls/ca.pem',
      keyStoreFile: '/tls/client.p12',
      keyStorePassword: 's3cret',
    });
  });
});

describe('a registry that cannot be', () => {
  const faultOf = (url: string) => faultsOf({ env: { SCHEMA_REGISTRY_URL: url } });
  const both = (fault: string) => [
    `kafka-producer: schema.registry.${fault}`,
    `kafka-consumer: schema.registry.${fault}`,
  ];

  it.each(['registry:8081', 'ftp://registry', 'http://', 'http://a,registry', 'http://a b', 'file:///etc/passwd'])(
    'is refused for the address %s',
    (url) => {
      expect(faultOf(url)).toEqual(
        both(`url must be an http or https address, or several with commas between; it is ${url}`),
      );
    },
  );

  it.each([
    'ftp://alice:s3cret@registry',
    'alice:s3cret@registry:8081',
    'http://alice:s3/cret@registry:8081',
    'http://a:1,b:s3cret@registry',
  ])('is refused without its password: %s', (url) => {
    const faults = faultOf(url);
    expect([faults.length, faults.filter((fault) => /s3|cret/.test(fault))]).toEqual([2, []]);
  });

  it('is refused with a user or a password alone', () => {
    const fault = both('username and schema.registry.password must be set together');
    const env = { SCHEMA_REGISTRY_URL: 'http://registry' };
    expect([
      faultsOf({ env: { ...env, SCHEMA_REGISTRY_USERNAME: 'a' } }),
      faultsOf({ env: { ...env, SCHEMA_REGISTRY_PASSWORD: 'a' } }),
      faultOf('http://alice@registry'),
    ]).toEqual([fault, fault, fault]);
  });

  it('is refused for files of another kind, all faults at once', () => {
    const env = {
      SCHEMA_REGISTRY_URL: 'http://registry',
      SCHEMA_REGISTRY_SSL_TRUSTSTORE_LOCATION: '/tls/trust.jks',
      SCHEMA_REGISTRY_SSL_KEYSTORE_LOCATION: '/tls/key.jks',
      SCHEMA_REGISTRY_CACHE: '0',
      SCHEMA_REGISTRY_LATESTTTLMS: '-1',
    };
    expect(faultsOf({ env }).toSorted()).toEqual(
      [
        'environment SCHEMA_REGISTRY_CACHE: schema.registry.cache must be a whole number from 1 to 1000000, not "0"',
        'environment SCHEMA_REGISTRY_LATESTTTLMS: schema.registry.latestTtlMs must be a whole number from 0 to 2147483647, not "-1"',
        ...both('ssl.truststore.location must be a PEM file: .pem, .crt or .cer'),
        ...both('ssl.keystore.location must be a PKCS#12 file: .p12 or .pfx'),
      ].toSorted(),
    );
  });

  it('does not hinder what has none', () => {
    expect(
      faultsOf({ env: { SCHEMA_REGISTRY_SSL_TRUSTSTORE_LOCATION: '/tls/trust.jks', SCHEMA_REGISTRY_USERNAME: 'a' } }),
    ).toEqual([]);
  });
});
