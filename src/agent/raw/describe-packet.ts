import type { PlayPacket } from '../../traffic/script/play.ts';
import type { PacketView } from '../../wire/packet.ts';

/** What a script may ask of a packet. */
export const describePacket = (packet: PacketView): PlayPacket => ({
  protocol: packet.protocol,
  flags: packet.flags,
  length: packet.payloadLength,
  sequence: packet.sequence,
  acknowledgment: packet.acknowledgment,
  window: packet.window,
  ttl: packet.ttl,
  id: packet.ipId,
});
