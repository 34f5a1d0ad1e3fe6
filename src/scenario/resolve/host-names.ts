// What `/etc/hosts` says: every node by its name, `<name>.lab`, and the names that it serves.
import type { HostNames } from '../../model/plan.ts';
import type { ScenarioFile } from '../../model/scenario-file.ts';
import { type WebContent, namesOfContent } from './web/web.ts';
import type { Network, Node, Topology } from './topology.ts';

/** The domain that every node is in besides having its bare name. */
export const LAB_DOMAIN = 'lab';

const LOCALHOST: readonly HostNames[] = [
  { address: '127.0.0.1', names: ['localhost'] },
  { address: '::1', names: ['localhost', 'ip6-localhost'] },
];

/**
 * Names that TLS, HTTP, web and QUIC services answer to, with the nodes they are on, in the order of the file. `web` has what web servers
 * give, by the place of their entries.
 */
export function servedNames(
  scenario: ScenarioFile,
  web: ReadonlyMap<number, WebContent>,
): ReadonlyMap<string, readonly string[]> {
  const served = new Map<string, string[]>();
  for (const [index, { on, serve }] of (scenario.traffic ?? []).entries()) {
    if (on === undefined || serve === undefined) continue;
    const hosts = [
      ...[serve.tls, serve.quic, serve.dns].flatMap((server) => server?.names ?? []),
      ...Object.keys(serve.http?.sites ?? {}),
      ...namesOfContent(web.get(index)),
    ];
    for (const host of hosts) {
      // A site's key may carry a port or be "*" for any.
      const name = /^[^:*/]+/.exec(host.toLowerCase())?.[0];
      if (name === undefined || name !== host.toLowerCase()) continue;
      const nodes = served.get(name) ?? [];
      if (!nodes.includes(on)) nodes.push(on);
      served.set(name, nodes);
    }
  }
  return served;
}

/** The lines that all nodes have in common. With a DNS server in the lab, served names are for it to tell. */
export function commonNames(
  topology: Topology,
  served: ReadonlyMap<string, readonly string[]>,
  hasDns: boolean,
): readonly HostNames[] {
  const byNode = new Map<string, string[]>();
  if (!hasDns)
    for (const [name, nodes] of served)
      for (const node of nodes) byNode.set(node, [...(byNode.get(node) ?? []), name]);
  const lines = [...topology.nodes.values()].flatMap((node) =>
    addressesOf(node).map((address) => ({
      address,
      names: namesOf(node.name, byNode.get(node.name) ?? []),
    })),
  );
  return [...LOCALHOST, ...lines];
}

/**
 * Lines that must come first for some nodes: a node with several addresses is best reached by the one on a network of
 * one's own. By node; those without such lines are left out.
 */
export function nearerNames(
  topology: Topology,
  common: readonly HostNames[],
): ReadonlyMap<string, readonly HostNames[]> {
  const lineOf = new Map(common.map((line) => [line.address, line]));
  const nearer = new Map<string, HostNames[]>();
  for (const network of topology.segments.values())
    for (const member of network.members) {
      const node = topology.nodes.get(member.node);
      if (node === undefined || node.members[0]?.segment === network.name) continue;
      const lines = member.addresses.flatMap(({ text }) => lineOf.get(text) ?? []);
      for (const other of othersMeetingFirstOn(network, node, topology))
        nearer.set(other, [...(nearer.get(other) ?? []), ...lines]);
    }
  return nearer;
}

/** Members of the segment that share no earlier one with the node. */
function othersMeetingFirstOn(network: Network, node: Node, topology: Topology): string[] {
  const earlier = new Set<string>();
  for (const { segment } of node.members) {
    if (segment === network.name) break;
    earlier.add(segment);
  }
  return network.members.flatMap((member) => {
    const other = topology.nodes.get(member.node);
    if (other === undefined || other === node) return [];
    return other.members.some((side) => earlier.has(side.segment)) ? [] : [other.name];
  });
}

const addressesOf = (node: Node): string[] =>
  node.members.flatMap(({ addresses }) => addresses.map(({ text }) => text));

const namesOf = (node: string, served: readonly string[]): string[] => [
  ...new Set([node, `${node}.${LAB_DOMAIN}`, ...served]),
];
