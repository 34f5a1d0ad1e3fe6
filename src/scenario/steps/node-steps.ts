import type { PlanNode, Step } from '../../model/plan.ts';

export function namespaceSteps(nodes: readonly PlanNode[]): Step[] {
  return nodes.map((node) => ({
    id: `namespace:${node.name}`,
    do: { kind: 'namespace', node: node.name },
    command: `ip netns add ${node.name}`,
    undo: `ip netns del ${node.name}`,
  }));
}

/** Set before links exist: what is `default` holds for links made later. */
export function sysctlSteps(nodes: readonly PlanNode[]): Step[] {
  return nodes.flatMap((node) =>
    settingsOf(node).map(([key, value]): Step => ({
      id: `sysctl:${node.name}:${key}`,
      do: { kind: 'sysctl', node: node.name, key, value },
      command: `ip netns exec ${node.name} sysctl -w ${key}=${value}`,
      undo: `implied by namespace:${node.name}`,
    })),
  );
}

function settingsOf(node: PlanNode): readonly (readonly [string, string])[] {
  const hasIpv6 = node.interfaces.some(({ addresses }) =>
    addresses.some((text) => text.includes(':')),
  );
  // A ring forwards by itself: were the kernel to forward too, every packet would pass twice.
  const forwards = node.forwarding && node.path !== 'ring';
  return [
    // A new namespace takes its IPv4 settings from the machine's, where forwarding may be on; setting it resets others,
    // so that it comes first (Documentation/networking/ip-sysctl.rst).
    ['net.ipv4.ip_forward', forwards ? '1' : '0'],
    ['net.ipv4.conf.all.rp_filter', '0'],
    ['net.ipv4.conf.default.rp_filter', '0'],
    // No link-local addresses, and with them no unasked-for packets in the captures.
    ['net.ipv6.conf.default.addr_gen_mode', '1'],
    ...(hasIpv6
      ? ([
          ...(forwards ? ([['net.ipv6.conf.all.forwarding', '1']] as const) : []),
          ['net.ipv6.conf.default.accept_dad', '0'],
          ['net.ipv6.conf.default.accept_ra', '0'],
        ] as const)
      : []),
  ];
}
