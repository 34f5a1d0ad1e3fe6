import { parseIp } from '../../base/addresses.ts';
import type { Rule } from './rule.ts';

/** Each probe starts where there is a way to its destination, and back. */
export const reachable: Rule = (context, { flows, lab }) => {
  if (context.partial) return;
  const owners = new Map<string, string>();
  for (const node of lab.topology.nodes.values())
    for (const { addresses } of node.members)
      for (const { text } of addresses) owners.set(text, node.name);
  for (const { flow, path } of flows) {
    if (flow.probe.kind === 'run' || flow.probe.kind === 'script') continue;
    const { address, host } = flow.probe.target;
    const parsed = parseIp(address);
    const from = lab.topology.nodes.get(flow.from);
    if (!parsed.ok || from === undefined) continue;
    const owner = owners.get(address);
    // Where else the stack of a machine leads is the machine's to know.
    if (from.stack !== 'namespace' && (from.kind === 'container' || owner === undefined)) continue;
    if (owner === flow.from || isLoopback(address)) continue;
    const to = owner ?? host;
    if (!lab.hasRoute(flow.from, parsed.value))
      context.report('S073', [...path, 'to'], `There is no way from "${flow.from}" to "${to}"`, {
        help:
          owner === undefined
            ? 'Give a network on the way "uplink: true" if it lies outside the lab'
            : `Join them by networks with a host that forwards, or add a route: routes: [{ on: ${flow.from}, to: ${address}, via: … }]`,
      });
    else if (owner !== undefined) {
      const own = from.members.flatMap(({ addresses }) => addresses);
      const back = own.filter((item) => item.address.family === parsed.value.family);
      if (!back.some((item) => lab.hasRoute(owner, item.address)))
        context.report(
          'S073',
          [...path, 'to'],
          `There is no way back from "${owner}" to "${flow.from}"`,
        );
    }
  }
};

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');
