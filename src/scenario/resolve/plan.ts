// Everything resolved → the plan.
import { formatIp, formatPrefix } from '../../base/addresses.ts';
import type {
  ParamValue,
  Plan,
  PlanCensor,
  PlanInterface,
  PlanMember,
  PlanNetwork,
  PlanNode,
  PlanProxy,
  PlanTrunk,
} from '../../model/plan.ts';
import type { Service } from '../../model/traffic.ts';
import type { PlanTunnel } from '../../model/tunnel.ts';
import type { Context } from '../context.ts';
import { groupBy } from '../group.ts';
import { planSteps } from '../steps/plan-steps.ts';
import { planCensors } from './censor/censors.ts';
import { commonNames, nearerNames } from './host-names.ts';
import { uniqueName } from './interface-names.ts';
import type { Lab } from './lab.ts';
import type { Resolved } from './scenario.ts';
import { controlExpectations, withoutControls } from './without-censors.ts';
import { trunksOf } from './trunks.ts';
import { nearestAddress } from './targets.ts';
import type { Member, Network, Node } from './topology.ts';

export function assemblePlan(
  context: Context,
  resolved: Resolved,
  params: Readonly<Record<string, ParamValue>>,
  withCensors: boolean,
): Plan {
  const { lab } = resolved;
  const { topology } = lab;
  const censors = withCensors ? resolved.censors.flatMap(planCensors) : [];
  const ofCensors = resolved.controls.map(({ control }) => control);
  const controls = [
    ...(withCensors ? ofCensors : []),
    ...resolved.proxyControls.map(({ control }) => control),
    ...resolved.tunnelControls.map(({ control }) => control),
  ];
  const proxies = resolved.proxies.map(({ proxy }) => proxy);
  const tunnels = resolved.tunnels.map(({ tunnel }) => tunnel);
  const services = resolved.services.map(({ service }) => service);
  const all = resolved.flows.map(({ flow }) => flow);
  const flows = withCensors ? all : withoutControls(all, ofCensors);
  const dnsNodes = resolverNodes(services);
  const names = commonNames(topology, lab.served, dnsNodes.length > 0);
  const nearer = nearerNames(topology, names);
  const taken = new Set(topology.interfaceNames);
  const parts = groupBy(topology.networks.values(), ({ segment }) => segment);
  const isJoined = ({ segment }: Network): boolean => (parts.get(segment)?.length ?? 0) > 1;
  const trunks = trunksOf(topology.networks.values(), taken);
  const networks = [...topology.networks.values()].map((network, index) =>
    planNetwork(network, index, taken, isJoined(network), trunks.get(network.name)),
  );
  const bridges = new Map(
    networks
      .filter(({ kind, bridge }) => kind === 'bridge' && bridge === undefined)
      .map(({ name }) => [name, uniqueName(`br-${name}`, taken)]),
  );
  const mirrors = resolved.mirrors.map(({ mirror }) => mirror);
  const nodes = [...topology.nodes.values()].map((node): PlanNode => ({
    name: node.name,
    kind: node.kind,
    ...containerOf(resolved, node.name, withCensors),
    machine: node.machine,
    stack: node.stack,
    forwarding: node.forwarding || tunnels.some(({ server }) => server.node === node.name),
    ...bridgeOf(node, censors),
    path: pathOf(node, lab, censors, { proxies, tunnels }),
    interfaces: node.members.map(planInterface),
    routes: lab.routes.get(node.name) ?? [],
    rules: lab.rules.get(node.name) ?? [],
    nat: lab.nat.get(node.name) ?? [],
    names: nearer.get(node.name) ?? [],
    resolvers: (node.bridge === undefined ? dnsNodes : []).flatMap((name) => {
      const server = topology.nodes.get(name);
      return (server && nearestAddress(lab, node, server, undefined)) ?? [];
    }),
  }));
  return {
    planVersion: 1,
    scenario: context.scenario.name,
    description: context.scenario.description ?? '',
    seed: context.seed,
    params,
    control: context.scenario.control ?? false,
    machines: resolved.machines.used.map(({ plan }) => plan),
    ...(context.scenario.allowMachineNetwork === true && { allowMachineNetwork: true }),
    nodes,
    names,
    networks,
    censors,
    ...(proxies.length > 0 && { proxies }),
    ...(tunnels.length > 0 && { tunnels }),
    ...(resolved.bundles.length > 0 && { bundles: resolved.bundles.map(({ bundle }) => bundle) }),
    ...(mirrors.length > 0 && { mirrors }),
    ...(controls.length > 0 && { controls }),
    services,
    flows,
    captures: resolved.captures.map(({ capture }) => capture),
    ...expectationsOf(resolved, withCensors),
    steps: planSteps(
      nodes,
      networks,
      { censors, proxies, flows, tunnels: resolved.tunnels, bundles: resolved.bundles, mirrors },
      bridges,
    ),
  };
}

function expectationsOf(
  { expectations, containers, censors }: Resolved,
  withCensors: boolean,
): Pick<Plan, 'expectations' | 'leftOut'> {
  const all = expectations.map(({ expectation }) => expectation);
  const programs = new Set(
    [...containers.values()].filter(({ spec }) => spec.censor).map(({ name }) => name),
  );
  if (withCensors || (censors.length === 0 && programs.size === 0)) return { expectations: all };
  const rules = censors.flatMap(({ spec }) => spec.rules);
  return controlExpectations(all, programs, rules);
}

function containerOf(
  { containers }: Resolved,
  name: string,
  withCensors: boolean,
): Pick<PlanNode, 'container'> {
  const spec = containers.get(name)?.spec;
  if (spec === undefined) return {};
  return { container: { ...spec, idle: spec.censor && !withCensors } };
}

function bridgeOf(node: Node, censors: readonly PlanCensor[]): Pick<PlanNode, 'bridge'> {
  const { bridge } = node;
  if (bridge === undefined) return {};
  if (bridge === 'program') return { bridge: { kind: bridge } };
  if (isHeldBy(censors, node)) return { bridge: { kind: 'ring' } };
  const own = new Set(node.members.map((member) => member.interface));
  return { bridge: { kind: bridge, interface: uniqueName('br0', own) } };
}

/** Nodes whose DNS server resolv.conf can name: it has no place for a port. */
function resolverNodes(services: readonly Service[]): readonly string[] {
  return services
    .filter(({ serve }) => serve.kind === 'dns' && serve.port === 53)
    .map(({ on }) => on);
}

const isHeldBy = (censors: readonly PlanCensor[], { name }: Node): boolean =>
  censors.some(({ on, position }) => on === name && position === 'in-path');

/** A ring knows the main table and the MACs of the plan alone: what needs more stays with the kernel. */
function pathOf(
  node: Node,
  lab: Lab,
  censors: readonly PlanCensor[],
  {
    proxies,
    tunnels,
  }: { readonly proxies: readonly PlanProxy[]; readonly tunnels: readonly PlanTunnel[] },
): PlanNode['path'] {
  if (!isHeldBy(censors, node)) return 'kernel';
  // Frames need no routes.
  if (node.bridge !== undefined) return 'ring';
  const needsKernel =
    // The MAC of an uplink's gateway is known when the lab is built, not before.
    node.members.some(({ segment }) => lab.topology.segments.get(segment)?.uplink) ||
    proxies.some(({ on, divert }) => on === node.name && divert.length > 0) ||
    tunnels.some(({ client, server }) => [client.node, server.node].includes(node.name)) ||
    (lab.rules.get(node.name) ?? []).length > 0 ||
    (lab.nat.get(node.name) ?? []).length > 0 ||
    (lab.routes.get(node.name) ?? []).some(({ table }) => table !== 'main');
  return needsKernel ? 'nfqueue' : 'ring';
}

const withLength = (member: Member): readonly string[] =>
  member.addresses.map(({ text, subnet }) => `${text}/${subnet.length}`);

const planInterface = (member: Member): PlanInterface => ({
  name: member.interface,
  network: member.network,
  mac: member.mac,
  mtu: member.mtu,
  addresses: withLength(member),
  offload: member.offload,
});

function planNetwork(
  network: Network,
  index: number,
  taken: Set<string>,
  isJoined: boolean,
  trunks: readonly PlanTrunk[] | undefined,
): PlanNetwork {
  const kind = kindOf(network);
  return {
    name: network.name,
    ...(isJoined ? { segment: network.segment } : {}),
    kind,
    subnets: network.subnets.map(formatPrefix),
    mtu: network.mtu,
    isolated: network.isolated,
    ...(network.bridge !== undefined && { bridge: network.bridge }),
    uplink: network.uplink,
    gateway: network.gateway.map((address) => {
      const subnet = network.subnets.find((item) => item.address.family === address.family);
      return `${formatIp(address)}/${subnet?.length ?? 0}`;
    }),
    members: network.members.map((member, place): PlanMember => ({
      node: member.node,
      interface: member.interface,
      mac: member.mac,
      addresses: withLength(member),
      // No node or network has an underscore in its name.
      ...(kind === 'veth' || member.node === network.bridge ? {} : { port: uniqueName(`p${index + 1}_${place + 1}`, taken) }),
      ...(member.impairment === undefined ? {} : { impairment: member.impairment }),
    })),
    ...(trunks === undefined ? {} : { trunks }),
  };
}

function kindOf(network: Network): PlanNetwork['kind'] {
  if (network.members.some(({ impairment }) => impairment !== undefined)) return 'switch';
  if (network.bridge !== undefined) return 'bridge';
  return network.members.length === 2 && !network.uplink && network.machines.length < 2
    ? 'veth'
    : 'bridge';
}
