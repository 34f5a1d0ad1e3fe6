import type { PlanCensor, PlanNode, Step, StepAction } from '../../model/plan.ts';
import { groupBy } from '../group.ts';
import { impliedBy } from './commands.ts';

type Path = Extract<StepAction, { kind: 'path' }>['path'];

const WORDS: Readonly<Record<Path, string>> = {
  ring: 'hand every packet that passes through',
  nfqueue: 'queue every packet that passes through',
  copy: 'hand a copy of every packet that passes through',
};

/** The packet path of each node with censors. */
export function pathSteps(nodes: readonly PlanNode[], censors: readonly PlanCensor[]): Step[] {
  const byNode = groupBy(censors, (censor) => censor.on);
  return nodes.flatMap((node): Step[] => {
    const own = (byNode.get(node.name) ?? []).map(({ name }) => name);
    if (own.length === 0) return [];
    const path = node.path === 'kernel' ? 'copy' : node.path;
    return [
      {
        id: `path:${node.name}`,
        do: { kind: 'path', node: node.name, path, censors: own },
        command: `${WORDS[path]} ${node.name} to ${own.join(', ')}`,
        undo: impliedBy(node),
      },
    ];
  });
}
