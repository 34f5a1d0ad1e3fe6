// No way there: a router said so, or the client had no route and sent nothing.
import { parseIp } from '../../base/addresses.ts';
import type { AlignedFlow } from '../aligned.ts';
import { sightingProofs } from '../describe-packet.ts';
import type { Detector, Finding } from '../finding.ts';
import { outcomeOf } from '../finding.ts';
import { nodeWithAddress } from '../path.ts';
import { unrecoveredLosses } from './losses.ts';

export const detectUnreachable: Detector = (flow) => {
  const notice = flow.notices.find(({ about }) => about === 'host');
  if (notice) {
    const by = speaker(flow, notice.source);
    return {
      cause: 'unreachable',
      by,
      time: notice.time,
      summary: `${by ?? notice.source} says that ${flow.tuple.destination} cannot be reached`,
      proof: flow.notices
        .filter(({ about }) => about === 'host')
        .map(({ capture, frame, source: from }) => ({
          capture,
          frame,
          note: `ICMP destination unreachable from ${from}`,
        })),
    };
  }
  const tooBig = tooBigFinding(flow);
  if (tooBig) return tooBig;
  const { failure, start } = flow.observation;
  if (outcomeOf(failure) !== 'unreachable' || flow.forward.trajectories.length > 0) return null;
  return {
    cause: 'unreachable',
    by: null,
    time: start,
    summary: `${flow.client} found no way to ${flow.tuple.destination} and sent nothing`,
    proof: flow.forward.points
      .filter(({ atSender }) => atSender)
      .map(({ capture, node }) => ({ capture, frame: null, note: `nothing left ${node}` })),
  };
};

/** A packet that a router found too big, and that its sender never sent again in smaller pieces. */
function tooBigFinding(flow: AlignedFlow): Finding | null {
  const loss = unrecoveredLosses(flow).find(({ notice }) => notice !== null);
  if (!loss?.notice) return null;
  const { capture, frame, source, time, mtu, quoted } = loss.notice;
  const by = speaker(flow, source);
  const network = flow.plan.nodes
    .find(({ name }) => name === by)
    ?.interfaces.find((one) => one.mtu === mtu)?.network;
  const where = network === undefined ? 'the next link' : `network ${network}`;
  const what = flow.tuple.protocol === 'udp' ? 'datagram' : 'segment';
  return {
    cause: 'unreachable',
    by,
    time,
    summary: `${quoted.size}-byte ${what} too big for ${where} (MTU ${mtu}), says ${by ?? source}`,
    proof: [
      { capture, frame, note: `ICMP packet too big from ${source}, MTU ${mtu}` },
      ...sightingProofs(flow, loss.trajectory),
    ],
  };
}

function speaker({ plan }: AlignedFlow, source: string): string | null {
  const address = parseIp(source);
  return address.ok ? (nodeWithAddress(plan, address.value)?.name ?? null) : null;
}
