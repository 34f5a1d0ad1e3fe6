// What the headers of a packet betray to its receiver alone, who has nothing to hold it against but the other packets of its sender.
// Each is a hint, not a proof: a sender may change its ways. What an honest stack does is no anomaly.
import { sequenceDistance } from '../../wire/tcp.ts';
import { type SeenPacket, has, sequenceEnd } from '../seen-packet.ts';

export interface Anomaly {
  readonly kind: 'ttl' | 'ip-id' | 'window' | 'sequence' | 'afterlife';
  /** `TTL 61 where 3 packets before it have 63`. */
  readonly text: string;
}

/** Of packets that make no pattern yet nothing is said. */
const PATTERN = 2;
/** A counter that runs over all of a host's packets moves on between two of a flow, but not by this much. */
const ID_JUMP = 256;

/** `packets`: those that the same sender's name stands on in the same capture, in order, the suspicious one among them. */
export function anomaliesOf(suspect: SeenPacket, packets: readonly SeenPacket[]): Anomaly[] {
  const others = packets.filter((packet) => packet !== suspect && !has(packet, 'RST'));
  const before = others.filter((packet) => packet.time <= suspect.time);
  const found = [
    ttlJump(suspect, before),
    idJump(suspect, before),
    ...(has(suspect, 'RST')
      ? [strangeWindow(suspect, before), sequenceJumps(suspect, packets, before)]
      : []),
    ...(has(suspect, 'RST') ? [afterlife(suspect, others)] : []),
  ];
  return found.filter((anomaly) => anomaly !== null);
}

/** Whether the headers alone are reason enough to hold it for forged: a TTL that none of its sender's packets had, or two hints. */
export const isForgedByHeaders = (anomalies: readonly Anomaly[]): boolean =>
  anomalies.some(({ kind }) => kind === 'ttl') || anomalies.length >= 2;

/** All packets of a way have one TTL, and this has another. */
function ttlJump(suspect: SeenPacket, before: readonly SeenPacket[]): Anomaly | null {
  const [first] = before;
  if (!first || before.length < PATTERN || first.ttl === suspect.ttl) return null;
  if (before.some(({ ttl }) => ttl !== first.ttl)) return null;
  return { kind: 'ttl', text: `TTL ${suspect.ttl} where ${many(before)} ${first.ttl}` };
}

/** Identifications counted up one by one, and this one is far off. Linux itself sends RSTs and SYN+ACKs with 0. */
function idJump({ ipId }: SeenPacket, before: readonly SeenPacket[]): Anomaly | null {
  const ids = before.flatMap((packet) => (packet.ipId === 0 ? [] : [packet.ipId]));
  const last = ids.at(-1);
  if (ipId === 0 || last === undefined || ids.length < PATTERN) return null;
  const steps = ids.slice(1).map((id, index) => forwardStep(ids[index] ?? id, id));
  if (steps.some((step) => step === 0 || step >= ID_JUMP)) return null;
  if (forwardStep(last, ipId) < ID_JUMP || forwardStep(ipId, last) < ID_JUMP) return null;
  return { kind: 'ip-id', text: `IP-ID ${ipId} where the packet before it has ${last}` };
}

const forwardStep = (from: number, to: number): number => (to - from) & 0xffff;

/** An honest RST has window 0 or the connection's own. */
function strangeWindow(suspect: SeenPacket, before: readonly SeenPacket[]): Anomaly | null {
  const window = suspect.window();
  const windows = before.map((packet) => packet.window());
  if (window === 0 || windows.length < PATTERN) return null;
  const [least, most] = [Math.min(...windows), Math.max(...windows)];
  if (window >= least && window <= most) return null;
  const usual = least === most ? `${least}` : `${least} to ${most}`;
  return { kind: 'window', text: `window ${window} where ${many(before)} ${usual}` };
}

/** RSTs that name several places of the stream, one of them beyond all that was sent: somebody guesses. */
function sequenceJumps(
  suspect: SeenPacket,
  packets: readonly SeenPacket[],
  before: readonly SeenPacket[],
): Anomaly | null {
  const resets = packets.filter((packet) => has(packet, 'RST'));
  const places = [...new Set(resets.map(({ sequence }) => sequence))];
  const [first] = before;
  if (places.length < 2 || !first) return null;
  const reached = before.reduce(
    (end, packet) => Math.max(end, sequenceDistance(sequenceEnd(packet), first.sequence)),
    0,
  );
  const jumps = places
    .map((place) => sequenceDistance(place, first.sequence) - reached)
    .toSorted((left, right) => left - right);
  if ((jumps.at(-1) ?? 0) <= 0 || suspect !== resets[0]) return null;
  return {
    kind: 'sequence',
    text: `${resets.length} RSTs at ${jumps.map((jump) => (jump <= 0 ? `${jump}` : `+${jump}`)).join(', ')} of what was sent`,
  };
}

/** Whoever reset a connection sends nothing new on it, unless the RST overtook what was sent before it. */
function afterlife(suspect: SeenPacket, others: readonly SeenPacket[]): Anomaly | null {
  const later = others.find(
    (packet) =>
      packet.time > suspect.time &&
      packet.length > 0 &&
      sequenceDistance(packet.sequence, suspect.sequence) >= 0,
  );
  if (!later) return null;
  return { kind: 'afterlife', text: `its sender goes on afterwards with ${later.length} bytes` };
}

const many = ({ length }: readonly SeenPacket[]): string => `${length} packets before it have`;
