import type { ArmNotes, ArmOptions } from './arm.ts';
import type { Lab } from '../lab/lab.ts';
import { LIMITS } from './limits.ts';
import { asFault, attemptWithin } from './cut.ts';
import { LOCAL_MACHINE } from '../model/machine.ts';
import { containerNodes } from '../model/plan-containers.ts';
import { shareOf } from '../model/plan-share.ts';
import { describeSeconds } from './describe-phase.ts';
import { hasCode } from './error-code.ts';
import { listLiveLabs } from '../lab/list.ts';
import { removeContainers } from '../lab/remove-containers.ts';

/** Takes a lab down, started or starting; what does not go in time is killed. What stays all the same is a warning. */
export async function takeDown(
  starting: Promise<Lab>,
  labId: string,
  { plan, progress, interrupts }: ArmOptions,
  notes: ArmNotes,
): Promise<void> {
  progress.begin('lab down');
  const begun = performance.now();
  const closed = starting.then(
    (lab) => lab.close().then(() => true),
    () => true,
  );
  if ((await attemptWithin(closed, LIMITS.close, interrupts.killing)) !== true) {
    killLab(labId);
    await attemptWithin(closed, LIMITS.killed);
  }
  notes.leftovers.push(...((await attemptWithin(starting, 0))?.leftovers() ?? []));
  // Those of other machines are removed there.
  const here = containerNodes(shareOf(plan, LOCAL_MACHINE));
  if (notes.hasContainers !== 'none' && here.length > 0) {
    const nodes = here.map(({ name }) => name);
    const wasBuilding = notes.hasContainers === 'some';
    await removeContainers(labId, nodes, wasBuilding).catch((error: unknown) => {
      notes.leftovers.push(leftoverText(error));
    });
  }
  notes.timings['down'] = performance.now() - begun;
  progress.end(notes.facts && notes.leftovers.length === 0 ? describeDown(notes) : null);
  for (const warning of notes.leftovers) progress.warn(warning);
}

const leftoverText = (error: unknown): string => {
  const { message, help } = asFault(error);
  return help === undefined ? message : `${message}. ${help}`;
};

const describeDown = ({ timings }: ArmNotes): string => describeSeconds(timings['down'] ?? 0);

/** Kills a lab at once; the kernel frees what it held. A lab that is gone by itself is as good. */
export function killLab(id: string): void {
  for (const { id: found, holderPid } of listLiveLabs()) {
    if (found !== id) continue;
    try {
      process.kill(holderPid, 'SIGKILL');
    } catch (error) {
      if (!hasCode(error, 'ESRCH')) throw error;
    }
  }
}
