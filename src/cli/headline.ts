import type { Plan } from '../model/plan.ts';
import { countNodes, countOf } from '../report/text.ts';
import { shortHash } from '../scenario/plan-hash.ts';

/** `censor · 3 hosts · 1 container · 2 networks · plan 3f9a1c · seed 1`. */
export const headline = (plan: Plan, planHash: string): string =>
  [
    plan.scenario,
    ...countNodes(plan),
    countOf(plan.networks.length, 'network'),
    `plan ${shortHash(planHash)}`,
    `seed ${plan.seed}`,
  ].join(' · ');
