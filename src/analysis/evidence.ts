import type { Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { AgentEvent } from '../model/rpc.ts';

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
  readonly captures: readonly CaptureFile[];
  readonly events: readonly AgentEvent[];
  readonly observations: readonly Observation[];
}
