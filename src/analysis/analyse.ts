// Evidence in, verdicts out: one for each flow of the plan, in the plan's order.
import type { FiveTuple, Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import { clockAt } from '../model/clocks.ts';
import type { Flow } from '../model/traffic.ts';
import type { Verdict } from '../model/verdict.ts';
import { alignFlow } from './align.ts';
import { type Share, connectionFinder } from './attempts.ts';
import { type CaptureIndex, indexCapture } from './capture-index.ts';
import { findCause } from './cause.ts';
import { loggedCause, loggedCulprit } from './censor-log.ts';
import { describeChange } from './control.ts';
import { describeSuccess } from './describe-success.ts';
import type { ArmEvidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import { type AttemptMetrics, combineMetrics, measureAttempt } from './metrics.ts';
import { type Skew, skewOf } from './skew.ts';
import { type Remainder, explainRest } from './unexplained.ts';

export type { ArmEvidence } from './evidence.ts';

/** Judges each flow; with the evidence of a run without censors, each verdict says what they changed. */
export function analyse(evidence: ArmEvidence, control?: ArmEvidence): Verdict[] {
  const verdicts = judgeArm(evidence);
  if (!control) return verdicts;
  const undisturbed = new Map(judgeArm(control).map((verdict) => [verdict.flow, verdict]));
  return verdicts.map((verdict) => {
    const without = undisturbed.get(verdict.flow);
    if (!without) return verdict;
    const { failure, metrics } = without;
    const changed = describeChange(verdict, without);
    return { ...verdict, control: { failure, metrics, changed } };
  });
}

interface JudgedAttempt {
  readonly observation: Observation;
  readonly tuple: FiveTuple | null;
  readonly finding: Finding | null;
  /** What is to be said without a finding. */
  readonly rest: Remainder;
  readonly metrics: AttemptMetrics;
}

function judgeArm(evidence: ArmEvidence): Verdict[] {
  const { plan, observations, clocks = {} } = evidence;
  const indexes = evidence.captures.map((file) =>
    indexCapture(file, clockAt(clocks, plan, file.node)),
  );
  const lab = { ...evidence, skew: skewOf(plan, clocks) };
  const connectionsOf = connectionFinder(plan, observations, indexes, lab.skew);
  return plan.flows.map((flow) => {
    const attempts = observations
      .filter((observation) => observation.flow === flow.name)
      .toSorted((left, right) => left.attempt - right.attempt)
      .map((observation) => judgeAttempt(lab, indexes, observation, connectionsOf(observation)));
    return verdictOf(flow, attempts);
  });
}

function judgeAttempt(
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
  const finding = found
    ? { ...found, by: found.by ?? loggedBy(plan, events, observation, tuple, found, skew) }
    : loggedCause(plan, events, observation, tuple, flows[0] ?? null, skew);
  const rest =
    observation.failure === null
      ? { cause: null, summary: describeSuccess(observation), proof: [] }
      : explainRest(observation, flows, contenders);
  return { observation, tuple, finding, rest, metrics: measureAttempt(observation, flows) };
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

/** Of several attempts the first that failed speaks for the flow; if none failed, the first that was disturbed. */
function verdictOf(flow: Flow, attempts: readonly JudgedAttempt[]): Verdict {
  const failed = attempts.filter(({ observation }) => observation.failure !== null);
  const spokesman =
    failed[0] ?? attempts.find(({ finding }) => finding !== null) ?? attempts[0] ?? null;
  const metrics = combineMetrics(attempts.map((attempt) => attempt.metrics));
  if (!spokesman) return neverRan(flow, metrics);
  const { observation, finding, rest, tuple } = spokesman;
  const { cause, summary, proof } = finding ?? rest;
  return {
    flow: flow.name,
    failure: observation.failure,
    cause,
    by: finding?.by ?? null,
    summary,
    proof,
    attempts: attempts.length,
    failedAttempts: failed.length,
    fiveTuple: tuple,
    metrics,
  };
}

function neverRan(flow: Flow, metrics: Verdict['metrics']): Verdict {
  const inBackground = flow.probe.kind === 'run' && flow.probe.background;
  return {
    flow: flow.name,
    failure: inBackground ? null : 'interrupted',
    cause: null,
    by: null,
    summary: inBackground ? 'ran in the background' : 'never ran',
    proof: [],
    attempts: 0,
    failedAttempts: 0,
    fiveTuple: null,
    metrics,
  };
}
