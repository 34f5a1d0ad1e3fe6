// A lab that is built for its mirrors to be tried in, and taken down again.
import { startLab } from '../lab/start-lab.ts';
import type { MirrorDiagnosis } from '../model/mirror-doctor.ts';
import { newNotes } from './arm.ts';
import { watchForCut } from './cut.ts';
import { newLabId } from './lab-id.ts';
import { labOptions } from './lab-options.ts';
import { raiseServices, standingArm } from './raise-services.ts';
import { createResultsFolder } from './results-folder.ts';
import { readSecrets } from './secrets.ts';
import { killLab, takeDown } from './take-down.ts';
import type { TrialOptions } from './trial.ts';

/** What is found of each mirror. Rejects with the Fault or Interrupted that stopped it. Nothing of the lab is left, nor any results. */
export async function examine(options: TrialOptions): Promise<readonly MirrorDiagnosis[]> {
  const { plan, planHash, out, progress, interrupts } = options;
  const secrets = await readSecrets([plan], options.folder);
  const started = new Date();
  const { scenario } = plan;
  const folder = await createResultsFolder({
    ...{ out, scenario, planHash, started, isStanding: true },
  });
  const id = newLabId();
  const notes = newNotes();
  const cut = watchForCut(interrupts);
  const arm = standingArm(options, folder.path, secrets, false);
  const kill = (): void => killLab(id);
  interrupts.killing.addEventListener('abort', kill, { once: true });
  const starting = startLab(labOptions(id, arm, notes, cut));
  try {
    await raiseServices(starting, arm, notes, cut);
    return notes.diagnoses;
  } catch (error) {
    progress.fail();
    throw error;
  } finally {
    await takeDown(starting, id, arm, notes);
    await folder.discard();
    interrupts.killing.removeEventListener('abort', kill);
  }
}
