import { analyse } from '../../../src/analysis/analyse.ts';
import type { Observation } from '../../../src/model/observation.ts';
import type { Signal } from '../../../src/model/verdict.ts';
import type { SignalKind } from '../../../src/model/signal.ts';
import type { Tape } from '../support/tape.ts';

/** The signals of one kind that the tape betrays of its one flow. */
export function signalsOf(
  tape: Tape,
  kind: SignalKind,
  changes: Partial<Observation> = {},
): readonly Signal[] {
  const [verdict] = analyse(tape.evidence(tape.observation(changes)));
  return (verdict?.signals ?? []).filter((signal) => signal.kind === kind);
}
