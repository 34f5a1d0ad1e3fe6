import type { LinkEnd, PlanMember, PlanNetwork, PlanNode, Step } from '../../model/plan.ts';
import { ip, linkCommand } from './commands.ts';

export type Bridges = ReadonlyMap<string, string>;

export function bridgeSteps(bridges: Bridges): Step[] {
  return Array.from(bridges, ([network, name]) => ({
    id: `bridge:${network}`,
    do: { kind: 'bridge', network, interface: name },
    command: ip(null, `link add ${name} type bridge`),
    undo: ip(null, `link del ${name}`),
  }));
}

/** One link joins two members; otherwise each member has one to a port in the lab's own namespace. */
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
      return [linkStep(`veth:${network.name}`, network.name, ends, endOf(right))];
    }
    const master = bridges.get(network.name);
    return network.members.map((member) => {
      ports += 1;
      const port: LinkEnd = {
        node: null,
        interface: member.port ?? '',
        mac: portMac(ports),
        ...(master === undefined ? {} : { master }),
      };
      const id = `veth:${network.name}:${member.node}`;
      return linkStep(id, network.name, [sideOf(member, nodes)], port);
    });
  });
}

interface Side {
  readonly end: LinkEnd;
  readonly mtu: number;
  readonly offload: boolean;
}

const endOf = (member: PlanMember): LinkEnd => ({
  node: member.node,
  interface: member.interface,
  mac: member.mac,
});

function sideOf(member: PlanMember, nodes: ReadonlyMap<string, PlanNode>): Side {
  const own = nodes.get(member.node)?.interfaces.find(({ name }) => name === member.interface);
  return { end: endOf(member), mtu: own?.mtu ?? 1500, offload: own?.offload ?? false };
}

function linkStep(
  id: string,
  network: string,
  sides: readonly [Side, ...Side[]],
  right: LinkEnd,
): Step {
  const left = sides[0].end;
  const mtu = Math.min(...sides.map((side) => side.mtu));
  const offload = sides.every((side) => side.offload);
  return {
    id,
    do: { kind: 'veth', network, left, right, mtu, offload },
    command: linkCommand(left, right, mtu),
    undo: ip(left.node, `link del ${left.interface}`),
  };
}

/** Locally administered like the members', from a range of their own. */
const portMac = (number: number): string =>
  `06:00${number
    .toString(16)
    .padStart(8, '0')
    .replace(/../g, (pair) => `:${pair}`)}`;

export function segmentSteps(networks: readonly PlanNetwork[]): Step[] {
  return networks
    .filter(({ kind }) => kind === 'switch')
    .map(({ name, members }) => ({
      id: `segment:${name}`,
      do: { kind: 'segment', network: name },
      command: `join ${members.map(({ port }) => port ?? '').join(' ')} with ${impairmentText(members)}`,
      undo: 'implied by the end of the lab',
    }));
}

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

export function uplinkSteps(networks: readonly PlanNetwork[]): Step[] {
  return networks
    .filter(({ uplink }) => uplink)
    .map(({ name, gateway, subnets }) => ({
      id: `uplink:${name}`,
      do: { kind: 'uplink', network: name },
      command: `forward and masquerade ${subnets.join(' ')} from ${gateway.join(' ')}`,
      undo: 'implied by the end of the lab',
    }));
}
