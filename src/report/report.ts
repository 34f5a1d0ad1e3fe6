import type { Expectation, ExpectationResult } from '../model/expectation.ts';
import type { FlowBegins, FlowEnds, PhaseEvent } from '../model/flow-event.ts';
import type { MirrorSighting } from '../model/mirror-packets.ts';
import type { AgentEvent } from '../model/rpc.ts';
import type { Plan } from '../model/plan.ts';
import type { RunManifest } from '../model/run.ts';
import type { Verdict } from '../model/verdict.ts';
import type { VisitRecord } from '../model/visit.ts';

/** Everything that a report shows of one run. */
export interface Report {
  readonly plan: Plan;
  /** `files` is left out: reports are among the files it hashes. */
  readonly manifest: Omit<RunManifest, 'files'>;
  readonly verdicts: readonly Verdict[];
  readonly expectations: readonly ExpectationResult[];
}

/** A line of events.ndjson. `time` is microseconds since the epoch. */
export type RunEvent =
  | AgentEvent
  | PhaseEvent
  | FlowBegins
  | FlowEnds
  /** A censor is as the traffic's control of this name says, from now on. */
  | {
      readonly kind: 'control';
      readonly time: number;
      readonly control: string;
      readonly censor: string;
      readonly state: 'stopped' | 'started' | 'reloaded';
    }
  /** The same of a proxy, or of a fault or rule of it. */
  | {
      readonly kind: 'proxy-control';
      readonly time: number;
      readonly control: string;
      readonly proxy: string;
      readonly fault?: string;
      readonly rule?: string;
      readonly state: 'enabled' | 'disabled';
    }
  /** A tunnel migrates from now on, or no more, or goes another way. */
  | {
      readonly kind: 'tunnel-control';
      readonly time: number;
      readonly control: string;
      readonly tunnel: string;
      readonly migrates?: boolean;
      readonly to?: string;
    }
  /** A visit that was not made: an earlier run has finished it, or its page was given up. */
  | { readonly kind: 'visit-left-out'; readonly time: number; readonly visit: VisitRecord };

/** An expectation with its outcome in one flat object: what expectations.json and `--json` hold. */
export type ExpectationRecord = Expectation & { readonly held: boolean; readonly detail: string };

export const expectationRecords = (
  results: readonly ExpectationResult[],
): readonly ExpectationRecord[] =>
  results.map(({ expectation, held, detail }) => ({ ...expectation, held, detail }));

/** What report.html holds beyond the report: text of the scenario and the events shown. */
export interface HtmlExtras {
  /** Each file of the scenario, the main one first. */
  readonly sources: readonly { readonly file: string; readonly text: string }[];
  /** The first events of the run, at most MAX_TIMELINE. */
  readonly events: readonly RunEvent[];
  /** How many events there were in all. */
  readonly eventCount: number;
  /** A session of each mirror in the captures of its servers; absent where none was copied. */
  readonly sightings?: readonly MirrorSighting[];
}
