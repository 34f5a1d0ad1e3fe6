import type { ArmNotes } from './arm.ts';
import type { Lab } from '../lab/lab.ts';

/** What is known of the lab's machines by now; their clocks are known best when the captures have been collected. */
export function noteMachines(lab: Lab, notes: ArmNotes): void {
  notes.machines = lab.machines();
  notes.steppedClocks = lab.warnings();
}
