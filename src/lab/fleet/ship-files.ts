// Where a part finds the scenario's own files: here where they are, on another machine where they were sent.
import type { Plan } from '../../model/plan.ts';
import { shareOf } from '../../model/plan-share.ts';
import { scenarioFiles } from '../far/files/scenario-files.ts';
import { shipScenarioFiles } from '../far/files/ship-scenario-files.ts';
import type { Fleet } from './fleet.ts';
import { type Part, onMachine } from './part.ts';

export interface PartFolders {
  /** The lab's: captures, logs, hosts files. */
  readonly directory: string;
  /** That of the scenario's main file. */
  readonly folder: string;
  /** Where programs of hosts run; absent: where runner was called. */
  readonly working?: string;
}

/** The folders as a part's agent sees them, absolute; `here` is where they are on this machine. */
export function foldersOf(fleet: Fleet, { machine, far }: Part, here: PartFolders): PartFolders {
  if (!far) return here;
  const there = far.agent.directory;
  const shipped = fleet.shipped?.get(machine.name);
  // What a program writes beside itself is gone with the lab, wherever it runs.
  return {
    directory: there,
    folder: shipped?.folder ?? there,
    working: shipped?.working ?? there,
  };
}

/** Sends each machine what its share names of the scenario's folder; once for each lab. */
export async function shipFiles(fleet: Fleet, plan: Plan, results: string): Promise<void> {
  if (fleet.shipped) return;
  const shipped = new Map<string, Pick<PartFolders, 'folder' | 'working'>>();
  fleet.shipped = shipped;
  await Promise.all(
    fleet.parts.map(async ({ machine: { name }, far }) => {
      const share = shareOf(plan, name);
      if (!far || scenarioFiles(share).length === 0) return;
      const root = `${far.agent.directory}/scenario`;
      const { scenario: folder, working } = await onMachine(
        name,
        shipScenarioFiles(far.machine, share, fleet.folder, root, {
          leaveOut: [results],
          onProgress: fleet.onProgress,
        }),
      );
      shipped.set(name, { folder, working });
    }),
  );
}
