import { writeU16 } from '../../../wire/bytes.ts';
import { IPV4 } from '../../../wire/ipv4.ts';
import { IPV6 } from '../../../wire/ipv6.ts';
import { PacketView } from '../../../wire/packet.ts';
import { repairChecksums } from '../../../wire/rewrite.ts';
import { UDP } from '../../../wire/udp.ts';

/**
 * The packet that `view` has loaded with another payload, its lengths and checksums right. Null when it cannot be had: fragments, what is
 * neither TCP nor UDP, more than an IP packet holds, and TCP payload of another length, which would move the rest of the stream.
 */
export function replacePayload(view: PacketView, payload: Uint8Array): Uint8Array | null {
  const { memory, start, payloadStart, transportStart, version } = view;
  if (view.isFragment || !(view.isTcp || view.isUdp)) return null;
  if (view.isTcp && payload.length !== view.payloadEnd - payloadStart) return null;
  const headers = payloadStart - start;
  const total = headers + payload.length;
  if (total > 0xffff) return null;
  const packet = new Uint8Array(total);
  packet.set(memory.subarray(start, payloadStart));
  packet.set(payload, headers);
  if (version === 4) writeU16(packet, IPV4.totalLength, total);
  else writeU16(packet, IPV6.payloadLength, total - IPV6.headerLength);
  if (view.isUdp)
    writeU16(packet, transportStart - start + UDP.length, total - (transportStart - start));
  const own = new PacketView();
  own.load(packet, 0, total);
  repairChecksums(own);
  return packet;
}
