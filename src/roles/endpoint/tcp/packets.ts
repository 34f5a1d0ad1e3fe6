// A segment of a connection as the packets that go onto the wire.
import { type TcpSpec, buildTcp } from '../../../wire/build.ts';
import { fragmentPacket } from '../../../wire/fragment.ts';
import { type TcpDigest, signTcp } from '../../../wire/tcp-md5.ts';
import type { TcpSegment } from './segment.ts';

export type TcpEnds = Pick<TcpSpec, 'source' | 'destination' | 'sourcePort' | 'destinationPort'>;

/** One packet, or its fragments. `digest` signs it, where its options have room for that. */
export function packetsOf(segment: TcpSegment, ends: TcpEnds, digest?: TcpDigest): Uint8Array[] {
  const packet = buildTcp({ ...segment, ...ends });
  if (digest !== undefined) signTcp(packet, digest);
  const { fragments, id = 0 } = segment;
  return fragments === undefined ? [packet] : fragmentPacket(packet, fragments, id);
}
