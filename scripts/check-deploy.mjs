// Validates Dockerfile, compose file, Kubernetes manifests and Helm chart with the tools that are on the PATH, and says
// which are missing. Not part of npm run check, since none of the tools comes with the project. No dependencies.
//
//   node scripts/check-deploy.mjs [--no-skips]
//
// Tools: hadolint, docker compose, helm, kustomize or kubectl, kubeconform. KUBECONFORM_SCHEMAS names another place for
// kubeconform's schemas than the one it downloads them from.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCommand, root } from './support/shell.mjs';

/** The oldest with native sidecars, and a recent one. */
const kubernetesVersions = ['1.29.0', '1.34.0'];
const chart = join(root, 'deploy/helm/kafka-sidecar');
const manifests = join(root, 'deploy/kubernetes');
const schemas = process.env.KUBECONFORM_SCHEMAS;

const counts = { passed: 0, failed: 0, skipped: 0 };
const has = {
  hadolint: hasCommand('hadolint'),
  dockerCompose: hasCommand('docker', ['compose', 'version']),
  compose: hasCommand('docker-compose'),
  helm: hasCommand('helm', ['version']),
  kustomize: hasCommand('kustomize', ['version']),
  kubectl: hasCommand('kubectl', ['kustomize', '--help']),
  kubeconform: hasCommand('kubeconform', ['-v']),
};

checkDockerfiles();
checkCompose();
checkManifests();
checkChart();
checkOwnChart();
const { passed, failed, skipped } = counts;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
if (failed > 0 || (process.argv.includes('--no-skips') && skipped > 0)) process.exitCode = 1;

function checkDockerfiles() {
  if (!has.hadolint) return skip('Dockerfiles', 'hadolint');
  for (const file of ['Dockerfile', 'examples/orders/Dockerfile']) run(`hadolint ${file}`, 'hadolint', [file]);
}

function checkCompose() {
  if (!has.dockerCompose && !has.compose) return skip('docker-compose.yml', 'docker compose');
  const [command, ...first] = has.dockerCompose ? ['docker', 'compose'] : ['docker-compose'];
  run('docker compose config', command, [...first, '--profile', '*', 'config', '--quiet']);
}

function checkManifests() {
  const command = has.kustomize ? ['kustomize', 'build'] : ['kubectl', 'kustomize'];
  const built =
    has.kustomize || has.kubectl
      ? run(`${command.join(' ')} deploy/kubernetes`, command[0], [command[1], manifests])
      : skip('kustomization', 'kustomize or kubectl');
  if (built !== undefined) conform('deploy/kubernetes', built);
  // Not part of the kustomization.
  conform('secret.example.yaml', undefined, [join(manifests, 'secret.example.yaml')]);
}

function checkChart() {
  if (!has.helm) return skip('Helm chart', 'helm');
  for (const name of readdirSync(join(chart, 'ci'))) {
    const values = ['--values', join(chart, 'ci', name)];
    run(`helm lint, ${name}`, 'helm', ['lint', chart, '--strict', ...atVersion(kubernetesVersions[0]), ...values]);
    render(chart, name, values);
  }
}

/** A chart that includes the container, with the other one as its dependency. */
function checkOwnChart() {
  if (!has.helm) return;
  const folder = mkdtempSync(join(tmpdir(), 'check-deploy-'));
  try {
    cpSync(join(root, 'deploy/helm'), folder, { recursive: true });
    const example = join(folder, 'example');
    const isBuilt = run('helm dependency build', 'helm', ['dependency', 'build', example]) !== undefined;
    if (isBuilt) render(example, 'deploy/helm/example', []);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function render(folder, name, values) {
  for (const version of kubernetesVersions) {
    const args = ['template', 'orders', folder, ...atVersion(version), ...values];
    const text = run(`helm template, ${name}, Kubernetes ${version}`, 'helm', args);
    if (text !== undefined) conform(name, text, [], [version]);
  }
}

function atVersion(version) {
  return ['--kube-version', version];
}

/** Holds Kubernetes objects, as text or files, to the schemas of Kubernetes. */
function conform(name, text, files = [], versions = kubernetesVersions) {
  if (!has.kubeconform) return skip(`schemas of ${name}`, 'kubeconform');
  for (const version of versions) {
    const location = schemas === undefined ? [] : ['-schema-location', schemas];
    const args = ['-strict', '-summary', '-kubernetes-version', version, ...location, ...files];
    run(`kubeconform, ${name}, Kubernetes ${version}`, 'kubeconform', args, text);
  }
}

/** Runs one check, says how it went, and returns what it printed; undefined where it failed or printed nothing to go on with. */
function run(title, command, args, input = '') {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, input, encoding: 'utf8' });
  const isOk = status === 0 && !stdout.includes(' 0 resources found') && !stdout.includes(' 0 resource found');
  counts[isOk ? 'passed' : 'failed']++;
  process.stdout.write(`${isOk ? 'ok     ' : 'FAILED '} ${title}\n`);
  if (isOk) return stdout;
  process.stderr.write(`${error ?? ''}${stdout ?? ''}${stderr ?? ''}\n`);
  return undefined;
}

function skip(title, tool) {
  counts.skipped++;
  process.stdout.write(`skipped ${title}: no ${tool}\n`);
}
