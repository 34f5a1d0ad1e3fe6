import type { PlanNetwork, PlanNode, Step } from '../../model/plan.ts';
import { impliedBy, ip } from './commands.ts';

/** The kernel's bridge of each node that is one, with its ports; where a program or a ring carries the frames, nothing is made. */
export function nodeBridgeSteps(nodes: readonly PlanNode[]): Step[] {
  return nodes.flatMap((node): Step[] => {
    if (node.bridge?.kind !== 'kernel') return [];
    const bridge = node.bridge.interface;
    return [
      {
        id: `node-bridge:${node.name}`,
        do: { kind: 'node-bridge', node: node.name, interface: bridge },
        command: ip(node, `link add ${bridge} type bridge`),
        undo: impliedBy(node),
      },
      ...node.interfaces.map(({ name }): Step => ({
        id: `bridge-port:${node.name}:${name}`,
        do: { kind: 'bridge-port', node: node.name, interface: name, bridge },
        command: ip(node, `link set ${name} master ${bridge}`),
        undo: impliedBy(node),
      })),
    ];
  });
}

/** The bridges of networks whose members a host joins in its own stack: there its interface is the bridge. Links are there before. */
export function hostBridgeSteps(
  nodes: readonly PlanNode[],
  networks: readonly PlanNetwork[],
): Step[] {
  return networks.flatMap(({ name, bridge, members }): Step[] => {
    const node = nodes.find((each) => each.name === bridge);
    const own = members.find((member) => member.node === bridge);
    if (node === undefined || own === undefined) return [];
    const { interface: device, mac } = own;
    return [
      {
        id: `host-bridge:${name}`,
        do: { kind: 'node-bridge', node: node.name, interface: device, mac },
        command: ip(node, `link add ${device} address ${mac} type bridge`),
        undo: impliedBy(node),
      },
      ...members.flatMap(({ port }): Step[] =>
        port === undefined
          ? []
          : [
              {
                id: `host-bridge-port:${name}:${port}`,
                do: { kind: 'bridge-port', node: node.name, interface: port, bridge: device },
                command: ip(node, `link set ${port} master ${device}`),
                undo: impliedBy(node),
              },
            ],
      ),
    ];
  });
}
