import type { PlanNode, Step } from '../../model/plan.ts';
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
