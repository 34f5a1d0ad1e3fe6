import { type IpAddress, parseIp, parsePrefix, prefixContains } from '../../base/addresses.ts';
import type { ResolvedFlow } from '../resolve/flows.ts';
import type { Resolved } from '../resolve/scenario.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Each probe starts where there is a way to its destination, and back. */
export const reachable: Rule = (context, { flows, lab, tunnels, bundles }) => {
  if (context.partial) return;
  const owners = new Map<string, string>();
  for (const node of lab.topology.nodes.values())
    for (const { addresses } of node.members)
      for (const { text } of addresses) owners.set(text, node.name);
  for (const { start, address, host, path } of flows.flatMap(waysOf)) {
    const parsed = parseIp(address);
    const from = lab.topology.nodes.get(start);
    if (!parsed.ok || from === undefined) continue;
    const owner = owners.get(address);
    // Where else the stack of a machine leads is the machine's to know.
    if (from.stack !== 'namespace' && (from.kind === 'container' || owner === undefined)) continue;
    if (owner === start || isLoopback(address)) continue;
    if (goesByTunnel({ tunnels, bundles }, start, parsed.value)) continue;
    const to = owner ?? host;
    if (!lab.hasRoute(start, parsed.value))
      context.report('S073', path, `There is no way from "${start}" to "${to}"`, {
        help:
          owner === undefined
            ? 'Give a network on the way "uplink: true" if it lies outside the lab'
            : `Join them by networks with a host that forwards, or add a route: routes: [{ on: ${start}, to: ${address}, via: … }]`,
      });
    else if (owner !== undefined) {
      const own = from.members.flatMap(({ addresses }) => addresses);
      const back = own.filter((item) => item.address.family === parsed.value.family);
      if (!back.some((item) => lab.hasRoute(owner, item.address)))
        context.report('S073', path, `There is no way back from "${owner}" to "${start}"`);
    }
  }
};

/** Answers come back by it. */
const goesByTunnel = (
  { tunnels, bundles }: Pick<Resolved, 'tunnels' | 'bundles'>,
  start: string,
  address: IpAddress,
): boolean =>
  [
    ...tunnels.flatMap(({ tunnel: { client, server }, routed }) => [
      ...(client.node === start ? [...routed, ...server.addresses] : []),
      ...(server.node === start ? client.addresses : []),
    ]),
    ...bundles.flatMap(({ bundle }) => (bundle.client === start ? bundle.routed : [])),
  ].some((text) => {
    const prefix = parsePrefix(text);
    return prefix.ok && prefixContains(prefix.value, address);
  });

interface Way {
  readonly start: string;
  readonly address: string;
  readonly host: string;
  readonly path: Path;
}

/** The ways that a flow needs, by where the file asks for them. */
function waysOf({ flow, path }: ResolvedFlow): readonly Way[] {
  const { probe, from } = flow;
  if (probe.kind === 'run' || probe.kind === 'visit') return [];
  if (probe.kind !== 'script') return [{ start: from, ...probe.target, path: [...path, 'to'] }];
  const nodes = new Map(probe.parties.map(({ name, node }) => [name, node]));
  return probe.transport === 'unix'
    ? []
    : probe.channels.map((channel) => ({
        start: nodes.get(channel.from) ?? from,
        address: channel.destination.address,
        host: channel.to,
        path: [...path, 'between'],
      }));
}

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');
