import { type IpPrefix, formatPrefix, parseIp, prefixContains } from '../../base/addresses.ts';
import type { Lab } from '../resolve/lab.ts';
import type { Rule } from './rule.ts';

/** Routes of the lab do not lead away from what carries it. */
export const underlays: Rule = (context, { lab, machines }) => {
  for (const { plan, addressSpan } of machines.used) {
    const { address } = plan.underlay;
    if (address === null || addressSpan === undefined) continue;
    for (const network of lab.topology.networks.values()) {
      const subnet = network.subnets.find((item) => coversText(item, address));
      if (subnet === undefined) continue;
      const stack = stackThatReaches(lab, formatPrefix(subnet));
      context.reportAt(
        'S144',
        addressSpan,
        `The underlay "${address}" lies in the subnet ${formatPrefix(subnet)} of the network "${network.name}"`,
        {
          severity: stack === undefined ? 'warning' : 'error',
          related: [{ message: 'The network', span: context.spanOf(network.path) }],
          help:
            stack === undefined
              ? 'Within the lab, the address is that of a host of the lab'
              : `The route of "${stack}" would lead into the lab: give the network another subnet`,
        },
      );
    }
  }
};

function coversText(prefix: IpPrefix, text: string): boolean {
  const parsed = parseIp(text);
  return parsed.ok && prefixContains(prefix, parsed.value);
}

/** The host on the stack of a machine that has a route to the prefix. */
const stackThatReaches = (lab: Lab, prefix: string): string | undefined =>
  [...lab.topology.nodes.values()].find(
    ({ name, stack }) =>
      stack === 'machine' && (lab.routes.get(name) ?? []).some(({ to }) => to === prefix),
  )?.name;
