// Words that stand for addresses in routes, rules and targets: networks, hosts, prefixes.
import { formatPrefix, networkAddress, parseIp, parsePrefix } from '../../base/addresses.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Member, MemberAddress, Node, Topology } from './topology.ts';

/** The prefixes that a word stands for; what cannot be read is reported, and gives none. */
export function prefixesOf(
  context: Context,
  topology: Topology,
  word: string,
  path: Path,
): readonly string[] {
  const network = topology.networks.get(word);
  if (network !== undefined) return network.subnets.map(formatPrefix);
  const node = topology.nodes.get(word);
  if (node?.bridge !== undefined) {
    reportBridge(context, node, path);
    return [];
  }
  if (node !== undefined)
    return node.members.flatMap(({ addresses }) => addresses.map(({ text }) => asPrefix(text)));
  if (context.written.nodes.has(word) || context.written.networks.has(word)) return [];
  const looksLikeAddress = /[:/]|^\d+(\.\d+){3}$/.test(word);
  if (!looksLikeAddress) {
    const known = [...topology.networks.keys(), ...topology.nodes.keys()];
    context.report('S060', path, `There is no network, host or container "${word}"`, {
      help:
        context.suggest(word, known) ?? 'Write a prefix such as "10.0.0.0/24", a network or a host',
    });
    return [];
  }
  const parsed = parsePrefix(word.includes('/') ? word : asPrefix(word));
  if (parsed.ok) return [formatPrefix({ ...parsed.value, address: networkAddress(parsed.value) })];
  context.report('S065', path, parsed.error);
  return [];
}

/** That a bridge is written where a node with addresses is meant. */
export const reportBridge = (context: Context, node: Node, path: Path): void =>
  context.report('S132', path, `The ${node.kind} "${node.name}" is a bridge and has no addresses`, {
    help: 'Name a host on one of its networks',
  });

/** An address as the prefix that holds it alone. */
export const asPrefix = (address: string): string =>
  `${address}/${address.includes(':') ? 128 : 32}`;

/** The first pair of sides that two nodes have on one segment, in the order of the first node's networks. */
export function sharedNetwork(
  from: Node,
  to: Node,
): { readonly own: Member; readonly other: Member } | undefined {
  for (const own of from.members) {
    const other = to.members.find((member) => member.segment === own.segment);
    if (other !== undefined) return { own, other };
  }
  return undefined;
}

/** The side of `node` whose subnet holds `address`, and the member there that has it, if one does. */
export function sideOf(
  topology: Topology,
  node: Node,
  address: string,
): { readonly own: Member; readonly other: Member | undefined } | undefined {
  const parsed = parseIp(address);
  if (!parsed.ok) return undefined;
  for (const own of node.members) {
    const members = topology.segments.get(own.segment)?.members ?? [];
    const has = (item: MemberAddress): boolean => item.text === address;
    const other = members.find((member) => member.addresses.some(has));
    if (other !== undefined) return { own, other };
  }
  return undefined;
}
