// Follows packets through the captures along their way: the same packet is told by what no hop changes.
import { TCP_FLAG } from '../wire/tcp.ts';
import type { Trajectory } from './aligned.ts';
import type { SeenPacket } from './seen-packet.ts';

interface Growing {
  readonly sightings: (SeenPacket | null)[];
  readonly packet: SeenPacket;
  readonly first: number;
  last: number;
  altered: number;
}

/** The same packet seen twice in one capture where a link may duplicate, or copies of one injection. */
interface Group {
  readonly members: Growing[];
  /** By point: all members before this one have been seen there. */
  readonly taken: number[];
}

/**
 * `lists` holds the packets of one direction by capture, from the sender to the receiver, each in order of time. Copies of a packet
 * that a link made on the way belong to no trajectory.
 */
export function followPackets(lists: readonly (readonly SeenPacket[])[]): Trajectory[] {
  const groups = new Map<string, Group>();
  const all: Growing[] = [];
  for (const [point, packets] of lists.entries()) {
    const strangers = packets.filter(
      (packet) => !meet(groups.get(identity(packet)), packet, point),
    );
    const newcomers = meetAltered(strangers, all, point);
    for (const packet of newcomers) {
      const key = identity(packet);
      let group = groups.get(key);
      if (!group) groups.set(key, (group = { members: [], taken: [] }));
      if (point > 0 && isCopy(group, packet, point)) continue;
      const sightings = Array.from({ length: lists.length }, () => null as SeenPacket | null);
      sightings[point] = packet;
      const born: Growing = { sightings, packet, first: point, last: point, altered: -1 };
      group.members.push(born);
      all.push(born);
    }
  }
  return all.sort((left, right) => left.packet.time - right.packet.time);
}

/** What stays the same from hop to hop; TTL, checksums, addresses and MACs do not, payload is compared apart. */
function identity(packet: SeenPacket): string {
  const { ipId, sequence, acknowledgment, flags, timestamp, length } = packet;
  return `${ipId}/${sequence}/${acknowledgment}/${flags}/${timestamp ?? ''}/${length}`;
}

const sameDigest = (left: SeenPacket, right: SeenPacket): boolean =>
  left.digest === null || right.digest === null || left.digest === right.digest;

/** Gives the sighting to the earliest trajectory of this identity that was not seen at this point yet. */
function meet(group: Group | undefined, packet: SeenPacket, point: number): boolean {
  if (!group) return false;
  let index = group.taken[point] ?? 0;
  while (group.members[index]?.sightings[point]) index += 1;
  group.taken[point] = index;
  for (; index < group.members.length; index += 1) {
    const candidate = group.members[index];
    if (!candidate || candidate.sightings[point] || !sameDigest(candidate.packet, packet)) continue;
    see(candidate, packet, point);
    return true;
  }
  return false;
}

function see(trajectory: Growing, packet: SeenPacket, point: number): void {
  trajectory.sightings[point] = packet;
  trajectory.last = point;
}

const isCopy = ({ members }: Group, packet: SeenPacket, point: number): boolean =>
  members.some(
    (member) =>
      member.first < point && member.sightings[point] && sameDigest(member.packet, packet),
  );

/** Matches what is new at this point to what vanished before it, when only the payload differs; gives back the rest. */
function meetAltered(
  strangers: readonly SeenPacket[],
  all: readonly Growing[],
  point: number,
): readonly SeenPacket[] {
  if (strangers.length === 0 || point === 0) return strangers;
  const vanished = new Map<string, Growing[]>();
  for (const trajectory of all)
    if (!trajectory.sightings[point])
      for (const key of looseKeys(trajectory.packet)) {
        const known = vanished.get(key);
        if (known) known.push(trajectory);
        else vanished.set(key, [trajectory]);
      }
  return strangers.filter((packet) => {
    const candidate = looseKeys(packet)
      .flatMap((key) => vanished.get(key) ?? [])
      .find(
        (one) =>
          !one.sightings[point] && one.packet.time <= packet.time && !isSamePayload(one, packet),
      );
    if (!candidate) return true;
    see(candidate, packet, point);
    if (candidate.altered < 0) candidate.altered = point;
    return false;
  });
}

/** Payloads known to be equal: then a header differs, and what forges headers forges packets. */
const isSamePayload = ({ packet }: Growing, other: SeenPacket): boolean =>
  packet.length === other.length && packet.digest !== null && packet.digest === other.digest;

/**
 * Whoever alters a packet in flight leaves the rest of its header alone: its place in the stream, and its identification or, where
 * there is none, its time stamp or its length.
 */
function looseKeys(packet: SeenPacket): string[] {
  if (packet.length === 0) return [];
  const { ipId, sequence, timestamp, length } = packet;
  const control = packet.flags & (TCP_FLAG.SYN | TCP_FLAG.FIN | TCP_FLAG.RST);
  const place = `${sequence}/${control}`;
  if (ipId !== 0) return [`${place}/id ${ipId}`];
  if (timestamp !== null) return [`${place}/ts ${timestamp}`];
  return [`${place}/length ${length}`];
}
