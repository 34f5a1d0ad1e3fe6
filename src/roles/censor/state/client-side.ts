import { type IpAddress, type IpPrefix, prefixContains } from '../../../base/addresses.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';

/**
 * Whether a flow's first packet comes from its client. A SYN does, a SYN+ACK does not; else whoever is among `clients` is it, and
 * where that does not tell them apart, who speaks first.
 */
export function isFromClient(view: PacketView, clients: readonly IpPrefix[]): boolean {
  if (view.isTcp && (view.flags & TCP_FLAG.SYN) !== 0) return (view.flags & TCP_FLAG.ACK) === 0;
  if (clients.length === 0) return true;
  const isClient = (address: IpAddress): boolean =>
    clients.some((prefix) => prefixContains(prefix, address));
  return isClient(view.source) || !isClient(view.destination);
}
