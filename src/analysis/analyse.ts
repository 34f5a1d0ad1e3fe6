// Evidence in, verdicts out: one for each flow of the plan, in the plan's order.
import { clockAt } from '../model/clocks.ts';
import type { Observation } from '../model/observation.ts';
import type { Flow } from '../model/traffic.ts';
import type { Signal, Verdict } from '../model/verdict.ts';
import { connectionFinder } from './attempts.ts';
import { indexCapture } from './capture-index.ts';
import { describeChange } from './control.ts';
import type { ArmEvidence } from './evidence.ts';
import { type JudgedAttempt, judgeAttempt } from './judge-attempt.ts';
import { combineMetrics } from './metrics.ts';
import { mergeSignals } from './signals/find-signals.ts';
import { signalRepeatedPages } from './signals/repeated-page.ts';
import { signalResidualBlocking } from './signals/residual-blocking.ts';
import { skewOf } from './skew.ts';

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

function judgeArm(evidence: ArmEvidence): Verdict[] {
  const { plan, observations, clocks = {} } = evidence;
  const indexes = evidence.captures.map((file) =>
    indexCapture(file, clockAt(clocks, plan, file.node)),
  );
  const lab = { ...evidence, skew: skewOf(plan, clocks) };
  const connectionsOf = connectionFinder(plan, observations, indexes, lab.skew);
  const judged = plan.flows.map((flow) => ({
    flow,
    attempts: observations
      .filter((observation) => observation.flow === flow.name)
      .toSorted((left, right) => left.attempt - right.attempt)
      .map((observation) => judgeAttempt(lab, indexes, observation, connectionsOf(observation))),
  }));
  const compared = compareAttempts(judged.flatMap(({ attempts }) => attempts));
  return judged.map(({ flow, attempts }) =>
    verdictOf(flow, attempts, compared, carriedOf(evidence, flow)),
  );
}

/** By flow: the signals that only a look at several flows gives. */
function compareAttempts(attempts: readonly JudgedAttempt[]): (flow: string) => Signal[] {
  const residual = signalResidualBlocking(attempts.flatMap(({ trace }) => trace ?? []));
  const repeated = signalRepeatedPages(attempts.flatMap(({ pages }) => pages));
  return (flow) => [residual, repeated].flatMap((signals) => signals.get(flow) ?? []);
}

/** Of several attempts the first that failed speaks for the flow; if none failed, the first that was disturbed. */
function verdictOf(
  flow: Flow,
  attempts: readonly JudgedAttempt[],
  compared: (flow: string) => readonly Signal[],
  carried: number,
): Verdict {
  const failed = attempts.filter(({ observation }) => observation.failure !== null);
  const spokesman =
    failed[0] ?? attempts.find(({ finding }) => finding !== null) ?? attempts[0] ?? null;
  const metrics = combineMetrics(attempts.map((attempt) => attempt.metrics));
  if (!spokesman) return neverRan(flow, metrics, carried);
  const { observation, finding, rest, ending, tuple } = spokesman;
  const { cause, summary, proof } = finding ?? rest;
  return {
    flow: flow.name,
    failure: observation.failure,
    cause,
    by: finding?.by ?? null,
    summary,
    proof,
    ...ending,
    signature: spokesman.signature,
    signals: mergeSignals([...attempts.flatMap(({ signals }) => signals), ...compared(flow.name)]),
    attempts: attempts.length,
    failedAttempts: failed.length,
    ...detailOf(observation),
    fiveTuple: tuple,
    metrics,
  };
}

/** Only a script has a step to name. */
const detailOf = ({ probe, failure, detail }: Observation): Pick<Verdict, 'detail'> =>
  probe === 'script' && failure !== null && detail !== undefined ? { detail } : {};

/** Visits that an earlier run has finished. */
const carriedOf = ({ visits = [] }: ArmEvidence, { name }: Flow): number =>
  visits.filter(({ flow, status }) => flow === name && status === 'carried').length;

function neverRan(flow: Flow, metrics: Verdict['metrics'], carried: number): Verdict {
  const inBackground = flow.probe.kind === 'run' && flow.probe.background;
  const isDone = inBackground || carried > 0;
  const summary =
    carried > 0
      ? `all ${carried} visits carried over`
      : inBackground
        ? 'ran in the background'
        : 'never ran';
  return {
    flow: flow.name,
    failure: isDone ? null : 'interrupted',
    cause: null,
    by: null,
    summary,
    proof: [],
    stage: isDone ? 'unknown' : 'setup',
    outcome: isDone ? 'unknown' : 'system_failure',
    signature: null,
    signals: [],
    attempts: 0,
    failedAttempts: 0,
    fiveTuple: null,
    metrics,
  };
}
