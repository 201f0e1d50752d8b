import type { Config } from './foundation/config/config.ts';
import type { Sidecar } from './sidecar.ts';

/** With a registry the default format asks for a schema, which the topic need not have. */
const trialBody = '{"keyFormat":"STRING","valueFormat":"JSON","records":[{"key":"alice","value":{"count":2}}]}';

/** Tells what runs, where and on which broker: a person with a line to try, a collector of JSON lines in one of them. */
export function announce(sidecar: Sidecar, config: Config): void {
  const isCollected = config.isProduction && !sidecar.logsPretty;
  if (!isCollected && config.logging.format !== 'json') printBanner(sidecar, config);
  else {
    const { addresses, brokerDescription: broker, managementAddress: management, version } = sidecar;
    sidecar.logger.info({ version, addresses, management, broker }, 'listening');
  }
}

function printBanner(sidecar: Sidecar, config: Config): void {
  const [address = ''] = sidecar.addresses;
  const lines = [
    '',
    `  Kafka sidecar ${sidecar.version}`,
    `  listening   ${sidecar.addresses.join('  ')}`,
    `  broker      ${sidecar.brokerDescription}`,
    ...registryLines(config),
    `  API docs    ${address}/specui.html`,
    `  readiness   ${address}/health/readiness`,
    '',
    '  Try it:',
    `  curl -s ${address}/producers/test1 -H 'content-type: application/json' -d '${trialBody}'`,
    '',
  ];
  if (config.embedded) {
    const hint = 'nothing survives the process; set KAFKA_BOOTSTRAP_SERVERS for a real one';
    lines.splice(4, 0, `              ${hint}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

function registryLines({ kafkaProducer, kafkaConsumer }: Config): string[] {
  const registry = kafkaProducer.registry ?? kafkaConsumer.registry;
  return registry === undefined ? [] : [`  schemas     ${registry.urls.join('  ')}`];
}
