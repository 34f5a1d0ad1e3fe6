import type { Expectation } from '../../model/expectation.ts';
import type { MirrorDiagnosis, MirrorFinding } from '../../model/mirror-doctor.ts';

/** What the doctor found of a mirror but for what the scenario expects: without a mend there is no use in the traffic. */
export function unexpectedFindings(
  { mirror, findings }: MirrorDiagnosis,
  expectations: readonly Expectation[],
): MirrorFinding[] {
  const expected = new Set(
    expectations.flatMap((one) =>
      one.kind === 'mirror' && one.mirror === mirror ? (one.doctor ?? []) : [],
    ),
  );
  return findings.filter(({ code }) => !expected.has(code));
}
