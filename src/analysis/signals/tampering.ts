// Bytes that changed on the way, shown as they were and as they became.
import type { Signal } from '../../model/verdict.ts';
import { type Tampering, tamperingProofs, tamperings } from '../detectors/tampered.ts';
import type { SeenPacket } from '../seen-packet.ts';
import { suspect } from '../suspect.ts';
import { type SignalDetector, bothDirections, named, sideOf } from './signal-detector.ts';

export const signalTampering: SignalDetector = (flow) => {
  const found = tamperings(flow);
  return bothDirections(flow).flatMap((direction): Signal[] => {
    const changed = found.filter((one) => one.direction === direction);
    const [first] = changed;
    if (!first) return [];
    const { trajectory, after, stretch } = first;
    const packets = changed.length === 1 ? [] : [`${changed.length} packets changed`];
    return [
      {
        kind: 'tampering',
        side: sideOf(direction),
        detail: [describeTampering(first), ...packets].join('; '),
        proof: tamperingProofs(flow, trajectory, after),
        ...named(suspect(flow.plan, stretch)),
      },
    ];
  });
};

/** `bytes 9 to 11 of 120: "200" became "404"`, `length 120 became 131, from byte 9 on: …`. */
function describeTampering({ before, after }: Tampering): string {
  const [old, changed] = [before.payload(), after.payload()];
  const start = firstDifference(old, changed);
  if (before.length !== after.length)
    return `length ${before.length} became ${after.length}, from byte ${start} on: ${excerpt(before, start, old.length)} became ${excerpt(after, start, changed.length)}`;
  const end = lastDifference(old, changed);
  const bytes = start === end ? `byte ${start}` : `bytes ${start} to ${end}`;
  return `${bytes} of ${before.length}: ${excerpt(before, start, end + 1)} became ${excerpt(after, start, end + 1)}`;
}

function firstDifference(left: Uint8Array, right: Uint8Array): number {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at += 1) if (left[at] !== right[at]) return at;
  return shorter;
}

/** Of two payloads of one length. */
function lastDifference(left: Uint8Array, right: Uint8Array): number {
  let at = left.length - 1;
  while (at > 0 && left[at] === right[at]) at -= 1;
  return at;
}

/** Bytes that are shown. */
const SHOWN = 16;

/** Text in quotes where it is printable ASCII, hexadecimal digits where it is not. */
function excerpt(packet: SeenPacket, start: number, end: number): string {
  const bytes = [...packet.payload().subarray(start, Math.min(end, start + SHOWN))];
  const more = end - start > SHOWN ? '…' : '';
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f))
    return JSON.stringify(String.fromCharCode(...bytes) + more);
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('') + more;
}
