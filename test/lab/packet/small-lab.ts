// Namespaces, links and a plan by hand, so that the packet path is tried without the compiler and the builder of labs.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentContext } from '../../../src/agent/context.ts';
import { disableOffloads } from '../../../src/kernel/device.ts';
import { createNetworkNamespace, inNamespace } from '../../../src/kernel/namespace.ts';
import { LOCAL } from '../../../src/model/machine.ts';
import type { Impairment, Plan, PlanCensor, PlanNode } from '../../../src/model/plan.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';

export const PLAIN: Impairment = {
  delay: 0,
  jitter: 0,
  lossRatio: 0,
  duplicateRatio: 0,
  reorderRatio: 0,
  corruptRatio: 0,
  rate: null,
  queue: 1_000_000,
};

export interface LabNetwork {
  readonly members: readonly string[];
  /** Members' frames are impaired so, by our switch; absent: two members joined directly. */
  readonly impairment?: Partial<Impairment>;
  readonly offload?: boolean;
  readonly mtu?: number;
}

export interface SmallLab {
  readonly context: AgentContext;
  readonly events: AgentEvent[];
  readonly segments: readonly string[];
  fd(node: string | null): number;
  /** Runs a program in a node and gives its output. */
  run(node: string | null, ...argv: string[]): string;
  close(): void;
}

/** Network n is 10.n.0.0/24 and fd00:n::/64; member m of it has the host number m, both from 1. */
export function createSmallLab(
  networks: Readonly<Record<string, LabNetwork>>,
  paths: Readonly<Record<string, PlanNode['path']>> = {},
  censors: readonly PlanCensor[] = [],
  nat: Readonly<Record<string, string>> = {},
): SmallLab {
  const plan = makePlan(networks, paths, censors, nat);
  const fds = new Map<string | null, number>();
  const fd = (node: string | null): number => {
    const known = fds.get(node) ?? createNetworkNamespace();
    fds.set(node, known);
    return known;
  };
  const run = (node: string | null, ...[program = '', ...rest]: string[]): string =>
    inNamespace(fd(node), () =>
      execFileSync(program, rest, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 20_000,
      }),
    );
  makeLinks(plan, networks, fd, run);
  const directory = mkdtempSync(join(tmpdir(), 'small-lab-'));
  const events: AgentEvent[] = [];
  const segments = plan.networks.filter(({ kind }) => kind === 'switch').map(({ name }) => name);
  return {
    context: { plan, directory, namespaceFd: fd, emit: (event) => void events.push(event) },
    events,
    segments,
    fd,
    run,
    close() {
      for (const descriptor of fds.values()) closeSync(descriptor);
      rmSync(directory, { recursive: true });
    },
  };
}

function makePlan(
  networks: Readonly<Record<string, LabNetwork>>,
  paths: Readonly<Record<string, PlanNode['path']>>,
  censors: readonly PlanCensor[],
  nat: Readonly<Record<string, string>>,
): Plan {
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  const planNetworks = Object.entries(networks).map(
    ([name, { members, impairment, mtu = 1500 }], n) => ({
      name,
      kind: impairment ? ('switch' as const) : ('veth' as const),
      subnets: [`10.${n + 1}.0.0/24`, `fd00:${n + 1}::/64`],
      mtu,
      isolated: true,
      uplink: false,
      gateway: [],
      members: members.map((node, m) => ({
        node,
        interface: `${node}-${name}`,
        mac: `02:00:00:00:${hex(n + 1)}:${hex(m + 1)}`,
        addresses: [`10.${n + 1}.0.${m + 1}/24`, `fd00:${n + 1}::${m + 1}/64`],
        ...(impairment && { port: `p${n + 1}m${m + 1}`, impairment: { ...PLAIN, ...impairment } }),
      })),
    }),
  );
  const names = [
    ...new Set(planNetworks.flatMap(({ members }) => members.map(({ node }) => node))),
  ];
  const interfacesOf = (node: string): PlanNode['interfaces'] =>
    planNetworks.flatMap((network) =>
      network.members
        .filter((member) => member.node === node)
        .map(({ interface: device, mac, addresses }) => ({
          name: device,
          network: network.name,
          mac,
          mtu: network.mtu,
          addresses,
          offload: networks[network.name]?.offload ?? false,
        })),
    );
  const nodes = names.map((name): PlanNode => {
    const interfaces = interfacesOf(name);
    return {
      name,
      kind: 'host',
      machine: 'local',
      stack: 'namespace',
      forwarding: interfaces.length > 1,
      path: paths[name] ?? 'kernel',
      interfaces,
      routes: interfaces.flatMap(({ name: device, network }) =>
        (planNetworks.find((candidate) => candidate.name === network)?.subnets ?? []).map((to) => ({
          to,
          interface: device,
          table: 'main' as const,
          kind: 'unicast' as const,
        })),
      ),
      rules: [],
      nat: nat[name] === undefined ? [] : [{ interface: `${name}-${nat[name]}`, masquerade: true }],
      names: [],
      resolvers: [],
    };
  });
  return {
    planVersion: 1,
    scenario: 'small-lab',
    names: [],
    description: '',
    seed: 1,
    params: {},
    control: false,
    machines: [LOCAL],
    nodes,
    networks: planNetworks,
    censors,
    services: [],
    flows: [],
    captures: [],
    expectations: [],
    steps: [],
  };
}

/** Every member's link, in place; nodes with one network route by the first member of it that has two. */
function makeLinks(
  plan: Plan,
  networks: Readonly<Record<string, LabNetwork>>,
  fd: (node: string | null) => number,
  run: (node: string | null, ...argv: string[]) => string,
): void {
  const path = (node: string | null): string => `/proc/${process.pid}/fd/${fd(node)}`;
  const set = (node: string | null, key: string, value: string): void =>
    inNamespace(fd(node), () => writeFileSync(`/proc/sys/net/${key}`, value));
  for (const network of plan.networks) {
    const [left, right] = network.members;
    const mtu = ['mtu', String(network.mtu)];
    if (network.kind === 'veth' && left && right)
      run(
        left.node,
        'ip',
        'link',
        'add',
        left.interface,
        'address',
        left.mac,
        ...mtu,
        'type',
        'veth',
        'peer',
        'name',
        right.interface,
        'address',
        right.mac,
        ...mtu,
        'netns',
        path(right.node),
      );
    else
      for (const member of network.members) {
        const port = member.port ?? '';
        run(
          null,
          'ip',
          'link',
          'add',
          port,
          ...mtu,
          'type',
          'veth',
          'peer',
          'name',
          member.interface,
          'address',
          member.mac,
          ...mtu,
          'netns',
          path(member.node),
        );
        set(null, `ipv6/conf/${port}/disable_ipv6`, '1');
        if (networks[network.name]?.offload !== true)
          inNamespace(fd(null), () => disableOffloads(port));
        run(null, 'ip', 'link', 'set', port, 'up');
      }
    for (const member of network.members) {
      if (networks[network.name]?.offload !== true)
        inNamespace(fd(member.node), () => disableOffloads(member.interface));
      // Without duplicate address detection a link-local address can be used at once.
      set(member.node, `ipv6/conf/${member.interface}/accept_dad`, '0');
      run(member.node, 'ip', 'link', 'set', 'lo', 'up');
      for (const address of member.addresses)
        run(
          member.node,
          'ip',
          'addr',
          'add',
          address,
          'dev',
          member.interface,
          ...(address.includes(':') ? ['nodad'] : []),
        );
      run(member.node, 'ip', 'link', 'set', member.interface, 'up');
    }
  }
  for (const node of plan.nodes) {
    // As plans have it: a node with a ring forwards nothing until `closeKernelPath` lets the kernel carry flows.
    for (const family of node.forwarding && node.path !== 'ring' ? ['ipv4', 'ipv6'] : [])
      set(node.name, `${family}/conf/all/forwarding`, '1');
    const [only, second] = node.interfaces;
    if (!only || second) continue;
    const router = plan.networks
      .find(({ name }) => name === only.network)
      ?.members.find((member) =>
        plan.nodes.some(({ name, forwarding }) => name === member.node && forwarding),
      );
    for (const address of router?.addresses ?? [])
      run(
        node.name,
        'ip',
        ...(address.includes(':') ? ['-6'] : []),
        'route',
        'add',
        'default',
        'via',
        address.split('/')[0] ?? '',
      );
  }
}
