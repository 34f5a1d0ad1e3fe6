import type { RelayPort } from '../relay-port.ts';
import type { Shared } from '../shared.ts';
import { Witness } from './witness.ts';

/** The witness of a session by its number; null where nothing is mutated. */
export function openWitness(session: number, shared: Shared, port: RelayPort): Witness | null {
  const { fuzzing, protocol, tally } = shared;
  if (fuzzing === null) return null;
  return new Witness({
    session,
    protocol,
    patience: fuzzing.patience,
    usual: fuzzing.usual,
    report: (finding) => {
      tally.noteFinding(finding.answer);
      port.finding(finding);
    },
  });
}
