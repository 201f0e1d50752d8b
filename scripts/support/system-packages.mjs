// System packages: installed by root on Debian and its like, named in one copyable command for everybody else.
import { spawnSync } from 'node:child_process';
import { fail, hasCommand, runQuietly, say } from './shell.mjs';

/** A Debian package that is there, or a reason to install it. */
export function isInstalled(debianPackage) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', debianPackage], { encoding: 'utf8' });
  return stdout?.trim() === 'installed';
}

export const isDebian = () => hasCommand('apt-get') && hasCommand('dpkg-query');

export const canInstall = () => isDebian() && process.getuid?.() === 0;

/** The command that installs packages, to be copied. */
export function installCommand(packages) {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/** Installs Debian packages as root, saying which and why. Ends the process where that fails. */
export async function installPackages(packages, reason) {
  say(`Installing system packages (${reason}): ${packages.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => runQuietly('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  let { ok, output } = await install();
  if (!ok) {
    // The package lists of a fresh image are empty or old.
    await runQuietly('apt-get', ['update'], { env });
    ({ ok, output } = await install());
  }
  if (!ok) fail(`apt-get could not install ${packages.join(' ')}:\n${output}`);
}
