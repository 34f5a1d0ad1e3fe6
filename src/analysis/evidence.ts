import type { Clocks } from '../model/clocks.ts';
import type { Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { AgentEvent } from '../model/rpc.ts';
import type { VisitRecord } from '../model/visit.ts';

/** A finished capture, whole. */
export interface CaptureFile {
  /** `client.inside`. */
  readonly capture: string;
  readonly node: string;
  readonly network: string;
  /** The pcap file. */
  readonly bytes: Uint8Array;
}

/** What one run of a plan left behind. */
export interface ArmEvidence {
  readonly plan: Plan;
  /** As captured, each on its own machine's clock. */
  readonly captures: readonly CaptureFile[];
  /** Events and observations have been corrected when they arrived. Absent when all of the plan is on the controller's machine. */
  readonly clocks?: Clocks;
  readonly events: readonly AgentEvent[];
  readonly observations: readonly Observation[];
  /** Of a plan with visits: those that were not made as well. */
  readonly visits?: readonly VisitRecord[];
}
