import type { PlanTrunk } from '../model/plan.ts';

/** Where our own switch meets a trunk: an interface of the segment that the plan does not name. */
export const trunkPort = ({ vni }: Pick<PlanTrunk, 'vni'>): string => `runner-t${vni}`;
