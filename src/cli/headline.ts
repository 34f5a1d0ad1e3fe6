import { SHORT_HASH } from '../trial/results-name.ts';
import type { Plan } from '../model/plan.ts';
import { countOf } from '../report/text.ts';

/** `censor · 3 hosts · 2 networks · plan 3f9a1c · seed 1`. */
export const headline = (plan: Plan, planHash: string): string =>
  [
    plan.scenario,
    countOf(plan.nodes.length, 'host'),
    countOf(plan.networks.length, 'network'),
    `plan ${planHash.slice(0, SHORT_HASH)}`,
    `seed ${plan.seed}`,
  ].join(' · ');
