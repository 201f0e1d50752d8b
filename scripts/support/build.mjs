import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, root, runQuietly } from './shell.mjs';

/** Compiles src to dist. Ends the process with the compiler's message where that fails. */
export async function build() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { ok, output } = await runQuietly(process.execPath, [compiler, '-p', 'tsconfig.build.json']);
  if (!ok) fail(`src does not compile:\n${output}`);
}
