import { EXIT, Fault } from '../base/fault.ts';
import type { Interrupts } from '../trial/interrupt.ts';
import type { TrialResult } from '../trial/trial.ts';

/** Exit code of a trial that left results. */
export function exitCodeOf({ cut, report }: TrialResult, interrupts: Interrupts): number {
  if (cut instanceof Fault) return cut.exitCode;
  if (cut) return interruptedCode(interrupts);
  return report.manifest.status === 'passed' ? EXIT.ok : EXIT.expectationFailed;
}

/** 130 for Ctrl-C; 143 for SIGTERM, and for a terminal that went away. */
export const interruptedCode = ({ received }: Interrupts): number =>
  received === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
