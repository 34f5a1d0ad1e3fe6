import type { PlayPacket } from './play.ts';

/** Packets of a channel that came and that nothing has asked for yet. */
export interface Packets {
  push(packet: PlayPacket): void;
  /** Takes the first that fits; with `skip`, those before it are gone as well. */
  take(fits: (packet: PlayPacket) => boolean, skip: boolean): boolean;
}

/** Older ones are forgotten: a script asks soon after. */
const KEPT = 4096;

export function createPackets(): Packets {
  let packets: PlayPacket[] = [];
  return {
    push: (packet) => {
      packets.push(packet);
      if (packets.length >= 2 * KEPT) packets = packets.slice(-KEPT);
    },
    take: (fits, skip) => {
      const index = packets.findIndex(fits);
      if (index < 0) return false;
      packets.splice(skip ? 0 : index, skip ? index + 1 : 1);
      return true;
    },
  };
}
