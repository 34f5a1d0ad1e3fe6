import { writeU16 } from '../../../../wire/bytes.ts';
import { IPV4 } from '../../../../wire/ipv4.ts';
import { IPV6 } from '../../../../wire/ipv6.ts';
import { PacketView } from '../../../../wire/packet.ts';
import { repairChecksums } from '../../../../wire/rewrite.ts';
import { UDP } from '../../../../wire/udp.ts';

/** A copy of the whole packet in `view` with another payload; `change` may change its headers before the checksums are put right. */
export function rebuild(
  view: PacketView,
  payload: Uint8Array,
  change: (copy: PacketView) => void,
): Uint8Array {
  const headers = view.payloadStart - view.start;
  const packet = new Uint8Array(headers + payload.length);
  packet.set(view.memory.subarray(view.start, view.payloadStart));
  packet.set(payload, headers);
  if (view.version === 4) writeU16(packet, IPV4.totalLength, packet.length);
  else writeU16(packet, IPV6.payloadLength, packet.length - IPV6.headerLength);
  const transport = view.transportStart - view.start;
  if (view.isUdp) writeU16(packet, transport + UDP.length, packet.length - transport);
  const copy = new PacketView();
  copy.load(packet, 0, packet.length);
  change(copy);
  copy.load(packet, 0, packet.length);
  repairChecksums(copy);
  return packet;
}
