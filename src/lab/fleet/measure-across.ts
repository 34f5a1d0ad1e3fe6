// Measures the impaired links from a member on one machine to a member on another: the one's agent sends, the other's
// receives, and the two clocks are told to the receiver, which works out what came of it.
import { invariant } from '../../base/invariant.ts';
import type { ClockRecord } from '../../model/machine.ts';
import type { Plan } from '../../model/plan.ts';
import { machineOf } from '../../model/plan-share.ts';
import type { LinkMeasurement, ProbedLink } from '../../model/rpc.ts';
import type { AgentClient } from '../agent-client.ts';

/** An agent as it is asked for measurements. */
export type ProbingAgent = Pick<AgentClient, 'call'>;

/** A link between machines, before it is known which attempt is made at it. */
export interface AcrossLink {
  readonly link: Omit<ProbedLink, 'attempt' | 'patience'>;
  /** The machines at its ends. */
  readonly from: string;
  readonly to: string;
}

/**
 * Links probed at once and how long their bursts are, attempt by attempt: a machine that was busy just then is not the
 * link's fault, a link that is wrong is wrong again.
 */
const ATTEMPTS = [
  { atOnce: 16, patience: 1 },
  { atOnce: 4, patience: 3 },
  { atOnce: 2, patience: 3 },
] as const;
/** Beyond what the link itself takes; probes are sent within a tenth of a second, or a burst's length. */
const CALL_LIMIT_MS = 20_000;

/** Every link between machines, as well as the best of some attempts found it; in the plan's order. */
export async function measureAcross(
  plan: Plan,
  agents: ReadonlyMap<string, ProbingAgent>,
  clocks: ReadonlyMap<string, ClockRecord>,
): Promise<LinkMeasurement[]> {
  const found = new Map<AcrossLink, LinkMeasurement>();
  const links = listAcrossLinks(plan);
  for (const [attempt, { atOnce, patience }] of ATTEMPTS.entries()) {
    const open = links.filter((link) => found.get(link)?.misses.length !== 0);
    for (let next = 0; next < open.length; next += atOnce)
      await Promise.all(
        open.slice(next, next + atOnce).map(async (across) => {
          const link: ProbedLink = { ...across.link, attempt, patience };
          const figures = await probe(across, link, agents, clocks);
          const before = found.get(across);
          if (!before || figures.misses.length <= before.misses.length) found.set(across, figures);
        }),
      );
  }
  return links.flatMap((link) => found.get(link) ?? []);
}

/** From each impaired member to the next of its network, where that is on another machine. */
export const listAcrossLinks = (plan: Plan): AcrossLink[] =>
  plan.networks.flatMap(({ name: network, members }) =>
    members.flatMap(({ impairment, node, mac }, index) => {
      const next = members[(index + 1) % members.length];
      if (!impairment || !next) return [];
      const [from, to] = [machineOf(plan, node), machineOf(plan, next.node)];
      if (from === to) return [];
      const ends = { from: { node, mac }, to: { node: next.node, mac: next.mac } };
      return [{ link: { network, ...ends, impairment }, from, to }];
    }),
  );

async function probe(
  { from, to }: AcrossLink,
  link: ProbedLink,
  agents: ReadonlyMap<string, ProbingAgent>,
  clocks: ReadonlyMap<string, ClockRecord>,
): Promise<LinkMeasurement> {
  const [sending, receiving] = [agents.get(from), agents.get(to)];
  const [sender, receiver] = [clocks.get(from), clocks.get(to)];
  invariant(
    sending && receiving && sender && receiver,
    `Machines "${from}" and "${to}" have agents and clocks`,
  );
  const limit = CALL_LIMIT_MS + link.impairment.delay + 5 * link.impairment.jitter;
  await receiving.call('probeListen', { link }, limit);
  const { unsent } = await sending.call('probeSend', { link }, limit);
  const clocksOfLink = { sender, receiver };
  const answer = await receiving.call(
    'probeCollect',
    { link, unsent, clocks: clocksOfLink },
    limit,
  );
  return answer.link;
}
