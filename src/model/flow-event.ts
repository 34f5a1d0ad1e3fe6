// What the log of a run (events.ndjson) says of its phases and flows; both the report and whoever reads a run again know it.
import type { Hop } from './observation.ts';
import type { PartyReport } from './script.ts';
import type { VisitRecord } from './visit.ts';

/** `time` is microseconds since the epoch, here and below. */
export interface PhaseEvent {
  readonly kind: 'phase';
  readonly time: number;
  readonly arm: 'main' | 'control';
  readonly phase: string;
  readonly state: 'begins' | 'ends' | 'breaks';
}

/** An attempt of a flow begins. */
export interface FlowBegins {
  readonly kind: 'flow-begins';
  readonly time: number;
  readonly flow: string;
  readonly attempt: number;
  readonly node: string;
}

export interface FlowEnds {
  readonly kind: 'flow-ends';
  readonly time: number;
  readonly flow: string;
  readonly attempt: number;
  readonly node: string;
  /** OONI failure string; null is success. */
  readonly failure: string | null;
  /** What the failure alone does not say, such as the step of a script. */
  readonly detail?: string;
  /** Of a traceroute. */
  readonly hops?: readonly Hop[];
  /** Of a ping, in milliseconds; null where no reply came. */
  readonly rtts?: readonly (number | null)[];
  /** Of a script: what each of its parties saw. */
  readonly parties?: readonly PartyReport[];
  /** Of a visit. */
  readonly visit?: VisitRecord;
}
