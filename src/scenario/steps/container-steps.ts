// Containers as the command lines of Docker's that do the same: for people, never run. Of secrets they say where they are
// read, never what they are.
import type { BuildSpec, ContainerSpec, MountSpec, SecretRef } from '../../model/container.ts';
import type { PlanNode, Step } from '../../model/plan.ts';
import { shellPath, shellWords } from '../../base/shell-words.ts';

/** One step for each container, whatever its stack. */
export function containerSteps(nodes: readonly PlanNode[]): Step[] {
  const removed = new Set<string>();
  return nodes.flatMap((node): Step[] => {
    const { name, stack, container } = node;
    if (container === undefined) return [];
    const volumes = volumesOf(container).filter((volume) => !removed.has(volume));
    for (const volume of volumes) removed.add(volume);
    const { build, name: image } = container.image;
    const isOurs = stack === 'namespace';
    const commands = [
      ...(build === null ? [] : [buildCommand(image, build)]),
      runCommand(node, container),
      // The lines of other steps speak of its namespace by its name.
      ...(isOurs
        ? [`ip netns attach ${name} "$(docker inspect --format '{{.State.Pid}}' ${name})"`]
        : []),
    ];
    return [
      {
        id: `container:${name}`,
        do: { kind: 'container', node: name },
        command: commands.join(' && '),
        undo: [
          `docker rm --force --volumes ${name}`,
          ...(isOurs ? [`ip netns del ${name}`] : []),
          // Undone backwards, the first container that has a volume is the last.
          ...(volumes.length === 0 ? [] : [shellWords(['docker', 'volume', 'rm', ...volumes])]),
        ].join(' && '),
      },
    ];
  });
}

const volumesOf = ({ mounts }: ContainerSpec): string[] => [
  ...new Set(mounts.flatMap((item) => (item.kind === 'volume' ? [item.name] : []))),
];

function buildCommand(image: string, build: BuildSpec): string {
  const { context, dockerfile, args, target, network } = build;
  const words = [
    ...['docker', 'build', '--tag', image],
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...option('--target', target),
    ...(network === 'default' ? [] : ['--network', network]),
  ];
  const file = `${context === '/' ? '' : context}/${dockerfile}`;
  return `${shellWords(words)} --file ${shellPath(file)} ${shellPath(context)}`;
}

const NETWORKS = { namespace: 'none', machine: 'host', engine: 'bridge' } as const;

function runCommand({ name, stack }: PlanNode, spec: ContainerSpec): string {
  const [program, ...before] = spec.entrypoint ?? [];
  const head = shellWords([
    ...['docker', 'run', '--detach', '--name', name, '--network', NETWORKS[stack]],
    ...['--hostname', spec.hostname],
    ...(spec.image.pull === 'missing' ? [] : ['--pull', spec.image.pull]),
  ]);
  const tail = shellWords([
    ...rights(spec),
    ...limits(spec),
    ...health(spec),
    ...option('--user', spec.user),
    ...option('--workdir', spec.workingDir),
    ...option('--stop-signal', spec.stopSignal),
    '--stop-timeout',
    String(Math.ceil(spec.stopGrace / 1000)),
    ...option('--entrypoint', program),
    spec.image.name,
    ...before,
    ...(spec.command ?? []),
  ]);
  return [head, ...environment(spec), ...spec.mounts.map(mount), tail].join(' ');
}

const environment = (spec: ContainerSpec): string[] =>
  Object.entries(spec.environment).map(([name, value]) =>
    typeof value === 'string'
      ? shellWords(['--env', `${name}=${value}`])
      : `--env ${shellWords([name])}="${secretText(value)}"`,
  );

/** What the shell itself reads the value from when the line is run. */
const secretText = ({ secret }: SecretRef): string =>
  'env' in secret ? `$${secret.env}` : `$(cat ${shellPath(secret.file)})`;

function mount(spec: MountSpec): string {
  switch (spec.kind) {
    case 'bind':
      // "--volume" reads colons, "--mount" commas as what comes next.
      if (`${spec.from}${spec.to}`.includes(':'))
        return `--mount type=bind,source=${shellPath(spec.from)},target=${shellWords([spec.to])}${spec.readOnly ? ',readonly' : ''}`;
      return `--volume ${shellPath(spec.from)}:${shellWords([spec.to])}${spec.readOnly ? ':ro' : ''}`;
    case 'volume':
      return `--volume ${shellWords([`${spec.name}:${spec.to}`])}${spec.readOnly ? ':ro' : ''}`;
    case 'tmpfs':
      return `--tmpfs ${shellWords([spec.size === null ? spec.to : `${spec.to}:size=${spec.size}`])}`;
  }
}

const rights = (spec: ContainerSpec): string[] => [
  ...spec.capabilities.add.flatMap((name) => ['--cap-add', name]),
  ...spec.capabilities.drop.flatMap((name) => ['--cap-drop', name]),
  ...flag('--privileged', spec.privileged),
  ...spec.devices.flatMap((device) => ['--device', device]),
  ...spec.securityOptions.flatMap((text) => ['--security-opt', text]),
  ...Object.entries(spec.sysctls).flatMap(([key, value]) => ['--sysctl', `${key}=${value}`]),
];

const limits = (spec: ContainerSpec): string[] => [
  ...spec.ulimits.flatMap(({ name, soft, hard }) => ['--ulimit', `${name}=${soft}:${hard}`]),
  ...option('--memory', spec.memory),
  // As much as the memory itself: none is swapped out.
  ...option('--memory-swap', spec.memory),
  ...option('--cpus', spec.cpus),
  ...option('--pids-limit', spec.pids),
  ...option('--shm-size', spec.shmSize),
  ...flag('--read-only', spec.readOnly),
  ...flag('--init', spec.init),
  ...(spec.tty ? ['--interactive', '--tty'] : []),
];

function health({ healthcheck }: ContainerSpec): string[] {
  if (healthcheck === 'image') return [];
  if (healthcheck === 'none') return ['--no-healthcheck'];
  const { argv, interval, timeout, retries, startPeriod } = healthcheck;
  return [
    ...['--health-cmd', shellWords(argv), '--health-retries', String(retries)],
    ...['--health-interval', `${interval}ms`, '--health-timeout', `${timeout}ms`],
    ...(startPeriod === 0 ? [] : ['--health-start-period', `${startPeriod}ms`]),
  ];
}

const flag = (name: string, isOn: boolean): string[] => (isOn ? [name] : []);

const option = (name: string, value: string | number | null | undefined): string[] =>
  value === null || value === undefined ? [] : [name, String(value)];
