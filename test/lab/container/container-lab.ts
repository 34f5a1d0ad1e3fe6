// Labs of containers made from plans by hand, against the real engine.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../../src/engine/open-engine.ts';
import type { Lab } from '../../../src/lab/lab.ts';
import type { ContainerSpec } from '../../../src/model/container.ts';
import { CONTAINER_LABELS } from '../../../src/model/container.ts';
import { LOCAL } from '../../../src/model/machine.ts';
import type { Plan, PlanNode, Step, StepAction } from '../../../src/model/plan.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';
import type { Flow, ProbeSpec } from '../../../src/model/traffic.ts';
import { PLAIN_SPEC } from '../../engine/container-orders.ts';
import { newId, startTestLab } from '../lab/labs.ts';

/** Built on the fly from busybox-static, since nothing can be pulled where tests run. */
export const IMAGE = 'runner-test-busybox:1';

const SPEC: ContainerSpec = {
  ...PLAIN_SPEC,
  image: { name: IMAGE, pull: 'never', build: null },
  command: ['sleep', '300'],
  hostname: 'box',
  startTimeout: 10_000,
};

const NODE = {
  machine: 'local',
  stack: 'namespace',
  forwarding: false,
  path: 'kernel',
  interfaces: [],
  routes: [],
  rules: [],
  nat: [],
  names: [],
  resolvers: [],
} as const;

export const container = (
  name: string,
  change: Partial<ContainerSpec> = {},
  node: Partial<PlanNode> = {},
): PlanNode => ({ ...NODE, name, kind: 'container', container: { ...SPEC, ...change }, ...node });

export const host = (name: string): PlanNode => ({ ...NODE, name, kind: 'host' });

export const runFlow = (
  name: string,
  from: string,
  argv: readonly string[],
  change: Partial<Extract<ProbeSpec, { kind: 'run' }>> = {},
): Flow => ({
  name,
  from,
  schedule: { at: 0, after: [], repeat: 1, pace: null, for: null, concurrency: 1 },
  probe: { kind: 'run', argv, environment: {}, timeout: 10_000, background: false, ...change },
});

/** All nodes on one bridge: node n is 10.78.0.n and fd78::n. */
export function planOf(nodes: readonly PlanNode[], flows: readonly Flow[] = []): Plan {
  const inLab = nodes.filter(({ stack }) => stack === 'namespace');
  const actions: StepAction[] = [
    ...nodes.map(({ name, kind }) =>
      kind === 'host'
        ? ({ kind: 'namespace', node: name } as const)
        : ({ kind: 'container', node: name } as const),
    ),
    ...(inLab.length > 0 ? [{ kind: 'bridge', network: 'wire', interface: 'wire' } as const] : []),
    ...inLab.flatMap((node, index) => wire(node.name, index + 1)),
    ...(inLab.length > 0 ? [{ kind: 'segment', network: 'wire' } as const] : []),
  ];
  return {
    ...{ planVersion: 1, scenario: 'test', description: '', seed: 1, params: {}, control: false },
    machines: [LOCAL],
    nodes,
    names: inLab.map(({ name }, index) => ({ address: `10.78.0.${index + 1}`, names: [name] })),
    networks: inLab.length > 0 ? [network(inLab)] : [],
    ...{ censors: [], services: [], flows, captures: [], expectations: [] },
    steps: actions.map((action, index): Step => ({
      id: 'node' in action ? `${action.kind}:${action.node}:${index}` : `${action.kind}:${index}`,
      do: action,
      command: `make ${action.kind}`,
      undo: '',
    })),
  };
}

const mac = (number: number, side: string): string =>
  `02:78:00:00:${side}:${number.toString(16).padStart(2, '0')}`;

const wire = (node: string, number: number): StepAction[] => [
  {
    kind: 'veth',
    network: 'wire',
    left: { node, interface: 'wire', mac: mac(number, '01') },
    right: { node: null, interface: `port${number}`, mac: mac(number, '02'), master: 'wire' },
    mtu: 1500,
    offload: false,
  },
  { kind: 'address', node, interface: 'wire', address: `10.78.0.${number}/24` },
  { kind: 'address', node, interface: 'wire', address: `fd78::${number}/64` },
];

const network = (nodes: readonly PlanNode[]): Plan['networks'][number] => ({
  name: 'wire',
  kind: 'bridge',
  subnets: ['10.78.0.0/24', 'fd78::/64'],
  mtu: 1500,
  isolated: true,
  uplink: false,
  gateway: [],
  members: nodes.map(({ name }, index) => ({
    node: name,
    interface: 'wire',
    mac: mac(index + 1, '01'),
    addresses: [`10.78.0.${index + 1}/24`, `fd78::${index + 1}/64`],
    port: `port${index + 1}`,
  })),
});

export interface ContainerLab {
  readonly lab: Lab;
  readonly directory: string;
  readonly events: AgentEvent[];
  prepare(secrets?: Readonly<Record<string, string>>, build?: boolean): Promise<void>;
  build(): Promise<void>;
  /** A file below the run's folder. */
  read(file: string): string;
}

/** Gives `action` a lab of the plan that is not built yet; takes it down with all its containers. */
export async function withContainers(
  plan: Plan,
  action: (lab: ContainerLab) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'runner-containers-'));
  for (const folder of ['captures', 'logs', 'lab']) mkdirSync(join(directory, folder));
  const events: AgentEvent[] = [];
  const id = newId();
  const lab = await startTestLab(id, { onEvent: (event) => void events.push(event) });
  try {
    await action({
      ...{ lab, directory, events },
      prepare: async (secrets = {}, build = true) => {
        await lab.call('prepare', { plan, folder: directory, directory, build, secrets }, 60_000);
      },
      build: async () => {
        await lab.call('build', { plan, directory }, 60_000);
      },
      read: (file) => readFileSync(join(directory, file), 'utf8'),
    });
  } finally {
    await lab.close();
    removeContainers(id);
    rmSync(directory, { recursive: true, force: true });
  }
}

export function docker(...argv: string[]): string {
  const { stdout, stderr, status } = spawnSync('docker', argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`docker ${argv.join(' ')}: ${stderr}`);
  return stdout;
}

function removeContainers(labId: string): void {
  const label = `label=${CONTAINER_LABELS.lab}=${labId}`;
  const ids = docker('ps', '-aq', '--filter', label).split('\n').filter(Boolean);
  if (ids.length > 0) docker('rm', '-f', ...ids);
}

/** Makes the image of busybox that the containers of these tests run. */
export async function makeImage(): Promise<void> {
  const engine = await openEngine();
  if (await engine.findImage(IMAGE)) return;
  const script = [
    'set -eu; root=$(mktemp -d); trap \'rm -r "$root"\' EXIT; mkdir -p "$root/bin" "$root/tmp"',
    'cp "$(command -v busybox)" "$root/bin/busybox"; chmod 1777 "$root/tmp"',
    'for name in sh sleep ls cat nc ip ping wget httpd id; do ln -s busybox "$root/bin/$name"; done',
    'tar -C "$root" -c . | docker import - "$1"',
  ].join('\n');
  const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', IMAGE], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Cannot make ${IMAGE}: ${stderr}`);
}
