/**
 * Keys of light-4j that mean nothing here, so that a values.yml written for its sidecar is taken as it is: each is warned
 * about once. A pattern ends in `*`.
 */
const withoutEffect = `
  kafka-consumer.waitPeriod kafka-consumer.iteratorBackoffMs kafka-consumer.maxConsumerThreads
  kafka-producer.injectOpenTracing kafka-producer.topic sanitizer.* handler.* service.* client.* correlation.*
  traceability.* openapi-* validator.* body.* exception.* info.* audit-config.* portal.* config.* startup.* secret.*
  server.enableHttp2 server.ioThreads server.workerThreads server.bufferSize server.backlog server.keystoreName
  server.keystorePass server.keyPass server.truststoreName server.truststorePass server.serverString
  server.alwaysSetDate server.allowUnescapedCharactersInUrl server.enableRegistry server.dynamicPort server.minPort
  server.maxPort server.buildNumber server.startOnRegistryFailure server.mainClass server.bootstrapStoreName
  server.bootstrapStorePass server.maskConfigProperties server.bootstrapTruststoreName`;

/** Keys of capabilities that this version does not have. */
const notYet = `
  security.* metrics.* audit.* limit.* kafka-streams.* kafka-ksqldb.* kafka-admin.* prometheus.* chaos* backend.*
  health.enabled health.useJson health.timeout health.downstream* health.stallMs logging.logStart logging.downstream* kafka-producer.audit*
  kafka-consumer.topic kafka-consumer.topicPattern kafka-consumer.groupId
  kafka-consumer.backendApiHost kafka-consumer.backendApiPath kafka-consumer.backendConnectionReset
  kafka-consumer.deadLetterEnabled kafka-consumer.deadLetterTopicExt kafka-consumer.audit*
  kafka-consumer.batchRollbackThreshold kafka-consumer.batchRollbackMinRecords
  kafka-consumer.maxRetries kafka-consumer.retryDelayMs kafka-consumer.reactive`;

const compile = (keys: string) =>
  new RegExp(
    `^(?:${keys
      .trim()
      .split(/\s+/)
      .map((key) => key.replaceAll('.', '\\.').replaceAll('*', '.*'))
      .join('|')})$`,
  );

const withoutEffectForm = compile(withoutEffect);
const notYetForm = compile(notYet);

/** Why a key that no section has is taken without complaint; undefined when it is simply unknown. */
export function knownElsewhere(key: string): string | undefined {
  if (withoutEffectForm.test(key)) return 'has no effect in this sidecar';
  return notYetForm.test(key) ? 'is not supported by this version yet and has no effect' : undefined;
}

/** Class names in light-4j's list of startup hooks, and the switch each stands for. */
export const startupHooks: readonly { readonly suffix: string; readonly key: string }[] = [
  { suffix: '.ProducerStartupHook', key: 'kafka-producer.enabled' },
  { suffix: '.ActiveConsumerStartupHook', key: 'kafka-consumer.activeEnabled' },
];

export const hookListKeys = [
  'service.com.networknt.server.StartupHookProvider',
  'com.networknt.server.StartupHookProvider',
];
