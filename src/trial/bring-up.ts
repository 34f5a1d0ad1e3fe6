// A lab without a trial, left up for people.
import { newNotes } from './arm.ts';
import { killLab, takeDown } from './take-down.ts';
import { roundedTimings } from './manifest.ts';
import type { TrialOptions } from './trial.ts';
import { createResultsFolder } from './results-folder.ts';
import { newLabId } from './lab-id.ts';
import { LIMITS } from './limits.ts';
import { playsCaptures } from './diagnose-mirrors.ts';
import { raiseServices, standingArm } from './raise-services.ts';
import { readSecrets } from './secrets.ts';
import { labOptions } from './lab-options.ts';
import { startLab } from '../lab/start-lab.ts';
import { watchForCut } from './cut.ts';
import { writeInputs } from './write-results.ts';

export interface StandingLab {
  readonly id: string;
  /** Where its services log; absolute. */
  readonly directory: string;
  /** Milliseconds, by phase. */
  readonly timings: Readonly<Record<string, number>>;
}

/** Rejects with the Fault or Interrupted that stopped it; then nothing of it is left. */
export async function bringUp(options: TrialOptions): Promise<StandingLab> {
  const { plan, planHash, out, progress, interrupts } = options;
  const secrets = await readSecrets([plan], options.folder);
  const started = new Date();
  const { scenario } = plan;
  const isStanding = true;
  const folder = await createResultsFolder({ out, scenario, planHash, started, isStanding });
  const id = newLabId();
  const notes = newNotes();
  const cut = watchForCut(interrupts);
  const arm = standingArm(options, folder.path, secrets, true);
  const kill = (): void => killLab(id);
  interrupts.killing.addEventListener('abort', kill, { once: true });
  await writeInputs(folder, options);
  const starting = startLab(labOptions(id, arm, notes, cut));
  try {
    const lab = await raiseServices(starting, arm, notes, cut);
    // People may mend it where it stands.
    for (const { mirror, findings } of notes.diagnoses)
      for (const { code, message, help } of findings)
        progress.warn(`Mirror "${mirror}" cannot copy (${code}): ${message}. ${help}`);
    if (playsCaptures(plan)) await cut.guard(lab.call('playMirrors', {}, LIMITS.playMirrors));
    await cut.guard(lab.detach());
    return { id, directory: folder.path, timings: roundedTimings(notes.timings) };
  } catch (error) {
    progress.fail();
    await takeDown(starting, id, arm, notes);
    await folder.discard();
    throw error;
  } finally {
    interrupts.killing.removeEventListener('abort', kill);
  }
}
