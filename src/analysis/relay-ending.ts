// How a session of a relay ended that the relay did not end itself.
import { parseIp } from '../base/addresses.ts';
import type { Plan } from '../model/plan.ts';
import type { Finding } from './finding.ts';
import { nodeWithAddress } from './path.ts';
import type { Closed, Opened } from './relay-sessions.ts';

/** What was not the relay's own doing, and came to the client by way of it. */
export function endingOf(
  plan: Plan,
  { node, relay, target }: Opened,
  { time, reason }: Closed,
): Finding[] {
  const host = /^(?:tcp|udp):\/\/\[?(.+?)\]?:\d+$/.exec(target)?.[1];
  const address = parseIp(host ?? '');
  const by = address.ok ? (nodeWithAddress(plan, address.value)?.name ?? null) : null;
  const who = by ?? target;
  const proof = [{ capture: `${node}.${relay}.log`, frame: null, note: reason }];
  switch (reason) {
    case 'reset-by-server':
      return [
        {
          cause: 'reset-by-peer',
          by,
          time,
          proof,
          summary: `reset by ${who}, passed on by relay ${relay} on ${node}`,
        },
      ];
    case 'dial-failed':
      return [
        {
          cause: 'refused-by-peer',
          by,
          time,
          proof,
          summary: `${who} did not take the connection of relay ${relay} on ${node}`,
        },
      ];
    default:
      return [];
  }
}
