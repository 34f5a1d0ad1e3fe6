// Which sessions of relays an attempt's connections were.
import { describeAddress } from '../model/stream-address.ts';
import type { FiveTuple, Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { AgentEvent } from '../model/rpc.ts';
import type { Skew } from './skew.ts';

export type RelayEntry = Extract<AgentEvent, { kind: 'relay' }>;
export type Opened = Extract<RelayEntry, { what: 'opened' }>;
export type Closed = Extract<RelayEntry, { what: 'closed' }>;

/** Microseconds that an event may be noted before the attempt's own clock says that it began. */
export const SLACK = 50_000;

export function sessionsOf(
  plan: Plan,
  events: readonly AgentEvent[],
  { start, end, node }: Observation,
  tuples: readonly FiveTuple[],
  skew: Skew,
): Opened[] {
  if (plan.proxies === undefined) return [];
  const clients = new Set(
    tuples.map(({ protocol: kind, source: host, sourcePort: port }) =>
      describeAddress({ kind, host, port }),
    ),
  );
  return events.filter((event): event is Opened => {
    if (event.kind !== 'relay' || event.what !== 'opened' || !clients.has(event.client))
      return false;
    const slack = SLACK + skew(event.node, node);
    return event.time >= start - slack && event.time <= end + slack;
  });
}
