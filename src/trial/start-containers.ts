import type { ArmNotes, ArmOptions } from './arm.ts';
import type { Cut } from './cut.ts';
import type { Lab } from '../lab/lab.ts';
import { countOf } from '../report/text.ts';
import { describeSeconds } from './describe-phase.ts';
import { inPhase } from './phase.ts';
import { startLimit } from './limits.ts';

/** Lets the containers go, and waits until each is ready. A plan without has no such phase. */
export async function startContainers(
  lab: Lab,
  options: ArmOptions,
  notes: ArmNotes,
  cut: Cut,
): Promise<void> {
  if (notes.hasContainers === 'none') return;
  const line = (millis: number): string =>
    `${countOf(notes.containers.length, 'container')} ready, ${describeSeconds(millis)}`;
  await inPhase({ name: 'start', title: 'containers', line }, options, notes, async () => {
    const started = lab.call('startContainers', {}, startLimit(options.plan));
    notes.containers = (await cut.guard(started)).containers;
  });
}
