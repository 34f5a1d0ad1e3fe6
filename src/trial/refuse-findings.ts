import { unexpectedFindings } from '../analysis/mirror/unexpected-findings.ts';
import { Fault } from '../base/fault.ts';
import type { MirrorDiagnosis } from '../model/mirror-doctor.ts';
import type { Plan } from '../model/plan.ts';

/** A mirror that cannot copy makes its run worthless: throws a Fault with all that was found and is not expected. */
export function refuseFindings(
  diagnoses: readonly MirrorDiagnosis[],
  { expectations }: Pick<Plan, 'expectations'>,
): void {
  const found = diagnoses.flatMap((diagnosis) =>
    unexpectedFindings(diagnosis, expectations).map((finding) => ({
      mirror: diagnosis.mirror,
      ...finding,
    })),
  );
  if (found.length === 0) return;
  throw new Fault(
    'run',
    found
      .map(({ mirror, code, message }) => `Mirror "${mirror}" cannot copy (${code}): ${message}`)
      .join('. '),
    { help: [...new Set(found.map(({ help }) => help))].join('. ') },
  );
}
