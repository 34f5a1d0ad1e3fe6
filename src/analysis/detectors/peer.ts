// The server itself said no: its own capture holds the RST, or the ICMP error, on its way out.
import type { AlignedFlow, Trajectory } from '../aligned.ts';
import { sightingProofs } from '../describe-packet.ts';
import type { Detector, Finding } from '../finding.ts';
import { isFromSender } from '../origin.ts';
import { has } from '../seen-packet.ts';

export const detectRefusedByPeer: Detector = (flow) => {
  const reset = genuineReset(flow);
  if (reset && !isEstablished(flow)) return peerFinding(flow, 'refused-by-peer', reset);
  const notice = flow.notices.find(
    ({ about, source, node }) =>
      about === 'port' && source === flow.tuple.destination && node === flow.server,
  );
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
  flow.reverse.trajectories.find(
    (one) => has(one.packet, 'RST') && isFromSender(flow.reverse, one),
  );

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
