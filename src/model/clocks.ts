import { type ClockRecord, OWN_CLOCK } from './machine.ts';
import { machineOf } from './plan-share.ts';
import type { Plan } from './plan.ts';

/** What is known of each machine's clock, by machine; one that is missing has the controller's own. */
export type Clocks = Readonly<Record<string, ClockRecord>>;

/** The clock that a node's captures are stamped with. */
export const clockAt = (clocks: Clocks, plan: Pick<Plan, 'nodes'>, node: string): ClockRecord =>
  clocks[machineOf(plan, node)] ?? OWN_CLOCK;
