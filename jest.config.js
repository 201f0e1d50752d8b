const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'es6' } },
    ],
  },
};
const onRealKafka = {
  ...shared,
  globalSetup: '<rootDir>/test/support/shared-kafka.ts',
  globalTeardown: '<rootDir>/test/support/stop-shared-kafka.ts',
};
const within = (...folders) => folders.map((folder) => `<rootDir>/test/${folder}`);

/** @type {import('jest').Config} */
export default {
  testTimeout: 30_000,
  projects: [
    { ...shared, displayName: 'fast', roots: within('foundation', 'clients', 'http', 'modules', 'e2e') },
    { ...onRealKafka, displayName: 'kafka', roots: within('integration') },
    { ...shared, displayName: 'faults', roots: within('faults') },
    { ...shared, displayName: 'soak', roots: within('soak') },
  ],
};
