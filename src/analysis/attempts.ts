// Which connections belong to an attempt, and in which time.
import type { FiveTuple, Observation } from '../model/observation.ts';
import type { Flow, ProbeSpec } from '../model/traffic.ts';
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

export interface Connection {
  readonly tuple: FiveTuple;
  readonly window: Window;
}

/** Microseconds before the start of an attempt in which its first packet may be stamped. */
const LEAD = 50_000;
/** Microseconds after its end in which what it sent may still be on its way. */
const TRAIL = 2_000_000;

/** Gives the connections of each attempt. All attempts are needed to know where the next use of a port begins. */
export function connectionFinder(
  flows: readonly Flow[],
  observations: readonly Observation[],
  indexes: readonly CaptureIndex[],
): (observation: Observation) => Connection[] {
  const starts = new Map<string, number[]>();
  for (const { fiveTuple, start } of observations) {
    if (!fiveTuple) continue;
    const known = starts.get(tupleKey(fiveTuple));
    if (known) known.push(start);
    else starts.set(tupleKey(fiveTuple), [start]);
  }
  const windowOf = ({ start, end, fiveTuple }: Observation): Window => {
    const others = fiveTuple ? (starts.get(tupleKey(fiveTuple)) ?? []) : [];
    const next = Math.min(...others.filter((other) => other > start));
    const previous = others.some((other) => other < start);
    return { from: previous ? start : start - LEAD, to: Math.min(end + TRAIL, next - 1) };
  };
  return (observation) => {
    const window = windowOf(observation);
    if (observation.fiveTuple) return [{ tuple: observation.fiveTuple, window }];
    const flow = flows.find(({ name }) => name === observation.flow);
    if (!flow) return [];
    const during = { from: window.from, to: observation.end };
    return discover(observation, flow.probe, indexes, during)
      .filter((tuple) => !starts.has(tupleKey(tuple)))
      .map((tuple) => ({ tuple, window }));
  };
}

/** Connections that the node began in that time: to the probe's target, or of a program to anywhere. */
function discover(
  { node }: Observation,
  probe: ProbeSpec,
  indexes: readonly CaptureIndex[],
  window: Window,
): FiveTuple[] {
  const target = probe.kind === 'run' ? null : endpointOf(probe.target.address, probe.target.port);
  const found = new Map<string, FiveTuple>();
  for (const { file, conversations } of indexes) {
    if (file.node !== node) continue;
    for (const conversation of conversations) {
      const begun = conversation.times[0] ?? 0;
      if (begun < window.from || begun > window.to) continue;
      if (target && !sameEndpoint(conversation.far, target)) continue;
      const tuple = tupleOf(conversation);
      found.set(tupleKey(tuple), tuple);
    }
  }
  return [...found.values()];
}

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
