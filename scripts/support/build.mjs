import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, root, runQuietly } from './shell.mjs';

/** Compiles src to dist. Ends the process with the compiler's message where that fails; dist stays as it was then. */
export async function build() {
  const fresh = join(root, `dist.${process.pid}`);
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { ok, output } = await runQuietly(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', fresh]);
  if (!ok) {
    rmSync(fresh, { recursive: true, force: true });
    fail(`src does not compile:\n${output}`);
  }
  // What was removed from src must not live on in dist.
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  renameSync(fresh, join(root, 'dist'));
}
