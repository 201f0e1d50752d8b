// npm run check: format, types, lint, layers and what is generated, side by side; every failure is printed.
import { bootstrap } from './bootstrap.mjs';
import { runQuietly, say } from './support/shell.mjs';

const checks = ['format:check', 'typecheck', 'lint', 'layers', 'openapi:check', 'docs:config:check'];

await bootstrap();
const results = await Promise.all(
  checks.map(async (name) => ({ name, ...(await runQuietly('npm', ['run', '--silent', name])) })),
);
for (const { name, ok, output } of results) {
  say(`${name}: ${ok ? 'ok' : 'FAILED'}`);
  if (!ok) process.stderr.write(`${output}\n`);
}
if (results.some(({ ok }) => !ok)) process.exitCode = 1;
