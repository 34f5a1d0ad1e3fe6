// A segment of a connection as the packets that go onto the wire.
import { type TcpSpec, buildTcp } from '../../../wire/build.ts';
import { fragmentPacket } from '../../../wire/fragment.ts';
import type { TcpSegment } from './segment.ts';

export type TcpEnds = Pick<TcpSpec, 'source' | 'destination' | 'sourcePort' | 'destinationPort'>;

/** One packet, or its fragments. */
export function packetsOf(segment: TcpSegment, ends: TcpEnds): Uint8Array[] {
  const packet = buildTcp({ ...segment, ...ends });
  const { fragments, id = 0 } = segment;
  return fragments === undefined ? [packet] : fragmentPacket(packet, fragments, id);
}
