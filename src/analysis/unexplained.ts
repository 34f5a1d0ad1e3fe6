// What can still be said of a failure that no finding explains.
import type { Observation } from '../model/observation.ts';
import type { Cause, Proof } from '../model/verdict.ts';
import type { AlignedFlow } from './aligned.ts';
import { sightingProofs } from './describe-packet.ts';
import { outcomeOf } from './finding.ts';
import { appearance, isFromSender } from './origin.ts';
import { has } from './seen-packet.ts';

export interface Remainder {
  /** Null where the server itself answered so: then nothing interfered. */
  readonly cause: Cause | null;
  readonly summary: string;
  readonly proof: readonly Proof[];
}

/** `contenders`: how many programs ran at once and may have begun the same connection; 0 when all could be told apart. */
export function explainRest(
  observation: Observation,
  flows: readonly AlignedFlow[],
  contenders = 0,
): Remainder {
  const { failure, operation, probe, exitCode, detail } = observation;
  const [flow] = flows;
  if (probe === 'run') {
    const summary = exitCode === undefined ? (detail ?? `${failure}`) : `exit code ${exitCode}`;
    if (contenders === 0) return { cause: null, summary, proof: [] };
    return unexplained(
      `${summary}; ${contenders} programs of ${observation.node} ran at once, so packets cannot be told apart`,
    );
  }
  if (contenders > 0)
    return unexplained(
      `${detail ?? failure}; ${contenders} programs of ${observation.node} ran at once, so packets cannot be told apart`,
    );
  if (!flow) return unexplained(`${operation ?? 'it'} failed before anything was sent`);
  const reset = flow.reverse.trajectories.find(({ packet }) => has(packet, 'RST'));
  const outcome = outcomeOf(failure);
  if ((outcome === 'reset' || outcome === 'refused') && reset && isOfUnknownOrigin(flow, reset))
    return unexplained(
      `RST from the side of ${flow.server ?? 'the server'}: no capture shows whether it sent it`,
      sightingProofs(flow, reset),
    );
  const hasSender = flow.reverse.points.some(({ atSender, complete }) => atSender && complete);
  const answered = flow.reverse.trajectories.some(
    (one) => one.packet.length > 0 && isFromSender(flow.reverse, one),
  );
  const server = flow.server ?? 'the server';
  if ((outcome === 'content' || outcome === 'closed') && hasSender && answered)
    return { cause: null, summary: `${server} itself answered so`, proof: [] };
  const { points } = flow.forward;
  if (points.length === 0) return unexplained('no capture lies on the way of this flow');
  if (outcome === 'timeout' && hasSender)
    return unexplained(`${server} sent nothing more, and nothing was lost on the way`);
  return unexplained(`no packet tells why ${operation ?? 'it'} failed`);
}

const unexplained = (summary: string, proof: readonly Proof[] = []): Remainder => ({
  cause: 'unexplained',
  summary,
  proof,
});

const isOfUnknownOrigin = (
  { reverse }: AlignedFlow,
  trajectory: AlignedFlow['reverse']['trajectories'][number],
): boolean => !isFromSender(reverse, trajectory) && !appearance(reverse, trajectory);
