// Generates docs/configuration.md from the sections in src/foundation/config and the templates in config.
//
//   node scripts/config-docs.mjs           writes the page
//   node scripts/config-docs.mjs --check   exits with 1 where the page differs
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { register } from 'tsx/esm/api';
import { parse } from 'yaml';
import { fail, root } from './support/shell.mjs';

register();
const { allowed } = await import('../src/foundation/config/field.ts');
const { environmentName } = await import('../src/foundation/config/placeholders.ts');
const { clientSections, sections } = await import('../src/foundation/config/sections.ts');

const page = join(root, 'docs', 'configuration.md');
const placeholder = /^\$\{([^:}]+):([^}]*)\}$/;

const intro = `# Configuration

Generated from \`src/foundation/config\` and \`config/\` by \`npm run docs:config\`; do not edit.

## Where values come from

Each section has a template \`config/<section>.yml\`, whose values are placeholders \`\${section.key:default}\`. A value is taken
from the first of these that has it:

1. the environment: the key in upper case, every character outside A–Z and 0–9 as \`_\`, so that
   \`kafka-producer.linger.ms\` is \`KAFKA_PRODUCER_LINGER_MS\`;
2. \`values.yml\` in the directory that \`--config-dir\` or \`LIGHT_4J_CONFIG_DIR\` names; nested maps and dotted keys mean
   the same;
3. \`<section>.yml\` in that directory, which replaces the template of that section;
4. the default.

An empty value counts as not set. A wrong type, an unknown key or half of a pair stops the start with one message that lists
every fault: file, key, what is allowed. Keys of light-4j that mean nothing here, and those of capabilities that this version
does not have, are warned about once.

\`\`\`yaml
# values.yml
kafka.bootstrap.servers: kafka-1:9092,kafka-2:9092
server:
  httpPort: 9080
kafka-producer:
  properties:
    compression.type: lz4
\`\`\`

\`\`\`sh
npm start -- --config-dir /etc/kafka-sidecar
\`\`\`

Taken and not used by this version: \`server.environment\` and \`admin.destructive\`.

\`NODE_ENV=production\` makes \`kafka.bootstrap.servers\` obligatory: the embedded broker is for trying things out.
`;

const propertiesText = (section) => `
### Kafka client properties of ${section}

Any librdkafka property, and the Java client's where it has a counterpart, under \`properties\` of the section, as
\`${section}.<property>\` in \`values.yml\`, or in the environment. Unknown ones are refused by name. The template lists these:
`;

let text = intro;
for (const [name, fields] of Object.entries(sections)) {
  text += `\n## ${name}\n\nTemplate \`config/${name}.yml\`.\n\n${fieldTable(name, fields)}`;
  if (clientSections.includes(name)) text += `${propertiesText(name)}\n${propertyTable(name)}`;
}
text = await format(text, { ...(await resolveConfig(page)), parser: 'markdown' });

if (!process.argv.includes('--check')) {
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, text);
} else if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
  fail('docs/configuration.md differs from the sections; run npm run docs:config');
}

function fieldTable(section, fields) {
  const rows = Object.entries(fields).map(([key, field]) => {
    const name = `${section}.${key}`;
    return [code(name), code(environmentName(name)), allowed(field), defaultText(field), field.description];
  });
  return table(['Key', 'Environment variable', 'Allowed', 'Default', 'Description'], rows);
}

function propertyTable(section) {
  const { properties } = parse(readFileSync(join(root, 'config', `${section}.yml`), 'utf8'));
  const rows = Object.entries(properties).map(([property, value]) => {
    const [, key, fallback] = placeholder.exec(value) ?? fail(`${section}.yml: ${property} is no placeholder`);
    return [code(property), code(key), code(environmentName(key)), fallback === '' ? 'not set' : code(fallback)];
  });
  return table(['Property', 'Key', 'Environment variable', 'Default'], rows);
}

function defaultText({ default: value }) {
  if (value === undefined || value === '' || value.length === 0) return 'not set';
  return code(String(value));
}

function table(titles, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return line(titles) + line(titles.map(() => '---')) + rows.map(line).join('');
}

function code(value) {
  return `\`${value}\``;
}
