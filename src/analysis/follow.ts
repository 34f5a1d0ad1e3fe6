// Follows packets through the captures along their way: the same packet is told by what no hop changes.
import { TCP_FLAG } from '../wire/tcp.ts';
import type { Trajectory } from './aligned.ts';
import type { SeenPacket } from './seen-packet.ts';

/** A trajectory while it grows; those of the same identity form a list that begins with the first. */
interface Growing {
  readonly sightings: (SeenPacket | null)[];
  readonly packet: SeenPacket;
  readonly first: number;
  last: number;
  altered: number;
  next: Growing | null;
  /** Of the first in the list: its end, and by point the first that may not have been seen there. */
  tail: Growing | null;
  cursors: (Growing | undefined)[] | null;
}

/**
 * `lists` holds the packets of one direction by capture, from the sender to the receiver, each in order of time. Copies of a packet
 * that a link made on the way belong to no trajectory. `error` tells how many microseconds the times of two captures may be off
 * against each other: by so much a packet may seem to arrive before it left.
 */
export function followPackets(
  lists: readonly (readonly SeenPacket[])[],
  error: (from: number, to: number) => number = () => 0,
): Trajectory[] {
  const heads = new Map<number, Growing>();
  const all: Growing[] = [];
  for (const [point, packets] of lists.entries()) {
    const strangers = packets.filter((packet) => !meet(heads.get(keyOf(packet)), packet, point));
    for (const packet of meetAltered(strangers, all, point, error)) {
      const key = keyOf(packet);
      const head = heads.get(key) ?? null;
      if (isCopy(head, packet, point)) continue;
      const born = begin(packet, point, lists.length);
      if (head) append(head, born);
      else heads.set(key, born);
      all.push(born);
    }
  }
  return all.sort((left, right) => left.packet.time - right.packet.time);
}

function begin(packet: SeenPacket, point: number, points: number): Growing {
  const sightings = new Array<SeenPacket | null>(points).fill(null);
  sightings[point] = packet;
  const place = { first: point, last: point, altered: -1 };
  return { sightings, packet, ...place, next: null, tail: null, cursors: null };
}

function append(head: Growing, born: Growing): void {
  (head.tail ?? head).next = born;
  head.tail = born;
}

/** A number for what `isSame` compares: 53 bits, so that lists are short. */
function keyOf({ ipId, sequence, acknowledgment, flags, timestamp, length }: SeenPacket): number {
  const mix = (hash: number, value: number): number => {
    const mixed = Math.imul(hash ^ value, 0x9e3779b1);
    return mixed ^ (mixed >>> 15);
  };
  const low = mix(mix(mix(ipId, sequence), acknowledgment), flags);
  const high = mix(mix(mix(length, timestamp ?? 0), sequence), low);
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}

/** What stays the same from hop to hop; TTL, checksums, addresses and MACs do not, payload is compared apart. */
export const isSame = (left: SeenPacket, right: SeenPacket): boolean =>
  left.sequence === right.sequence &&
  left.acknowledgment === right.acknowledgment &&
  left.flags === right.flags &&
  left.ipId === right.ipId &&
  left.timestamp === right.timestamp &&
  left.length === right.length &&
  sameDigest(left, right);

const sameDigest = (left: SeenPacket, right: SeenPacket): boolean =>
  left.digest === null || right.digest === null || left.digest === right.digest;

/** Gives the sighting to the earliest trajectory of this identity that was not seen at this point yet. */
function meet(head: Growing | undefined, packet: SeenPacket, point: number): boolean {
  if (!head) return false;
  for (let one: Growing | null = cursorOf(head, point); one; one = one.next) {
    if (one.sightings[point] || !isSame(lastSighting(one), packet)) continue;
    see(one, packet, point);
    return true;
  }
  return false;
}

/** What it was when last seen: a link or a node may have changed its payload on the way. */
const lastSighting = ({ sightings, last, packet }: Growing): SeenPacket =>
  sightings[last] ?? packet;

/** Long lists of equal datagrams are not walked from the beginning each time. */
function cursorOf(head: Growing, point: number): Growing {
  if (!head.next) return head;
  head.cursors ??= [];
  let cursor = head.cursors[point] ?? head;
  while (cursor.sightings[point] && cursor.next) cursor = cursor.next;
  head.cursors[point] = cursor;
  return cursor;
}

function see(trajectory: Growing, packet: SeenPacket, point: number): void {
  trajectory.sightings[point] = packet;
  trajectory.last = point;
}

/** Whether a packet that came to this point from before is here a second time. */
function isCopy(head: Growing | null, packet: SeenPacket, point: number): boolean {
  // Lists grow from point to point: what began before this one comes first.
  for (let one = head; one && one.first < point; one = one.next) {
    const seen = one.sightings[point];
    if (seen && isSame(seen, packet)) return true;
  }
  return false;
}

/** Matches what is new at this point to what vanished before it, when only the payload or what it acknowledges differs; gives back the rest. */
function meetAltered(
  strangers: readonly SeenPacket[],
  all: readonly Growing[],
  point: number,
  error: (from: number, to: number) => number,
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
          !one.sightings[point] &&
          one.packet.time <= packet.time + error(one.first, point) &&
          (!isSamePayload(one, packet) || isRenumbered(one, packet)),
      );
    if (!candidate) return true;
    see(candidate, packet, point);
    if (candidate.altered < 0 && !isSamePayload(candidate, packet)) candidate.altered = point;
    return false;
  });
}

/** Payloads known to be equal: then a header differs, and what forges headers forges packets. */
const isSamePayload = ({ packet }: Growing, other: SeenPacket): boolean =>
  packet.length === other.length && packet.digest !== null && packet.digest === other.digest;

/**
 * Whoever has changed the length of what one side sent gives the other side's packets the acknowledgment that they would have had.
 * The place in the stream and the identification or time stamp are compared by their keys.
 */
const isRenumbered = ({ packet }: Growing, other: SeenPacket): boolean =>
  packet.acknowledgment !== other.acknowledgment &&
  packet.flags === other.flags &&
  packet.ipId === other.ipId &&
  packet.timestamp === other.timestamp;

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
