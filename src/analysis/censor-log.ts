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
  /** Whether a rule may apply without a packet that feels it. */
  readonly isLatent?: true;
}

const DEEDS: Readonly<Partial<Record<string, Deed>>> = {
  reset: { cause: 'injected-rst', words: 'RST injected' },
  dns: { cause: 'injected-dns', words: 'DNS answer injected' },
  blockpage: { cause: 'injected-page', words: 'HTTP page injected' },
  throttle: { cause: 'throttled', words: 'throttled', isLatent: true },
  delay: { cause: 'delayed', words: 'delayed', isLatent: true },
  drop: { cause: 'dropped', words: 'packets dropped' },
  lose: { cause: 'dropped', words: 'packets lost', isLatent: true },
  tamper: { cause: 'tampered', words: 'packets changed' },
  redirect: { cause: 'redirected', words: 'redirected' },
  mitm: { cause: 'intercepted', words: 'intercepted' },
};

/** Deeds that a flow may succeed in spite of. */
const SURVIVABLE: readonly (Cause | undefined)[] = [
  'injected-dns',
  'injected-page',
  'tampered',
  'redirected',
  'intercepted',
];

/** Deeds that captures show as packets changed, injected or missing, without telling what for. */
const PURPOSES: readonly Cause[] = ['redirected', 'intercepted'];

/**
 * What a censor says that it did to the connection within the attempt, or null. Captures that span the censor's node on the way
 * of `flow` know better: what they do not hold did not take effect. Throttling, delay and loss leave their mark only in packets: that a
 * rule applied does not tell that its rate was ever reached.
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
    if (!deed || deed.isLatent) continue;
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

/**
 * What the captures show, by the name of what it was for: packets of a connection that a censor says it redirected or intercepted were changed,
 * injected or swallowed to that end.
 */
export function nameByLog(
  plan: Plan,
  events: readonly AgentEvent[],
  observation: Observation,
  tuple: FiveTuple | null,
  finding: Finding,
  skew: Skew = NO_SKEW,
): Finding {
  if (!tuple || finding.cause === 'link-loss') return finding;
  for (const event of events) {
    if (event.kind !== 'censor' || !isDuring(event, observation, skew)) continue;
    if (!concerns(event, tuple, plan) || (finding.by ?? event.node) !== event.node) continue;
    const deed = deedOf(event, plan);
    if (!deed || !PURPOSES.includes(deed.cause)) continue;
    const summary = `${deed.words} by ${event.node}: ${finding.summary}`;
    return { ...finding, cause: deed.cause, by: event.node, summary };
  }
  return finding;
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

/** Residual blocking does what the rule's residual part says, or else what the rule does: of several actions, the first that tells. */
function deedOf(event: CensorEntry, plan: Plan): Deed | null {
  if (event.action !== 'residual') return DEEDS[event.action] ?? null;
  const rule = plan.censors
    .find(({ name, on }) => name === event.censor && on === event.node)
    ?.rules.find(({ name }) => name === event.rule);
  const own = rule?.residual?.actions ?? [];
  const actions = own.length > 0 ? own : (rule?.actions ?? []);
  return actions.map(({ kind }) => DEEDS[kind]).find((deed) => deed !== undefined) ?? null;
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
