import { type Arm } from './arm.ts';
import type { ExpectationResult } from '../model/expectation.ts';
import type { Verdict } from '../model/verdict.ts';
import { analyse } from '../analysis/analyse.ts';
import { checkExpectations } from '../analysis/expectations.ts';
import { readEvidence } from './evidence.ts';

export interface Judgement {
  readonly verdicts: readonly Verdict[];
  readonly expectations: readonly ExpectationResult[];
}

/** From what both arms saw to what happened and whether it was wished. */
export async function judge(main: Arm, control: Arm | null): Promise<Judgement> {
  const evidence = await readEvidence(main);
  const verdicts = control ? analyse(evidence, await readEvidence(control)) : analyse(evidence);
  const { plan, observations, counts } = main;
  const { containers, proxies, tunnels, mirrors, diagnoses = [], visits = [] } = main.record;
  const seen = { observations, counts, containers, proxies, tunnels, mirrors, diagnoses, visits };
  return { verdicts, expectations: checkExpectations({ plan, verdicts, ...seen }) };
}
