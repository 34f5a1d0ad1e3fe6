// What the censors themselves say that they did: the fallback where captures do not reach.
import type { FiveTuple, Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { AgentEvent } from '../model/rpc.ts';
import type { Cause } from '../model/verdict.ts';
import { type AlignedDirection, type AlignedFlow, gapBetween } from './aligned.ts';
import type { Finding } from './finding.ts';
import { NO_SKEW, type Skew } from './skew.ts';

type CensorEntry = Extract<AgentEvent, { kind: 'censor' }>;

interface Deed {
  readonly cause: Cause;
  /** `RST injected`. */
  readonly words: string;
}

const DEEDS: Readonly<Partial<Record<string, Deed>>> = {
  reset: { cause: 'injected-rst', words: 'RST injected' },
  dns: { cause: 'injected-dns', words: 'DNS answer injected' },
  blockpage: { cause: 'injected-page', words: 'HTTP page injected' },
  throttle: { cause: 'throttled', words: 'throttled' },
  drop: { cause: 'dropped', words: 'packets dropped' },
};

/** Deeds that a flow may succeed in spite of. */
const SURVIVABLE: readonly (Cause | undefined)[] = ['injected-dns', 'injected-page'];

/**
 * What a censor says that it did to the connection within the attempt, or null. Captures that span the censor's node on the way
 * of `flow` know better: what they do not hold did not take effect. Throttling leaves its mark only in packets: that a rule
 * applied does not tell that its rate was ever reached.
 */
export function loggedCause(
  plan: Plan,
  events: readonly AgentEvent[],
  observation: Observation,
  tuple: FiveTuple | null,
  flow: AlignedFlow | null,
  skew: Skew = NO_SKEW,
): Finding | null {
  if (!tuple) return null;
  for (const event of events) {
    if (event.kind !== 'censor' || !isDuring(event, observation, skew)) continue;
    if (!concerns(event, tuple, plan) || (flow && isSpanned(flow, event.node))) continue;
    const deed = deedOf(event, plan);
    if (!deed || deed.cause === 'throttled') continue;
    if (observation.failure === null && !SURVIVABLE.includes(deed.cause)) continue;
    return {
      cause: deed.cause,
      by: event.node,
      time: event.time,
      summary: `${deed.words} by ${event.node}, says censor ${event.censor} (rule ${event.rule}); no capture proves it`,
      proof: [],
    };
  }
  return null;
}

/** The node whose censor says that it did this to the connection, or null. */
export function loggedCulprit(
  plan: Plan,
  events: readonly AgentEvent[],
  observation: Observation,
  tuple: FiveTuple | null,
  cause: Cause,
  skew: Skew = NO_SKEW,
): string | null {
  if (!tuple) return null;
  const entry = events.find(
    (event): event is CensorEntry =>
      event.kind === 'censor' &&
      isDuring(event, observation, skew) &&
      concerns(event, tuple, plan) &&
      deedOf(event, plan)?.cause === cause,
  );
  return entry?.node ?? null;
}

/** The nodes whose censors say that they throttled the connection within the attempt. */
export function loggedThrottlers(
  plan: Plan,
  events: readonly AgentEvent[],
  observation: Observation,
  tuple: FiveTuple,
  skew: Skew = NO_SKEW,
): string[] {
  return events.flatMap((event) =>
    event.kind === 'censor' &&
    isDuring(event, observation, skew) &&
    concerns(event, tuple, plan) &&
    deedOf(event, plan)?.cause === 'throttled'
      ? [event.node]
      : [],
  );
}

/** Whether captures that miss nothing lie before and behind the node, in both directions. */
const isSpanned = ({ forward, reverse }: AlignedFlow, node: string): boolean =>
  [forward, reverse].every((direction) => spans(direction, node));

function spans(direction: AlignedDirection, node: string): boolean {
  const first = direction.points.findIndex(({ complete }) => complete);
  const last = direction.points.findLastIndex(({ complete }) => complete);
  return first >= 0 && gapBetween(direction, first, last).stretch.nodes.includes(node);
}

/** Residual blocking does what the rule's residual part says, or else what the rule does. */
function deedOf(event: CensorEntry, plan: Plan): Deed | null {
  if (event.action !== 'residual') return DEEDS[event.action] ?? null;
  const rule = plan.censors
    .find(({ name, on }) => name === event.censor && on === event.node)
    ?.rules.find(({ name }) => name === event.rule);
  return DEEDS[rule?.residual?.actions[0]?.kind ?? rule?.actions[0]?.kind ?? ''] ?? null;
}

/** Microseconds that an event may be noted before the attempt's own clock says that it began. */
const SLACK = 50_000;

function isDuring(event: CensorEntry, { start, end, node }: Observation, skew: Skew): boolean {
  const slack = SLACK + skew(event.node, node);
  return event.time >= start - slack && event.time <= end + slack;
}

function concerns(event: CensorEntry, tuple: FiveTuple, plan: Plan): boolean {
  if (event.protocol !== tuple.protocol) return false;
  // Beyond NAT a censor sees another source: there the server's side and the time must do.
  const isTranslated = plan.nodes.some(({ nat }) => nat.length > 0);
  const joins = (source: string, port: number, destination: string, toPort: number): boolean =>
    destination === tuple.destination &&
    toPort === tuple.destinationPort &&
    (isTranslated || (source === tuple.source && port === tuple.sourcePort));
  const { source, sourcePort, destination, destinationPort } = event;
  return (
    joins(source, sourcePort, destination, destinationPort) ||
    joins(destination, destinationPort, source, sourcePort)
  );
}
