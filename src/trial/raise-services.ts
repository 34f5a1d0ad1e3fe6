// A lab without a trial, as `up` and `doctor` want it: built, measured, its services and containers started.
import type { Lab } from '../lab/lab.ts';
import { countOf } from '../report/text.ts';
import type { ArmNotes, ArmOptions } from './arm.ts';
import type { Cut } from './cut.ts';
import { diagnoseMirrors } from './diagnose-mirrors.ts';
import { LIMITS } from './limits.ts';
import { inPhase } from './phase.ts';
import { raiseLab } from './raise-lab.ts';
import { startContainers } from './start-containers.ts';
import type { TrialOptions } from './trial.ts';

/** Its mirrors have been tried. */
export async function raiseServices(
  starting: Promise<Lab>,
  arm: ArmOptions,
  notes: ArmNotes,
  cut: Cut,
): Promise<Lab> {
  const lab = await raiseLab(starting, arm, notes, cut);
  const services = {
    name: 'services',
    title: 'services',
    line: () => countOf(arm.plan.services.length, 'service'),
  };
  await inPhase(services, arm, notes, async () => {
    await cut.guard(lab.call('startServices', {}, LIMITS.services));
  });
  await startContainers(lab, arm, notes, cut);
  await diagnoseMirrors(lab, arm, notes, cut);
  return lab;
}

/** Its one arm, which nobody logs. */
export const standingArm = (
  { plan, folder, build, ask, agentFile, progress, interrupts }: TrialOptions,
  directory: string,
  secrets: ArmOptions['secrets'],
  keep: boolean,
): ArmOptions => ({
  name: 'main',
  ...{ plan, directory, folder, build, secrets, ask, agentFile, keep, progress, interrupts },
  finished: [],
  log: () => undefined,
});
