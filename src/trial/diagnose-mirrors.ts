import { judgeInspections } from '../analysis/mirror/judge-inspections.ts';
import type { Lab } from '../lab/lab.ts';
import { countOf } from '../report/text.ts';
import type { ArmNotes, ArmOptions } from './arm.ts';
import type { Cut } from './cut.ts';
import { describeSeconds } from './describe-phase.ts';
import { LIMITS } from './limits.ts';
import { inPhase } from './phase.ts';

/** Has the doctor look at each mirror, once all that its servers are is ready. A plan without mirrors has no such phase. */
export async function diagnoseMirrors(
  lab: Lab,
  options: ArmOptions,
  notes: ArmNotes,
  cut: Cut,
): Promise<void> {
  const { mirrors = [] } = options.plan;
  if (mirrors.length === 0) return;
  const line = (millis: number): string =>
    `${countOf(findingsOf(notes), 'finding')}, ${describeSeconds(millis)}`;
  await inPhase({ name: 'doctor', title: 'mirrors tried', line }, options, notes, async () => {
    const asked = lab.call('inspectMirrors', {}, LIMITS.inspectMirrors);
    const { inspections } = await cut.guard(asked);
    notes.diagnoses.push(...judgeInspections(mirrors, inspections));
  });
}

const findingsOf = ({ diagnoses }: ArmNotes): number =>
  diagnoses.reduce((sum, { findings }) => sum + findings.length, 0);
