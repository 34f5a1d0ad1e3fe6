import { createHash } from 'node:crypto';
import { type TcpEnds, packetsOf } from '../../roles/endpoint/tcp/packets.ts';
import type { TcpSegment } from '../../roles/endpoint/tcp/segment.ts';
import { fragmentPacket } from '../../wire/fragment.ts';
import { signTcp } from '../../wire/tcp-md5.ts';

/** The packet or fragments of a segment whose MD5 option is signed with `key` (RFC 2385). */
export function signPackets(segment: TcpSegment, ends: TcpEnds, key: string): Uint8Array[] {
  const { fragments, id = 0 } = segment;
  return packetsOf({ ...segment, fragments: undefined }, ends).flatMap((packet) => {
    signTcp(packet, (signed) => createHash('md5').update(signed).update(key).digest());
    return fragments ? fragmentPacket(packet, fragments, id) : [packet];
  });
}
