import { setTimeout as pause } from 'node:timers/promises';
import { judgeInspections } from '../analysis/mirror/judge-inspections.ts';
import { unexpectedFindings } from '../analysis/mirror/unexpected-findings.ts';
import type { Lab } from '../lab/lab.ts';
import { countOf } from '../report/text.ts';
import type { Expectation } from '../model/expectation.ts';
import type { MirrorDiagnosis } from '../model/mirror-doctor.ts';
import type { Plan } from '../model/plan.ts';
import type { ArmNotes, ArmOptions } from './arm.ts';
import type { Cut } from './cut.ts';
import { describeSeconds } from './describe-phase.ts';
import { LIMITS } from './limits.ts';
import { inPhase } from './phase.ts';

/** Milliseconds that servers have which are programs in the background: nobody waits for them to listen. */
const PATIENCE_MS = 3000;
const LOOK_EVERY_MS = 200;

/** Has the doctor look at each mirror, and again while there is something that the scenario does not expect. A plan without mirrors has no such phase. */
export async function diagnoseMirrors(
  lab: Lab,
  options: ArmOptions,
  notes: ArmNotes,
  cut: Cut,
): Promise<void> {
  const { mirrors = [], expectations } = options.plan;
  if (mirrors.length === 0) return;
  const line = (millis: number): string =>
    `${countOf(findingsOf(notes), 'finding')}, ${describeSeconds(millis)}`;
  await inPhase({ name: 'doctor', title: 'mirrors tried', line }, options, notes, async () => {
    const limit = performance.now() + PATIENCE_MS;
    for (;;) {
      const asked = lab.call('inspectMirrors', {}, LIMITS.inspectMirrors);
      const diagnoses = judgeInspections(mirrors, (await cut.guard(asked)).inspections);
      const isSettled = diagnoses.every((diagnosis) => isAsExpected(diagnosis, expectations));
      if (isSettled || performance.now() >= limit) {
        notes.diagnoses.push(...diagnoses);
        return;
      }
      await cut.guard(pause(LOOK_EVERY_MS));
    }
  });
}

/** What is expected may have to be waited for as well. */
const isAsExpected = (
  diagnosis: MirrorDiagnosis,
  expectations: readonly Expectation[],
): boolean => {
  const wished = expectations.flatMap((one) =>
    one.kind === 'mirror' && one.mirror === diagnosis.mirror ? (one.doctor ?? []) : [],
  );
  const found = new Set(diagnosis.findings.map(({ code }) => code));
  return (
    unexpectedFindings(diagnosis, expectations).length === 0 &&
    wished.every((code) => found.has(code))
  );
};

const findingsOf = ({ diagnoses }: ArmNotes): number =>
  diagnoses.reduce((sum, { findings }) => sum + findings.length, 0);

/** Whether a mirror's clients are those of a capture: they begin when what a mirror needs is there. */
export const playsCaptures = ({ mirrors = [] }: Plan): boolean =>
  mirrors.some(({ source }) => source.kind === 'capture');
