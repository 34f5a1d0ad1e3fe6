// A lab without a trial: built, measured, its services and containers started, left up for people.
import { type ArmOptions, newNotes } from './arm.ts';
import { killLab, takeDown } from './take-down.ts';
import { LIMITS } from './limits.ts';
import { roundedTimings } from './manifest.ts';
import type { TrialOptions } from './trial.ts';
import { countOf } from '../report/text.ts';
import { createResultsFolder } from './results-folder.ts';
import { inPhase } from './phase.ts';
import { newLabId } from './lab-id.ts';
import { raiseLab } from './raise-lab.ts';
import { readSecrets } from './secrets.ts';
import { startContainers } from './start-containers.ts';
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
  const { plan, planHash, out, agentFile, progress, interrupts } = options;
  const secrets = await readSecrets([plan], options.folder);
  const started = new Date();
  const { scenario } = plan;
  const isStanding = true;
  const folder = await createResultsFolder({ out, scenario, planHash, started, isStanding });
  const id = newLabId();
  const notes = newNotes();
  const cut = watchForCut(interrupts);
  const arm: ArmOptions = {
    name: 'main',
    plan,
    directory: folder.path,
    folder: options.folder,
    build: options.build,
    secrets,
    ask: options.ask,
    finished: [],
    agentFile,
    keep: true,
    progress,
    interrupts,
    log: () => undefined,
  };
  const kill = (): void => killLab(id);
  interrupts.killing.addEventListener('abort', kill, { once: true });
  await writeInputs(folder, options);
  const starting = startLab(labOptions(id, arm, notes, cut));
  try {
    const lab = await raiseLab(starting, arm, notes, cut);
    const services = {
      name: 'services',
      title: 'services',
      line: () => countOf(plan.services.length, 'service'),
    };
    await inPhase(services, arm, notes, async () => {
      await cut.guard(lab.call('startServices', {}, LIMITS.services));
    });
    await startContainers(lab, arm, notes, cut);
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
