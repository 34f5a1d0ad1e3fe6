// A container for people: what `runner plan` says of it besides its network. Only what somebody asked for is said.
import { formatMillis } from '../base/units.ts';
import type { ContainerSpec, CopySpec, ImageSpec, MountSpec } from '../model/container.ts';
import { shellWords } from '../base/shell-words.ts';

export function renderContainer(spec: ContainerSpec): string[] {
  const { capabilities: rights, healthcheck, entrypoint, command } = spec;
  const words: readonly (readonly [string, readonly string[]])[] = [
    ['image', [renderImage(spec.image)]],
    ['entrypoint', entrypoint === null ? [] : [shellWords(entrypoint)]],
    ['command', command === null ? [] : [shellWords(command)]],
    ['environment', renderEnvironment(spec)],
    ['mount', spec.mounts.map(renderMount)],
    ['runs', renderProcess(spec)],
    [
      'capabilities',
      [...rights.add.map((name) => `+${name}`), ...rights.drop.map((name) => `-${name}`)],
    ],
    ['rights', renderRights(spec)],
    ['sysctl', Object.entries(spec.sysctls).map(([key, value]) => `${key}=${value}`)],
    ['limits', renderLimits(spec)],
    [
      'healthy when',
      typeof healthcheck === 'string'
        ? []
        : [
            `${shellWords(healthcheck.argv)} succeeds`,
            `tried every ${formatMillis(healthcheck.interval)}, ${healthcheck.retries} times`,
          ],
    ],
    ['health check', healthcheck === 'none' ? ['none'] : []],
    ['depends on', spec.dependsOn.map(({ container, condition }) => `${container} (${condition})`)],
    ['copy', spec.copies.map(renderCopy)],
    ['censor', spec.censor ? [spec.idle ? 'whose program is not run' : 'of its own'] : []],
  ];
  return words.flatMap(([name, items]) =>
    items.length === 0 ? [] : [`  ${name} ${items.join(', ')}`],
  );
}

function renderImage({ name, pull, build }: ImageSpec): string {
  if (build === null) return `${name} (${PULLED[pull]})`;
  const { context, dockerfile, args, target, network } = build;
  const words = [
    `${name} (built from ${context}`,
    dockerfile === 'Dockerfile' ? '' : `by ${dockerfile}`,
    target === null ? '' : `up to ${target}`,
    ...Object.entries(args).map(([key, value]) => `${key}=${value}`),
    network === 'default' ? '' : `network ${network}`,
  ];
  return `${words.filter(Boolean).join(' ')})`;
}

const PULLED: Readonly<Record<ImageSpec['pull'], string>> = {
  missing: 'pulled when missing',
  always: 'always pulled',
  never: 'never pulled',
};

/** A secret by where it is read. */
const renderEnvironment = ({ environment }: ContainerSpec): string[] =>
  Object.entries(environment).map(([name, value]) => {
    if (typeof value === 'string') return shellWords([`${name}=${value}`]);
    const { secret } = value;
    return `${name} (secret: ${'env' in secret ? `variable ${secret.env}` : `file ${secret.file}`})`;
  });

function renderMount(mount: MountSpec): string {
  if (mount.kind === 'tmpfs')
    return `memory at ${mount.to}${mount.size === null ? '' : ` of ${mount.size} B`}`;
  const source = mount.kind === 'bind' ? mount.from : `volume ${mount.name}`;
  return `${source} at ${mount.to}${mount.readOnly ? ' (read-only)' : ''}`;
}

const renderProcess = (spec: ContainerSpec): string[] =>
  [
    spec.user === null ? '' : `as ${spec.user}`,
    spec.workingDir === null ? '' : `in ${spec.workingDir}`,
    spec.init ? 'under init' : '',
    spec.tty ? 'with a terminal' : '',
    spec.readOnly ? 'on a read-only file system' : '',
    spec.stopSignal === null ? '' : `until ${spec.stopSignal}`,
    spec.stopGrace === 0 ? '' : `with ${formatMillis(spec.stopGrace)} to end`,
  ].filter(Boolean);

const renderRights = (spec: ContainerSpec): string[] => [
  ...(spec.privileged ? ['privileged'] : []),
  ...spec.devices,
  ...spec.securityOptions,
];

const renderLimits = (spec: ContainerSpec): string[] =>
  [
    spec.memory === null ? '' : `memory ${spec.memory} B`,
    spec.cpus === null ? '' : `${spec.cpus} cpus`,
    spec.pids === null ? '' : `${spec.pids} pids`,
    spec.shmSize === null ? '' : `shm ${spec.shmSize} B`,
    ...spec.ulimits.map(
      ({ name, soft, hard }) => `${name} ${soft === hard ? soft : `${soft}:${hard}`}`,
    ),
  ].filter(Boolean);

function renderCopy({ direction, from, to, at }: CopySpec): string {
  const moment = at.when === 'after' ? `after ${at.flow}` : `at ${at.when}`;
  return direction === 'in' ? `${from} to ${to} ${moment}` : `${from} out to ${to} ${moment}`;
}
