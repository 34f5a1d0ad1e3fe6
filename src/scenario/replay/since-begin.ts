import type { ReplayPacket } from './read-packets.ts';

/** From milliseconds since the file's first packet to those since the first of these, whole microseconds. */
export function sinceBegin(packets: readonly ReplayPacket[]): (time: number) => number {
  const begin = packets[0]?.time ?? 0;
  return (time) => Math.round((time - begin) * 1000) / 1000;
}
