import { latin1 } from '../../wire/bytes.ts';
import type { PacketView } from '../../wire/packet.ts';

/** Which datagram a fragment is of (RFC 791 section 3.2; RFC 8200 section 4.5, where the protocol does not count). */
export function fragmentKey(view: PacketView): string {
  const { memory, sourceOffset, destinationOffset, addressLength } = view;
  const source = latin1(memory, sourceOffset, sourceOffset + addressLength);
  const destination = latin1(memory, destinationOffset, destinationOffset + addressLength);
  return `${view.fragmentId} ${view.version === 4 ? view.protocol : 'v6'} ${source}${destination}`;
}
