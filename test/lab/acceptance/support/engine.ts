// The container engine that the tests use: the one that DOCKER_HOST or the default socket leads to, which
// infra/with-engine.sh sees to.
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CHECKOUT, IS_ROOT } from './runner.ts';

/** An image of a few megabytes with the programs of busybox, made by `importBusybox`. */
export const BUSYBOX = 'runner.test/busybox:1';

const APPLETS = 'sh sleep echo cat ls true false test touch nc wget httpd ip mkdir'.split(' ');
/** How long one command of the engine's may take, in milliseconds. */
const COMMAND_MS = 60_000;
/** How long debootstrap and the builds of the images may take, in milliseconds. */
const PREPARE_MS = 280_000;

/** Runs the engine's client, and gives what it prints; throws with what it said when it fails. */
export const docker = (...args: string[]): string =>
  execFileSync('docker', args, { encoding: 'utf8', stdio: 'pipe', timeout: COMMAND_MS }).trim();

/** The lines of a listing. */
export const dockerLines = (...args: string[]): string[] =>
  docker(...args)
    .split('\n')
    .filter((line) => line !== '');

/** Skips the tests of a suite, in a `before` hook, where no engine answers or containers cannot join a lab's networks. */
export function needEngine(context: Mocha.Context): void {
  if (!IS_ROOT) {
    process.stderr.write("      only root may enter a container's network: run with sudo\n");
    context.skip();
  }
  const { status } = spawnSync('docker', ['version'], { stdio: 'ignore', timeout: COMMAND_MS });
  if (status === 0) return;
  process.stderr.write('      no container engine answers: run under infra/with-engine.sh\n');
  context.skip();
}

/** Sees to it that the image is there on which the shipped scenarios build theirs. */
export function needBaseImage(): void {
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  execFileSync(join(CHECKOUT, 'infra/images/base.sh'), { stdio: [...stdio], timeout: PREPARE_MS });
}

/** Makes BUSYBOX from this machine's statically linked busybox. */
export function importBusybox(): void {
  const script = [
    'mkdir -p "$1/bin" "$1/tmp" "$1/proc" "$1/sys" "$1/dev" "$1/etc"',
    'cp "$(command -v busybox)" "$1/bin/busybox"',
    ...APPLETS.map((applet) => `ln "$1/bin/busybox" "$1/bin/${applet}"`),
    'tar --create --directory "$1" . | docker import - "$2" >/dev/null',
    'rm -r "$1"',
  ].join('\n');
  const folder = execFileSync('mktemp', ['--directory'], { encoding: 'utf8' }).trim();
  execFileSync('bash', ['-euo', 'pipefail', '-c', script, 'bash', folder, BUSYBOX], {
    timeout: COMMAND_MS,
  });
}

/** Ids of the containers that carry the label of a lab, whichever. */
export const labContainers = (): string[] =>
  dockerLines('ps', '--all', '--quiet', '--no-trunc', '--filter', 'label=runner.lab').toSorted();

/** A container of somebody else's, which nothing of ours may touch. */
export interface Foreign {
  readonly id: string;
  /** What the engine says of it; it changes when the container is restarted. */
  facts(): string;
  remove(): void;
}

export function startForeign(): Foreign {
  const id = docker('run', '--detach', '--network', 'none', BUSYBOX, 'sleep', '3600');
  const format = '{{.Id}} {{.State.Status}} {{.State.StartedAt}} {{.RestartCount}}';
  return {
    id,
    facts: () => docker('inspect', '--format', format, id),
    remove: () => void docker('rm', '--force', id),
  };
}
