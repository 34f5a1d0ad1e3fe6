import type { ArmNotes, ArmOptions } from './arm.ts';
import type { Cut } from './cut.ts';
import type { LabOptions } from '../lab/lab.ts';
import { takeEvent } from './take-event.ts';

/** What the lab of an arm is started with. */
export const labOptions = (
  labId: string,
  arm: ArmOptions,
  notes: ArmNotes,
  cut: Cut,
): LabOptions => ({
  labId,
  scenario: arm.plan.scenario,
  agentFile: arm.agentFile,
  plan: arm.plan,
  onEvent: (event) => takeEvent(event, arm, notes, cut),
  keepable: arm.keep,
  abroad: {
    folder: arm.folder,
    ask: arm.ask,
    onProgress: (text) => arm.progress.update(text),
    onNotice: (text) => arm.progress.warn(text),
    stopping: arm.interrupts.stopping,
    killing: arm.interrupts.killing,
  },
});
