import type {
  LinkEnd,
  PlanMember,
  PlanNetwork,
  PlanNode,
  PlanTrunk,
  Step,
} from '../../model/plan.ts';
import { type PlacedEnd, ip, linkCommand } from './commands.ts';
import type { On } from './on-machines.ts';

export type Bridges = ReadonlyMap<string, string>;

export function bridgeSteps(networks: readonly PlanNetwork[], bridges: Bridges, on: On): Step[] {
  return networks.flatMap((network) => {
    const bridge = bridges.get(network.name);
    if (bridge === undefined) return [];
    return on.each(network, `bridge:${network.name}`, () => ({
      do: { kind: 'bridge', network: network.name, interface: bridge },
      command: ip(null, `link add ${bridge} type bridge`),
      undo: ip(null, `link del ${bridge}`),
    }));
  });
}

/** One link joins two members; otherwise each member has one to a port in the lab's own namespace, or in that of the host that joins them. */
export function linkSteps(
  networks: readonly PlanNetwork[],
  nodes: ReadonlyMap<string, PlanNode>,
  bridges: Bridges,
): Step[] {
  let ports = 0;
  return networks.flatMap((network) => {
    const [left, right] = network.members;
    if (network.kind === 'veth' && left !== undefined && right !== undefined) {
      const ends = [sideOf(left, nodes), sideOf(right, nodes)] as const;
      return [linkStep(`veth:${network.name}`, network.name, ends, ends[1])];
    }
    const master = bridges.get(network.name);
    const { bridge = null } = network;
    const place = bridge === null ? null : (nodes.get(bridge) ?? null);
    return network.members.flatMap((member) => {
      if (member.node === bridge) return [];
      ports += 1;
      const port: LinkEnd = {
        node: bridge,
        interface: member.port ?? '',
        mac: portMac(ports),
        ...(master === undefined ? {} : { master }),
      };
      const id = `veth:${network.name}:${member.node}`;
      return linkStep(id, network.name, [sideOf(member, nodes)], { end: port, place });
    });
  });
}

interface Side extends PlacedEnd {
  readonly mtu: number;
  readonly offload: boolean;
}

const endOf = (member: PlanMember): LinkEnd => ({
  node: member.node,
  interface: member.interface,
  mac: member.mac,
});

function sideOf(member: PlanMember, nodes: ReadonlyMap<string, PlanNode>): Side {
  const place = nodes.get(member.node) ?? null;
  const own = place?.interfaces.find(({ name }) => name === member.interface);
  return {
    end: endOf(member),
    place,
    mtu: own?.mtu ?? 1500,
    offload: own?.offload ?? false,
  };
}

function linkStep(
  id: string,
  network: string,
  sides: readonly [Side, ...Side[]],
  right: PlacedEnd,
): Step {
  const [left] = sides;
  const mtu = Math.min(...sides.map((side) => side.mtu));
  const offload = sides.every((side) => side.offload);
  return {
    id,
    do: { kind: 'veth', network, left: left.end, right: right.end, mtu, offload },
    command: linkCommand(left, right, mtu),
    undo: ip(left.place, `link del ${left.end.interface}`),
  };
}

/** Locally administered like the members', from a range of their own. */
const portMac = (number: number): string =>
  `06:00${number
    .toString(16)
    .padStart(8, '0')
    .replace(/../g, (pair) => `:${pair}`)}`;

export function segmentSteps(networks: readonly PlanNetwork[], on: On): Step[] {
  return networks
    .filter(({ kind }) => kind === 'switch')
    .flatMap((network) =>
      on.each(network, `segment:${network.name}`, (members, trunk) => ({
        do: { kind: 'segment', network: network.name },
        command: `join ${portsOf(members, trunk).join(' ')} with ${impairmentText(members) || 'no impairment'}`,
        undo: 'implied by the end of the lab',
      })),
    );
}

const portsOf = (members: readonly PlanMember[], trunk: PlanTrunk | undefined): string[] => [
  ...members.map(({ port }) => port ?? ''),
  ...(trunk === undefined ? [] : [trunk.interface]),
];

function impairmentText(members: readonly PlanMember[]): string {
  return members
    .flatMap(({ node, impairment }) => {
      if (impairment === undefined) return [];
      const { delay, jitter, lossRatio, duplicateRatio, reorderRatio, corruptRatio, rate } =
        impairment;
      const words = [
        delay > 0 || jitter > 0 ? `delay ${delay}ms${jitter > 0 ? ` ${jitter}ms` : ''}` : '',
        share('loss', lossRatio),
        share('duplicate', duplicateRatio),
        share('reorder', reorderRatio),
        share('corrupt', corruptRatio),
        rate === null ? '' : `rate ${rate}bit`,
      ];
      return [`${node}: ${words.filter(Boolean).join(' ')}`];
    })
    .join('; ');
}

const share = (name: string, ratio: number): string =>
  ratio > 0 ? `${name} ${Number((ratio * 100).toPrecision(6))}%` : '';

export function uplinkSteps(networks: readonly PlanNetwork[], on: On): Step[] {
  return networks
    .filter(({ uplink }) => uplink)
    .flatMap((network) =>
      on.each(network, `uplink:${network.name}`, () => ({
        do: { kind: 'uplink', network: network.name },
        command: `forward and masquerade ${network.subnets.join(' ')} from ${network.gateway.join(' ')}`,
        undo: 'implied by the end of the lab',
      })),
    );
}
