// No way there: a router said so, or the client had no route and sent nothing.
import { parseIp } from '../../base/addresses.ts';
import type { Detector } from '../finding.ts';
import { outcomeOf } from '../finding.ts';
import { nodeWithAddress } from '../path.ts';

export const detectUnreachable: Detector = (flow) => {
  const notice = flow.notices.find(({ about }) => about === 'host');
  if (notice) {
    const source = parseIp(notice.source);
    const by = source.ok ? (nodeWithAddress(flow.plan, source.value)?.name ?? null) : null;
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
