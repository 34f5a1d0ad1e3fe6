import type { MirrorDiagnosis, MirrorInspection } from '../../model/mirror-doctor.ts';
import type { PlanMirror } from '../../model/mirror.ts';
import { findMirrorFaults } from './find-mirror-faults.ts';

/** What was found of each mirror, in the order of the plan; what holds for several addresses of a target is said once. */
export const judgeInspections = (
  mirrors: readonly PlanMirror[],
  inspections: readonly MirrorInspection[],
): MirrorDiagnosis[] =>
  mirrors.map((mirror) => {
    const found = inspections
      .filter((inspection) => inspection.mirror === mirror.name)
      .flatMap(({ facts }) => findMirrorFaults(mirror, facts));
    const first = new Map(found.toReversed().map((finding) => [finding.code, finding]));
    return {
      mirror: mirror.name,
      findings: found.filter((finding) => first.get(finding.code) === finding),
    };
  });
