import type { PlanNode, Step } from '../../model/plan.ts';
import { impliedBy } from './commands.ts';

export function namespaceSteps(nodes: readonly PlanNode[]): Step[] {
  return nodes.map((node) => ({
    id: `namespace:${node.name}`,
    do: { kind: 'namespace', node: node.name },
    command: `ip netns add ${node.name}`,
    undo: `ip netns del ${node.name}`,
  }));
}

type Setting = readonly [key: string, value: string];

/** Engines turn IPv6 off in a container without a network; what is off for all forgets the rest when it comes on. */
const IPV6_ON: readonly Setting[] = [
  ['net.ipv6.conf.all.disable_ipv6', '0'],
  ['net.ipv6.conf.default.disable_ipv6', '0'],
  ['net.ipv6.conf.lo.disable_ipv6', '0'],
];

/** A bridge says nothing of its own on its networks; its loopback interface is there before. */
const IPV6_OFF: Setting = ['net.ipv6.conf.default.disable_ipv6', '1'];

const IPV4: readonly Setting[] = [
  ['net.ipv4.conf.all.rp_filter', '0'],
  ['net.ipv4.conf.default.rp_filter', '0'],
];

/** No link-local addresses, and with them no unasked-for packets in the captures. */
const NO_LINK_LOCAL: Setting = ['net.ipv6.conf.default.addr_gen_mode', '1'];
const IPV6: readonly Setting[] = [
  ['net.ipv6.conf.default.accept_dad', '0'],
  ['net.ipv6.conf.default.accept_ra', '0'],
];
const FORWARDING = { 4: 'net.ipv4.ip_forward', 6: 'net.ipv6.conf.all.forwarding' } as const;

/** Settings that are the plan's to make: a container cannot have them otherwise. */
export const PLAN_SYSCTLS: ReadonlySet<string> = new Set([
  ...Object.values(FORWARDING),
  ...[...IPV6_ON, ...IPV4, NO_LINK_LOCAL, ...IPV6].map(([key]) => key),
]);

/** Set before links exist: what is `default` holds for links made later. */
export function sysctlSteps(nodes: readonly PlanNode[]): Step[] {
  return nodes.flatMap((node) =>
    settingsOf(node).map(([key, value]) => sysctlStep(node, key, value)),
  );
}

/** A setting in the node's own namespace. */
export const sysctlStep = (node: PlanNode, key: string, value: string): Step => ({
  id: `sysctl:${node.name}:${key}`,
  do: { kind: 'sysctl', node: node.name, key, value },
  command: `ip netns exec ${node.name} sysctl -w ${key}=${value}`,
  undo: impliedBy(node),
});

function settingsOf(node: PlanNode): readonly Setting[] {
  const hasIpv6 = node.interfaces.some(({ addresses }) =>
    addresses.some((text) => text.includes(':')),
  );
  // A ring forwards by itself: were the kernel to forward too, every packet would pass twice.
  const forwards = node.forwarding && node.path !== 'ring';
  return [
    ...(node.kind === 'container' ? IPV6_ON : []),
    ...(node.bridge === undefined ? [] : [IPV6_OFF]),
    // A new namespace takes its IPv4 settings from the machine's, where forwarding may be on; setting it resets others,
    // so that it comes first (Documentation/networking/ip-sysctl.rst).
    [FORWARDING[4], forwards ? '1' : '0'],
    ...IPV4,
    NO_LINK_LOCAL,
    ...(hasIpv6 && forwards ? [[FORWARDING[6], '1'] as const] : []),
    ...(hasIpv6 ? IPV6 : []),
  ];
}
