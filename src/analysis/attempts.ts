// Which connections belong to an attempt, and in which time.
import type { FiveTuple, Observation } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import type { Target } from '../model/traffic.ts';
import { formatIp } from '../base/addresses.ts';
import { IP_PROTOCOL } from '../wire/ip-protocol.ts';
import {
  type CaptureIndex,
  type Conversation,
  type Window,
  addressOf,
  endpointOf,
  sameEndpoint,
} from './capture-index.ts';
import { beginningsOf } from './programs.ts';
import { NO_SKEW, type Skew } from './skew.ts';

export interface Connection {
  readonly tuple: FiveTuple;
  readonly window: Window;
}

/** What belongs to an attempt. */
export interface Share {
  readonly connections: readonly Connection[];
  /** How many programs ran at once when a connection began that none can be given; 0 when there is none. */
  readonly contenders: number;
}

/** Microseconds before the start of an attempt in which its first packet may be stamped. */
const LEAD = 50_000;
/** Microseconds after its end in which what it sent may still be on its way. */
export const TRAIL = 2_000_000;

/**
 * Gives the connections of each attempt. All attempts are needed to know where the next use of a port begins. Where clocks may be
 * off, a capture may have its first packet earlier than that: in what is quiet before it.
 */
export function connectionFinder(
  plan: Plan,
  observations: readonly Observation[],
  indexes: readonly CaptureIndex[],
  skew: Skew = NO_SKEW,
): (observation: Observation) => Share {
  const uses = new Map<string, Observation[]>();
  for (const observation of observations) {
    const { fiveTuple } = observation;
    if (!fiveTuple) continue;
    const known = uses.get(tupleKey(fiveTuple));
    if (known) known.push(observation);
    else uses.set(tupleKey(fiveTuple), [observation]);
  }
  const windowOf = ({ start, end, fiveTuple, node }: Observation): Window => {
    const error = Math.max(0, ...indexes.map(({ file }) => skew(node, file.node)));
    const others = fiveTuple ? (uses.get(tupleKey(fiveTuple)) ?? []) : [];
    const begin = (at: number): number => {
      const ends = others.filter((other) => other.start < at).map((other) => other.end);
      const quiet = ends.length === 0 ? Infinity : Math.max(0, at - Math.max(...ends));
      return at - Math.min(error, quiet / 2);
    };
    const next = Math.min(...others.map((other) => other.start).filter((other) => other > start));
    const previous = others.some((other) => other.start < start);
    return {
      from: previous ? begin(start) : start - LEAD - error,
      to: Math.min(end + TRAIL + error, next === Infinity ? next : begin(next) - 1),
    };
  };
  return (observation) => {
    const window = windowOf(observation);
    const share = (tuples: readonly FiveTuple[], contenders = 0): Share => ({
      connections: tuples.map((tuple) => ({ tuple, window })),
      contenders,
    });
    if (observation.fiveTuple) return share([observation.fiveTuple]);
    const probe = plan.flows.find(({ name }) => name === observation.flow)?.probe;
    if (!probe) return share([]);
    const isClaimed = (tuple: FiveTuple): boolean => uses.has(tupleKey(tuple));
    if (probe.kind === 'run' || probe.kind === 'visit') {
      const { own, contenders } = beginningsOf(
        plan,
        observations,
        indexes,
        observation,
        (one) => isClaimed(tupleOf(one)),
        skew,
      );
      return share(distinct(own), contenders);
    }
    const during = { from: window.from, to: observation.end };
    const target = probe.kind === 'script' ? probe.channels[0]?.destination : probe.target;
    if (target === undefined) return share([]);
    const found = discover(observation, target, indexes, during);
    return share(found.filter((tuple) => !isClaimed(tuple)));
  };
}

/** Connections that the node began in that time to the probe's target. */
function discover(
  { node }: Observation,
  { address, port }: Pick<Target, 'address' | 'port'>,
  indexes: readonly CaptureIndex[],
  window: Window,
): FiveTuple[] {
  const target = endpointOf(address, port);
  const found: Conversation[] = [];
  for (const { file, conversations } of indexes) {
    if (file.node !== node) continue;
    for (const conversation of conversations) {
      const begun = conversation.times[0] ?? 0;
      if (begun < window.from || begun > window.to) continue;
      if (target && !sameEndpoint(conversation.far, target)) continue;
      found.push(conversation);
    }
  }
  return distinct(found);
}

/** A connection that two captures of a node hold counts once. */
const distinct = (conversations: readonly Conversation[]): FiveTuple[] => [
  ...new Map(conversations.map(tupleOf).map((tuple) => [tupleKey(tuple), tuple])).values(),
];

function tupleOf({ protocol, near, far }: Conversation): FiveTuple {
  return {
    protocol: protocol === IP_PROTOCOL.tcp ? 'tcp' : 'udp',
    source: formatIp(addressOf(near)),
    sourcePort: near.port,
    destination: formatIp(addressOf(far)),
    destinationPort: far.port,
  };
}

const tupleKey = ({
  protocol,
  source,
  sourcePort,
  destination,
  destinationPort,
}: FiveTuple): string => `${protocol} ${source} ${sourcePort} ${destination} ${destinationPort}`;
