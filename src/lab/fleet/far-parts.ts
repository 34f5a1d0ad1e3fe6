import { resolve } from 'node:path';
import { homedir } from 'node:os';
import { machinePath } from '../../model/container.ts';
import type { FarLabPart } from '../../model/lab-mark.ts';
import type { PlanMachine } from '../../model/machine.ts';
import type { Plan } from '../../model/plan.ts';
import type { Fleet } from './fleet.ts';

/** What a lab that stays says of its parts on other machines, such that it can be read from any folder. */
export const farPartsOf = ({ parts, folder }: Fleet, plan: Plan): FarLabPart[] =>
  parts.flatMap(({ machine, labId, far }) =>
    far
      ? [
          {
            machine: withAbsolutePaths(machine, folder),
            id: labId,
            nodes: plan.nodes
              .filter((node) => node.machine === machine.name)
              .map(({ name }) => name),
          },
        ]
      : [],
  );

function withAbsolutePaths(machine: PlanMachine, folder: string): PlanMachine {
  if (machine.ssh === null) return machine;
  const absolute = (path: string): string => resolve(machinePath(path, folder, homedir()));
  const { identities, knownHosts } = machine.ssh;
  return {
    ...machine,
    ssh: {
      ...machine.ssh,
      identities: identities.map(absolute),
      knownHosts: knownHosts.map(absolute),
    },
  };
}
