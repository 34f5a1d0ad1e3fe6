// What relays say that they did to a connection. A connection to a relay ends there, so that packets show the relay's own part alone; its audit
// file has what it did in between.
import type { FiveTuple, Observation } from '../model/observation.ts';
import type { Plan, PlanProxy } from '../model/plan.ts';
import { holdsFor } from '../model/relay-chance.ts';
import type { RelayFault } from '../model/relay.ts';
import type { AgentEvent } from '../model/rpc.ts';
import type { Cause } from '../model/verdict.ts';
import { type Finding, type Outcome, outcomeOf } from './finding.ts';
import { type RelayDeed, faultDeed, recordDeed } from './relay-deed.ts';
import { endingOf } from './relay-ending.ts';
import { type Closed, type Opened, type RelayEntry, SLACK, sessionsOf } from './relay-sessions.ts';
import { NO_SKEW, type Skew } from './skew.ts';

/** What each outcome can come from, the likeliest first. */
const EXPLAINS: Readonly<Record<Outcome, readonly Cause[]>> = {
  success: ['tampered', 'injected-data', 'throttled', 'delayed'],
  reset: [
    'injected-rst',
    'reset-by-peer',
    'refused-by-peer',
    'tampered',
    'injected-data',
    'injected-fin',
  ],
  refused: ['refused-by-peer'],
  closed: [
    'injected-fin',
    'injected-rst',
    'tampered',
    'injected-data',
    'dropped',
    'refused-by-peer',
  ],
  timeout: ['dropped', 'delayed', 'throttled', 'tampered', 'injected-data'],
  unreachable: ['refused-by-peer'],
  content: [
    ...([
      'tampered',
      'injected-data',
      'injected-fin',
      'injected-rst',
      'dropped',
      'delayed',
    ] as const),
    ...(['throttled', 'reset-by-peer', 'refused-by-peer'] as const),
  ],
};

/** What a relay did that explains the attempt, or null. `tuples` are the attempt's connections. */
export function relayFinding(
  plan: Plan,
  events: readonly AgentEvent[],
  observation: Observation,
  tuples: readonly FiveTuple[],
  skew: Skew = NO_SKEW,
): Finding | null {
  const sessions = sessionsOf(plan, events, observation, tuples, skew);
  if (sessions.length === 0) return null;
  const { end, node } = observation;
  const deeds = sessions.flatMap((session) =>
    deedsOf(plan, events, session, end + skew(session.node, node)),
  );
  for (const cause of EXPLAINS[outcomeOf(observation.failure)]) {
    const deed = deeds.find((one) => one.cause === cause);
    if (deed) return deed;
  }
  return null;
}

/** The relay to which the attempt's connections were diverted on their way elsewhere, or null. */
export function divertingRelay(
  plan: Plan,
  events: readonly AgentEvent[],
  observation: Observation,
  tuples: readonly FiveTuple[],
  skew: Skew = NO_SKEW,
): PlanProxy | null {
  const [session] = sessionsOf(plan, events, observation, tuples, skew);
  const proxy = session && proxyOf(plan, session);
  return proxy && proxy.divert.length > 0 ? proxy : null;
}

/** Packets of a connection that a relay has taken over are not those of its two ends. */
export const interceptedBy = ({ name, on }: PlanProxy, finding: Finding): Finding => ({
  ...finding,
  cause: 'intercepted',
  by: on,
  summary: `intercepted by ${on} (relay ${name}): ${finding.summary}`,
});

const proxyOf = ({ proxies = [] }: Plan, { relay }: RelayEntry): PlanProxy | undefined =>
  proxies.find(({ name }) => name === relay);

/** In the order in which they were done. `end`: of the attempt, at the latest that it may be by the relay's clock. */
function deedsOf(
  plan: Plan,
  events: readonly AgentEvent[],
  opened: Opened,
  end: number,
): Finding[] {
  const own = events.filter(
    (event): event is RelayEntry => event.kind === 'relay' && event.relay === opened.relay,
  );
  const closed = own.find(
    (event): event is Closed => event.what === 'closed' && event.session === opened.session,
  );
  const edits = own.flatMap((event): Finding[] => {
    if (event.what !== 'edit' || event.session !== opened.session) return [];
    // What came after the attempt cannot be why it ended so.
    if (event.time > end + SLACK) return [];
    return findings(opened, event.time, recordDeed(event));
  });
  return [
    ...edits,
    ...(closed === undefined ? [] : endingOf(plan, opened, closed)),
    ...faultsDuring(own, opened, end)
      .filter((fault) => holdsFor(fault, opened.session, plan.seed))
      .flatMap((fault) => findings(opened, opened.time, faultDeed(fault, closed))),
  ];
}

/** The faults that held at any time of a session. */
function faultsDuring(
  own: readonly RelayEntry[],
  { time }: Opened,
  end: number,
): readonly RelayFault[] {
  const told = own.flatMap((event) => (event.what === 'faults' ? [event] : []));
  const before = told.findLast((event) => event.time <= time);
  const later = told.filter((event) => event.time > time && event.time <= end);
  const all = [...(before === undefined ? [] : [before]), ...later].flatMap(({ faults }) => faults);
  return [...new Map(all.map((fault) => [fault.name, fault])).values()];
}

function findings({ node, relay }: Opened, time: number, deed: RelayDeed | null): Finding[] {
  if (deed === null) return [];
  const { cause, words, source, line, note } = deed;
  return [
    {
      ...{ cause, by: node, time },
      summary: `${words} by ${node} (${source} of relay ${relay})`,
      proof: [
        { capture: `${node}.${relay}.${line === null ? 'log' : 'audit'}`, frame: line, note },
      ],
    },
  ];
}
