// A segment of a connection as the packets that go onto the wire.
import { type TcpSpec, buildTcp } from '../../../wire/build.ts';
import { fragmentPacket } from '../../../wire/fragment.ts';
import { type TcpDigest, signTcp } from '../../../wire/tcp-md5.ts';
import type { TcpSegment } from './segment.ts';

export type TcpEnds = Pick<TcpSpec, 'source' | 'destination' | 'sourcePort' | 'destinationPort'>;

/** The segment between its ends. */
// One literal: spreading two objects costs twenty times as much as building the packet.
export const specOf = (segment: TcpSegment, ends: TcpEnds): TcpSpec => ({
  source: ends.source,
  destination: ends.destination,
  sourcePort: ends.sourcePort,
  destinationPort: ends.destinationPort,
  sequence: segment.sequence,
  acknowledgment: segment.acknowledgment,
  flags: segment.flags,
  window: segment.window,
  urgentPointer: segment.urgentPointer,
  dataOffset: segment.dataOffset,
  reserved: segment.reserved,
  options: segment.options,
  payload: segment.payload,
  checksum: segment.checksum,
  ttl: segment.ttl,
  trafficClass: segment.trafficClass,
  flowLabel: segment.flowLabel,
  id: segment.id,
  dontFragment: segment.dontFragment,
  moreFragments: segment.moreFragments,
  fragmentOffset: segment.fragmentOffset,
  ipChecksum: segment.ipChecksum,
});

/** One packet, or its fragments. `digest` signs it, where its options have room for that. */
export function packetsOf(segment: TcpSegment, ends: TcpEnds, digest?: TcpDigest): Uint8Array[] {
  const packet = buildTcp(specOf(segment, ends));
  if (digest !== undefined) signTcp(packet, digest);
  const { fragments, id = 0 } = segment;
  return fragments === undefined ? [packet] : fragmentPacket(packet, fragments, id);
}
