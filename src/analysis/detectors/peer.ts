// The server itself said no: its own capture holds the RST on its way out, and no capture gives its ICMP error the lie.
import type { AlignedFlow, PlacedNotice, Trajectory } from '../aligned.ts';
import { sightingProofs } from '../describe-packet.ts';
import { type Detector, type Finding, outcomeOf } from '../finding.ts';
import { isFromSender } from '../origin.ts';
import { has } from '../seen-packet.ts';

export const detectRefusedByPeer: Detector = (flow) => {
  const reset = genuineReset(flow);
  if (reset && !isEstablished(flow)) return peerFinding(flow, 'refused-by-peer', reset);
  const notice = genuineNotice(flow);
  if (!notice) return null;
  const { capture, frame, time } = notice;
  return {
    cause: 'refused-by-peer',
    by: flow.server,
    time,
    summary: `port ${flow.tuple.destinationPort} is closed on ${flow.server ?? 'the server'}`,
    proof: [{ capture, frame, note: `ICMP port unreachable from ${notice.source}` }],
  };
};

export const detectResetByPeer: Detector = (flow) => {
  const reset = genuineReset(flow);
  return reset && isEstablished(flow) ? peerFinding(flow, 'reset-by-peer', reset) : null;
};

const genuineReset = (flow: AlignedFlow): Trajectory | undefined =>
  hasFailedItself(flow)
    ? undefined
    : flow.reverse.trajectories.find(
        (one) => has(one.packet, 'RST') && isFromSender(flow.reverse, one),
      );

/** A party of a script whose own steps failed ends its connections with RSTs: they follow from the failure. */
const hasFailedItself = ({ observation: { parties = [] }, server }: AlignedFlow): boolean =>
  parties.some(
    ({ node, failure }) => node === server && failure !== null && outcomeOf(failure) !== 'reset',
  );

/** The server's word that the port is closed, in its own capture if there is one: what that lacks, somebody else made. */
function genuineNotice({ plan, notices, reverse, tuple }: AlignedFlow): PlacedNotice | undefined {
  const said = notices.filter(
    ({ about, source }) => about === 'port' && source === tuple.destination,
  );
  const sender = reverse.points.find(({ atSender }) => atSender);
  const filter = plan.captures.find(
    ({ node, network }) => node === sender?.node && network === sender.network,
  )?.filter;
  const own = said.find(({ capture }) => capture === sender?.capture);
  return own ?? (sender && (filter ?? '') === '' ? undefined : said[0]);
}

const isEstablished = ({ reverse }: AlignedFlow): boolean =>
  reverse.trajectories.some(({ packet }) => has(packet, 'SYN') && has(packet, 'ACK'));

function peerFinding(
  flow: AlignedFlow,
  cause: 'refused-by-peer' | 'reset-by-peer',
  reset: Trajectory,
): Finding {
  const server = flow.server ?? 'the server';
  const { destinationPort } = flow.tuple;
  return {
    cause,
    by: flow.server,
    time: reset.packet.time,
    summary:
      cause === 'refused-by-peer'
        ? `port ${destinationPort} is closed on ${server}`
        : `connection reset by ${server} itself`,
    proof: sightingProofs(flow, reset),
  };
}
