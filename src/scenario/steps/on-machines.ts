// On which machine each step is taken.
import { LOCAL_MACHINE } from '../../model/machine.ts';
import type { PlanMember, PlanNetwork, PlanNode, PlanTrunk, Step } from '../../model/plan.ts';
import { groupBy } from '../group.ts';

type Parts = Pick<Step, 'do' | 'command' | 'undo'>;

/** Puts steps on machines: of `local` a step does not speak. */
export interface On {
  /** Each step of a node on the node's machine, each of a link on that of its left end. */
  readonly own: (steps: readonly Step[]) => Step[];
  /** The same step on each machine of a network, with its members there and its way to the others. */
  readonly each: (
    network: PlanNetwork,
    id: string,
    make: (members: readonly PlanMember[], trunk: PlanTrunk | undefined) => Parts,
  ) => Step[];
}

export function onMachines(nodes: readonly PlanNode[]): On {
  const machines = new Map(nodes.map(({ name, machine }) => [name, machine]));
  const machineOf = (node: string): string => machines.get(node) ?? LOCAL_MACHINE;
  return {
    own: (steps) => steps.map((step) => ({ ...step, ...markOf(machineOf(nodeOf(step))) })),
    each: (network, id, make) => {
      const parts = groupBy(network.members, ({ node }) => machineOf(node));
      return Array.from(parts.size === 0 ? [[LOCAL_MACHINE, []] as const] : parts, (part) => {
        const [machine, members] = part;
        const trunk = network.trunks?.find((item) => item.machine === machine);
        return {
          id: parts.size < 2 ? id : `${id}@${machine}`,
          ...markOf(machine),
          ...make(members, trunk),
        };
      });
    },
  };
}

/** What a step says of its machine. */
export const markOf = (machine: string): Pick<Step, 'machine'> =>
  machine === LOCAL_MACHINE ? {} : { machine };

function nodeOf({ do: action }: Step): string {
  if ('node' in action) return action.node;
  return action.kind === 'veth' ? (action.left.node ?? '') : '';
}
