// What the engine is asked to make of a container of the plan.
import { homedir } from 'node:os';
import { Fault } from '../../base/fault.ts';
import {
  CONTAINER_FOLDER,
  CONTAINER_LABELS,
  containerName,
  machinePath,
  volumeName,
} from '../../model/container.ts';
import type { LabOrigin } from '../../model/lab-mark.ts';
import type { PlanNode } from '../../model/plan.ts';
import { hostsFile, resolvFile } from '../../model/program.ts';
import type { ContainerOrder, LocalImage } from '../../engine/engine.ts';
import type { ContainerNode } from '../../model/plan-containers.ts';
import { lentFolder } from './gate.ts';
import { resolveCommand } from './image-command.ts';
import { waitArgv } from './launch-argv.ts';
import type { Secrets } from './secrets.ts';

export interface OrderOptions {
  readonly labId: string;
  readonly origin: LabOrigin;
  readonly scenario: string;
  /** The run's, absolute. */
  readonly directory: string;
  /** Of the scenario's main file, absolute. */
  readonly folder: string;
  readonly secrets: Secrets;
}

/** Docker's network modes. */
const NETWORKS = { namespace: 'none', machine: 'host', engine: 'bridge' } as const satisfies Record<
  PlanNode['stack'],
  ContainerOrder['network']
>;

/** Variables by which OpenSSL, curl and Node find the lab's own certificate authority. */
const AUTHORITY_VARIABLES = ['SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'];

export function orderContainer(
  node: ContainerNode,
  image: LocalImage,
  options: OrderOptions,
): ContainerOrder {
  const { labId, directory, folder } = options;
  const spec = node.container;
  const argv = resolveCommand(spec, image);
  if (argv.length === 0)
    throw new Fault(
      'usage',
      `Container "${node.name}" has nothing to run: image "${spec.image.name}" has no command of its own`,
      { help: `Give it one: "command: [sleep, infinity]"` },
    );
  const [program = '', ...rest] = waitArgv(node.name, argv);
  return {
    name: containerName(labId, node.name),
    // All of them, always: those that an image has are then not the container's.
    labels: {
      [CONTAINER_LABELS.lab]: labId,
      [CONTAINER_LABELS.scenario]: options.scenario,
      [CONTAINER_LABELS.node]: node.name,
      [CONTAINER_LABELS.directory]: directory,
      [CONTAINER_LABELS.origin]: options.origin,
    },
    image: image.id,
    spec,
    entrypoint: [program],
    command: rest,
    environment: environmentOf(node, image, options.secrets),
    network: NETWORKS[node.stack],
    binds: [
      ...lentBinds(node, directory),
      ...spec.mounts.flatMap((mount) =>
        mount.kind === 'bind'
          ? [
              {
                from: machinePath(mount.from, folder, homedir()),
                to: mount.to,
                readOnly: mount.readOnly,
              },
            ]
          : [],
      ),
    ],
    volumes: spec.mounts.flatMap((mount) =>
      mount.kind === 'volume'
        ? [{ name: volumeName(labId, mount.name), to: mount.to, readOnly: mount.readOnly }]
        : [],
    ),
  };
}

/** Names of the lab are for those on its networks, unless the scenario mounts its own there. */
function lentBinds(node: ContainerNode, directory: string): ContainerOrder['binds'] {
  const lent = [{ from: lentFolder(directory), to: CONTAINER_FOLDER, readOnly: true }];
  if (node.stack !== 'namespace') return lent;
  const taken = new Set(node.container.mounts.map(({ to }) => to));
  const names = [
    { from: hostsFile(directory, node.name), to: '/etc/hosts', readOnly: false },
    { from: resolvFile(directory, node.name), to: '/etc/resolv.conf', readOnly: false },
  ];
  return [...lent, ...names.filter(({ to }) => !taken.has(to))];
}

/** The lab's services are trusted by those on its networks, unless scenario or image say whom to trust. */
function environmentOf(
  node: ContainerNode,
  image: LocalImage,
  secrets: Secrets,
): Record<string, string> {
  const own = secrets.fill(node.container.environment);
  if (node.stack !== 'namespace') return own;
  const trust: Record<string, string> = {};
  for (const name of AUTHORITY_VARIABLES)
    if (!Object.hasOwn(image.environment, name)) trust[name] = `${CONTAINER_FOLDER}/ca.pem`;
  return { ...trust, ...own };
}
