// The two forms in which a judged capture is printed: lines for people, one JSON object for programs.
import type { PlanCensor } from '../../model/plan.ts';
import type { CaptureJudge } from '../../offline/capture-judge.ts';
import type { FlowRecord } from '../../offline/flow-record.ts';
import type { JudgedPacket } from '../../offline/judged-packet.ts';

/** What was asked for. */
export interface Heading {
  readonly scenario: string;
  readonly capture: string;
  readonly censor: Pick<PlanCensor, 'name' | 'position'>;
  readonly seed: number;
}

/** Flows that are listed; of more, the number is told. */
export const FLOWS_LISTED = 100_000;

/** Text builds up with each call until `take` fetches it. */
export interface Listing {
  addPacket(packet: JudgedPacket): void;
  addFlow(flow: FlowRecord): void;
  /** What was not printed yet. */
  take(): string;
  /** What comes after the last packet and the last flow. */
  close(judge: CaptureJudge, notes: readonly string[]): void;
}
