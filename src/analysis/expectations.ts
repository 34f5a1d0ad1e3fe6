// Whether what the scenario says must come out did come out.
import { formatMillis, formatRate } from '../base/units.ts';
import type { ContainerRecord } from '../model/container.ts';
import type { Expectation, ExpectationResult } from '../model/expectation.ts';
import type { MirrorDiagnosis } from '../model/mirror-doctor.ts';
import type { MirrorRecord } from '../model/mirror-record.ts';
import type { Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { ProxyRecord } from '../model/relay-record.ts';
import type { TunnelRecord } from '../model/tunnel.ts';
import type { Verdict } from '../model/verdict.ts';
import type { VisitRecord } from '../model/visit.ts';
import { answeringHop } from './answering-hop.ts';
import { type Check, equalCheck, rangeCheck } from './check.ts';
import { quantile } from './detectors/residence.ts';
import { mirrorChecks, mirrorMetric } from './mirror-checks.ts';
import { proxyChecks } from './proxy-checks.ts';
import { tunnelChecks } from './tunnel-checks.ts';

interface Grounds {
  readonly plan: Plan;
  readonly verdicts: readonly Verdict[];
  readonly observations: readonly Observation[];
  /** By expectation id: packets found for capture expectations. */
  readonly counts: ReadonlyMap<string, number>;
  /** As they stood when the traffic had ended. */
  readonly containers: readonly ContainerRecord[];
  readonly proxies: readonly ProxyRecord[];
  readonly tunnels: readonly TunnelRecord[];
  readonly mirrors: readonly MirrorRecord[];
  /** Of their doctor. */
  readonly diagnoses: readonly MirrorDiagnosis[];
  readonly visits: readonly VisitRecord[];
}

type FlowExpectation = Extract<Expectation, { kind: 'flow' }>;
type CaptureExpectation = Extract<Expectation, { kind: 'capture' }>;
type ContainerExpectation = Extract<Expectation, { kind: 'container' }>;
type MetricExpectation = Extract<Expectation, { kind: 'metric' }>;

/** One result for each expectation of the plan, in its order. */
export function checkExpectations(grounds: Grounds): ExpectationResult[] {
  return grounds.plan.expectations.map((expectation) => {
    const checks = checksOf(expectation, grounds);
    const broken = checks.filter(({ held }) => !held);
    const told = broken.length > 0 ? broken : checks;
    return {
      id: expectation.id,
      expectation,
      held: broken.length === 0,
      detail: told.map(({ detail }) => detail).join('; '),
    };
  });
}

function checksOf(expectation: Expectation, grounds: Grounds): Check[] {
  switch (expectation.kind) {
    case 'flow':
      return flowChecks(expectation, grounds);
    case 'capture':
      return [captureCheck(expectation, grounds)];
    case 'container':
      return containerChecks(expectation, grounds);
    case 'proxy':
      return proxyChecks(expectation, grounds.proxies);
    case 'tunnel':
      return tunnelChecks(expectation, grounds.tunnels, grounds.plan);
    case 'mirror':
      return mirrorChecks(expectation, grounds.mirrors, grounds.diagnoses);
    case 'metric':
      return [metricCheck(expectation, grounds)];
  }
}

function flowChecks(expectation: FlowExpectation, grounds: Grounds): Check[] {
  const { flow } = expectation;
  const verdict = grounds.verdicts.find((one) => one.flow === flow);
  const observations = grounds.observations.filter((one) => one.flow === flow);
  const [first] = observations;
  if (!verdict || (verdict.attempts === 0 && verdict.failure !== null))
    return [{ held: false, detail: `flow ${flow} never ran` }];
  const name = (text: string): string => `${flow}: ${text}`;
  const checks: Check[] = [];
  const { failure, cause, by, duration, goodput, answers, status, exitCode, hop, count } =
    expectation;
  const { stage, outcome, signature, signals, pathChanges } = expectation;
  if (failure !== undefined)
    checks.push(equalCheck(name('failure'), failure ?? 'none', verdict.failure ?? 'none'));
  if (cause !== undefined)
    checks.push(equalCheck(name('cause'), cause ?? 'none', verdict.cause ?? 'none'));
  if (by !== undefined && verdict.cause === null)
    checks.push({ held: false, detail: name(`nobody interfered, expected ${by}`) });
  else if (by !== undefined) checks.push(equalCheck(name('by'), by, verdict.by ?? 'unknown'));
  if (stage !== undefined) checks.push(equalCheck(name('stage'), stage, verdict.stage));
  if (outcome !== undefined) checks.push(outcomeCheck(name('outcome'), outcome, verdict));
  if (signature !== undefined)
    checks.push(equalCheck(name('signature'), signature ?? 'none', verdict.signature ?? 'none'));
  for (const kind of signals ?? []) checks.push(signalCheck(name('signal'), kind, verdict));
  if (duration)
    checks.push(rangeCheck(name('duration'), duration, verdict.metrics.duration, formatMillis));
  if (goodput)
    checks.push(rangeCheck(name('goodput'), goodput, verdict.metrics.goodput, formatRate));
  if (answers) checks.push(answersCheck(name('answers'), answers, observations));
  if (status !== undefined)
    checks.push(equalCheck(name('status'), String(status), String(first?.status ?? 'none')));
  if (exitCode !== undefined)
    checks.push(equalCheck(name('exit code'), String(exitCode), String(first?.exitCode ?? 'none')));
  if (count !== undefined)
    checks.push(rangeCheck(name('visits'), count, finishedVisits(grounds, flow), String));
  if (hop !== undefined)
    checks.push(equalCheck(name('hop'), String(hop), String(answeringHop(first)?.ttl ?? 'none')));
  if (pathChanges)
    checks.push(
      rangeCheck(name('changes of path'), pathChanges, fewestPathChanges(observations), String),
    );
  return checks;
}

/** Those that an earlier run has finished count as well. */
const finishedVisits = ({ visits }: Grounds, name: string): number =>
  visits.filter(
    ({ flow, status }) => flow === name && (status === 'success' || status === 'carried'),
  ).length;
/** Of all attempts, as each has to have them; null when none tells. */
const fewestPathChanges = (observations: readonly Observation[]): number | null =>
  observations.reduce<number | null>((fewest, { paths }) => {
    // Of what a client goes over to by itself, its server has it prove that as well.
    const changes = Math.max(paths?.challenged ?? 0, paths?.validated ?? 0);
    return fewest === null || changes < fewest ? changes : fewest;
  }, null);

/** `blockpage` is met by `blockpage:injected`. */
function outcomeCheck(name: string, wish: string, { outcome }: Verdict): Check {
  const isMet = outcome.startsWith(`${wish}:`);
  return isMet ? { held: true, detail: `${name} ${outcome}` } : equalCheck(name, wish, outcome);
}

function signalCheck(name: string, kind: string, { signals }: Verdict): Check {
  const found = signals.find((signal) => signal.kind === kind);
  if (found) return { held: true, detail: `${name} ${kind} (${found.detail})` };
  const others = signals.map((signal) => signal.kind).join(', ') || 'none';
  return { held: false, detail: `${name} ${kind} is not there, found ${others}` };
}

/** Every attempt must have got them. */
function answersCheck(
  name: string,
  wish: readonly string[],
  observations: readonly Observation[],
): Check {
  const asText = (values: readonly string[]): string => values.toSorted().join(', ');
  const found = observations.map(({ answers }) => asText(answers ?? []));
  const other = found.find((text) => text !== asText(wish));
  return equalCheck(name, asText(wish) || 'none', (other ?? asText(wish)) || 'none');
}

function captureCheck(expectation: CaptureExpectation, { counts }: Grounds): Check {
  const { node, filter, count, id } = expectation;
  const what = filter === '' ? 'packets' : `packets of "${filter}"`;
  const found = counts.get(id) ?? null;
  return rangeCheck(`${what} captured at ${node}`, count, found, String);
}

function containerChecks(expectation: ContainerExpectation, grounds: Grounds): Check[] {
  const { container, state, exitCode, oomKilled } = expectation;
  const found = grounds.containers.find(({ node }) => node === container);
  if (!found) return [{ held: false, detail: `container ${container} never ran` }];
  const name = (text: string): string => `${container}: ${text}`;
  return [
    ...(state === undefined ? [] : [equalCheck(name('state'), state, found.state)]),
    ...(exitCode === undefined
      ? []
      : [equalCheck(name('exit code'), String(exitCode), String(found.exitCode ?? 'none'))]),
    ...(oomKilled === undefined
      ? []
      : [equalCheck(name('oomKilled'), String(oomKilled), String(found.oomKilled))]),
  ];
}

function metricCheck({ metric, of, ratioTo, within }: MetricExpectation, grounds: Grounds): Check {
  const name = `${metric} of ${of}`;
  const found = metricOf(metric, of, grounds);
  if (ratioTo === undefined) {
    const format = metric === 'goodput.p50' ? formatRate : formatMillis;
    return rangeCheck(name, within, found, format);
  }
  const other = metricOf(metric, ratioTo, grounds);
  const ratio = found === null || other === null || other === 0 ? null : found / other;
  return rangeCheck(`${name} ÷ that of ${ratioTo}`, within, ratio, (value) => value.toFixed(2));
}

function metricOf(
  metric: MetricExpectation['metric'],
  of: string,
  { verdicts, observations, mirrors }: Grounds,
): number | null {
  const metrics = verdicts.find(({ flow }) => flow === of)?.metrics;
  switch (metric) {
    case 'goodput.p50':
      return metrics?.goodput ?? null;
    case 'duration.p50':
      return metrics?.duration ?? null;
    case 'rtt.p50':
      return metrics?.rtt ?? null;
    case 'rtt.p99':
      return quantile(observedRtts(observations.filter(({ flow }) => flow === of)), 0.99);
    case 'online.p50':
    case 'online.p99':
    case 'target.p50':
    case 'target.p99':
      return mirrorMetric(metric, of, mirrors);
  }
}

/** Milliseconds that the first answer took, as each attempt itself saw it. */
const observedRtts = (observations: readonly Observation[]): number[] =>
  observations.flatMap(({ timings }) => timings['connect'] ?? timings['response'] ?? []);
