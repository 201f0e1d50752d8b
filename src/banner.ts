import type { Config } from './foundation/config/config.ts';
import type { Sidecar } from './sidecar.ts';

const trialBody = '{"records":[{"key":"alice","value":{"count":2}}]}';

/** Tells a person what runs, where, on which broker, and one line to try. */
export function printBanner(sidecar: Sidecar, config: Config): void {
  const [address = ''] = sidecar.addresses;
  const lines = [
    '',
    `  Kafka sidecar ${sidecar.version}`,
    `  listening   ${sidecar.addresses.join('  ')}`,
    `  broker      ${sidecar.brokerDescription}`,
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
