// DNS answers that the resolver did not send: proven where its own side lacks them, and else told by what the client alone can see:
// more answers to a query than it asked for, which contradict each other, or one that came sooner than the links allow.
import { formatMillis } from '../../base/units.ts';
import type { Proof, Signal } from '../../model/verdict.ts';
import { type AlignedFlow, joinStretches, stretchOf } from '../aligned.ts';
import { absentBefore, dnsId, headerJump, sightingProofs } from '../describe-packet.ts';
import { describeAnswer, isDnsAnswer } from '../detectors/injected-dns.ts';
import { injectionsOf } from '../detectors/injection.ts';
import { isFromSender } from '../origin.ts';
import { traceRoundTrip } from '../path.ts';
import type { SeenPacket } from '../seen-packet.ts';
import { suspect } from '../suspect.ts';
import { type Sighting, type SignalDetector, named, sightingsAt } from './signal-detector.ts';

export const signalInjectedDns: SignalDetector = (flow) => {
  if (flow.tuple.protocol !== 'udp') return [];
  const signal = proven(flow) ?? byContradiction(flow) ?? byHaste(flow);
  return signal ? [signal] : [];
};

function proven(flow: AlignedFlow): Signal | null {
  const forged = injectionsOf(flow, (packet) => isDnsAnswer(flow, packet));
  const [first] = forged;
  if (!first) return null;
  const { trajectory, gap } = first;
  const [absence] = absentBefore(flow.reverse, gap);
  const facts = [
    `${forged.length} × ${describeAnswer(trajectory.packet)}`,
    ...headerJump(flow, trajectory),
    ...(absence ? [absence.note] : []),
  ];
  const proof = [...sightingProofs(flow, trajectory), ...absentBefore(flow.reverse, gap)];
  return signalOf(facts, proof, suspect(flow.plan, gap.stretch));
}

interface Exchange {
  readonly answers: readonly Sighting[];
  readonly queries: readonly SeenPacket[];
}

/** Query and answers at the client, by transaction. */
function exchanges(flow: AlignedFlow): Exchange[] {
  const pointOf = ({ points }: AlignedFlow['reverse']): number =>
    points.findIndex(({ node }) => node === flow.client);
  const answers = sightingsAt(flow.reverse, pointOf(flow.reverse)).filter(({ packet }) =>
    isDnsAnswer(flow, packet),
  );
  const queries = sightingsAt(flow.forward, pointOf(flow.forward)).map(({ packet }) => packet);
  return [...new Set(answers.map(({ packet }) => dnsId(packet)))].map((id) => ({
    answers: answers.filter(({ packet }) => dnsId(packet) === id),
    queries: queries.filter((packet) => dnsId(packet) === id),
  }));
}

/** A resolver that is asked twice may answer twice, and differently; one that is asked once may not. */
function byContradiction(flow: AlignedFlow): Signal | null {
  for (const { answers, queries } of exchanges(flow)) {
    const [first] = answers;
    const texts = [...new Set(answers.map(({ packet }) => describeAnswer(packet)))];
    if (!first || texts.length < 2 || answers.length <= queries.length) continue;
    // What the resolver's own capture holds is its own.
    if (answers.every(({ trajectory }) => isFromSender(flow.reverse, trajectory))) continue;
    const [second] = answers.filter(
      ({ packet }) => describeAnswer(packet) !== describeAnswer(first.packet),
    );
    const gap = second ? (second.packet.time - first.packet.time) / 1000 : 0;
    const seen = answers.map(({ packet }) => packet);
    const facts = [
      `${answers.length} answers to ${queries.length === 1 ? 'one query' : `${queries.length} queries`}: ${texts.join(' and ')}`,
      `${formatMillis(gap)} apart`,
      ...differences(seen),
    ];
    const proof = answers.flatMap(({ trajectory, packet }) =>
      sightingProofs(flow, trajectory, describeAnswer(packet)),
    );
    return signalOf(facts, proof, null);
  }
  return null;
}

function differences([first, ...others]: readonly SeenPacket[]): string[] {
  const other = others.find(({ ttl }) => ttl !== first?.ttl);
  return first && other ? [`TTL ${first.ttl} and ${other.ttl}`] : [];
}

/** Milliseconds of doubt about what a link was made to delay. */
const TOLERANCE = 1;

/** Delays are those that the plan gives the links; where they vary nothing can be said. */
function byHaste(flow: AlignedFlow): Signal | null {
  const least = leastRoundTrip(flow);
  if (least === null) return null;
  for (const { answers, queries } of exchanges(flow)) {
    const [answer] = answers;
    const [query] = queries;
    if (!answer || !query || isFromSender(flow.reverse, answer.trajectory)) continue;
    const took = (answer.packet.time - query.time) / 1000;
    if (took + TOLERANCE >= least) continue;
    const facts = [
      describeAnswer(answer.packet),
      `came after ${formatMillis(took)}, and the links alone take ${formatMillis(least)}`,
    ];
    return signalOf(facts, sightingProofs(flow, answer.trajectory), null);
  }
  return null;
}

/** Milliseconds that the links take both ways; null where one may be faster than its delay. */
function leastRoundTrip({ plan, client, tuple }: AlignedFlow): number | null {
  const trip = traceRoundTrip(plan, client, tuple.source, tuple.destination);
  if (!trip?.forward.arrives || !trip.reverse.arrives) return null;
  const { links } = joinStretches([
    stretchOf(plan, trip.forward.hops),
    stretchOf(plan, trip.reverse.hops),
  ]);
  const impairments = links.flatMap(({ impairment }) => impairment ?? []);
  if (impairments.some(({ jitter, reorderRatio }) => jitter > 0 || reorderRatio > 0)) return null;
  return impairments.reduce((sum, { delay }) => sum + delay, 0);
}

const signalOf = (
  facts: readonly string[],
  proof: readonly Proof[],
  by: string | null,
): Signal => ({
  kind: 'injected-dns',
  side: 'client',
  detail: facts.join('; '),
  proof,
  ...named(by),
});
