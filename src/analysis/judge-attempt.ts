// Everything that the evidence says of one attempt.
import type { FiveTuple, Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { Signal } from '../model/verdict.ts';
import { alignFlow } from './align.ts';
import type { Share } from './attempts.ts';
import type { CaptureIndex } from './capture-index.ts';
import { findCause } from './cause.ts';
import { loggedCause, loggedCulprit, nameByLog } from './censor-log.ts';
import { describeSuccess } from './describe-success.ts';
import type { ArmEvidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import { type AttemptMetrics, measureAttempt } from './metrics.ts';
import { divertingRelay, interceptedBy, relayFinding } from './relay-log.ts';
import { signatureOf } from './signature.ts';
import { findSignals } from './signals/find-signals.ts';
import { type SeenPage, pagesOf } from './signals/repeated-page.ts';
import { type AttemptTrace, traceOf } from './signals/residual-blocking.ts';
import type { Skew } from './skew.ts';
import { type Ending, endingOf } from './stage.ts';
import { type Remainder, explainRest } from './unexplained.ts';

export interface JudgedAttempt {
  readonly observation: Observation;
  readonly tuple: FiveTuple | null;
  readonly finding: Finding | null;
  /** What is to be said without a finding. */
  readonly rest: Remainder;
  readonly ending: Ending;
  readonly signature: string | null;
  readonly signals: readonly Signal[];
  /** For comparison with other attempts; null where there is nothing to compare. */
  readonly trace: AttemptTrace | null;
  readonly pages: readonly SeenPage[];
  readonly metrics: AttemptMetrics;
}

export function judgeAttempt(
  { plan, events, skew }: ArmEvidence & { readonly skew: Skew },
  indexes: readonly CaptureIndex[],
  observation: Observation,
  { connections, contenders }: Share,
): JudgedAttempt {
  const flows = connections.map((connection) =>
    alignFlow(plan, indexes, events, observation, connection, skew),
  );
  const tuple = observation.fiveTuple ?? connections[0]?.tuple ?? null;
  const found = findCause(flows);
  const blamed = (one: Finding): Finding => ({
    ...one,
    by: one.by ?? loggedBy(plan, events, observation, tuple, one, skew),
  });
  const tuples = [...connections.map((one) => one.tuple), ...(tuple ? [tuple] : [])];
  const relayed = relayFinding(plan, events, observation, tuples, skew);
  const diverting = divertingRelay(plan, events, observation, tuples, skew);
  const told = found
    ? nameByLog(plan, events, observation, tuple, blamed(found), skew)
    : loggedCause(plan, events, observation, tuple, flows[0] ?? null, skew);
  const finding = relayed ?? (told && diverting ? interceptedBy(diverting, told) : told);
  const rest =
    observation.failure === null
      ? { cause: null, summary: describeSuccess(observation), proof: [] }
      : explainRest(observation, flows, contenders);
  return {
    observation,
    tuple,
    finding,
    rest,
    ending: endingOf(observation, (finding ?? rest).cause),
    signature: flows.map(signatureOf).find((one) => one !== null) ?? null,
    signals: findSignals(flows),
    trace: traceOf(observation, flows[0], finding),
    pages: flows.flatMap(pagesOf),
    metrics: measureAttempt(observation, flows),
  };
}

/** Chance has no culprit; everything else may have one that its log names. */
const loggedBy = (
  plan: Plan,
  events: ArmEvidence['events'],
  observation: Observation,
  tuple: FiveTuple | null,
  { cause }: Finding,
  skew: Skew,
): string | null =>
  cause === 'link-loss' ? null : loggedCulprit(plan, events, observation, tuple, cause, skew);
