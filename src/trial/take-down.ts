import type { ArmNotes, ArmOptions } from './arm.ts';
import type { Lab } from '../lab/lab.ts';
import { LIMITS } from './limits.ts';
import { attemptWithin } from './cut.ts';
import { describeSeconds } from './describe-phase.ts';
import { hasCode } from './error-code.ts';
import { listLabs } from '../lab/list.ts';

/** Takes a lab down, started or starting; what does not go in time is killed. */
export async function takeDown(
  starting: Promise<Lab>,
  labId: string,
  { progress, interrupts }: ArmOptions,
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
  notes.timings['down'] = performance.now() - begun;
  progress.end(notes.facts ? describeSeconds(notes.timings['down']) : null);
}

/** Kills a lab at once; the kernel frees what it held. A lab that is gone by itself is as good. */
export function killLab(id: string): void {
  for (const { id: found, holderPid } of listLabs()) {
    if (found !== id) continue;
    try {
      process.kill(holderPid, 'SIGKILL');
    } catch (error) {
      if (!hasCode(error, 'ESRCH')) throw error;
    }
  }
}
