import type { PortOrderCondition } from '../../../model/censor-match.ts';
import { unreachable } from '../../../base/invariant.ts';
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import type { PacketHead } from './look.ts';
import { type Truth, UNKNOWN, truthOf } from './truth.ts';

/** How the source port compares with the destination port; the GFW reads QUIC only where it is greater (Zohaib, USENIX Security 2025). */
export function comparePorts(order: PortOrderCondition['order'], head: PacketHead): Truth {
  const hasPorts = head.protocol === IP_PROTOCOL.tcp || head.protocol === IP_PROTOCOL.udp;
  if (!head.hasTransport || !hasPorts) return UNKNOWN;
  const { sourcePort, destinationPort } = head;
  switch (order) {
    case '<':
      return truthOf(sourcePort < destinationPort);
    case '<=':
      return truthOf(sourcePort <= destinationPort);
    case '>':
      return truthOf(sourcePort > destinationPort);
    case '>=':
      return truthOf(sourcePort >= destinationPort);
    case '=':
      return truthOf(sourcePort === destinationPort);
    default:
      return unreachable(order, 'port order');
  }
}
