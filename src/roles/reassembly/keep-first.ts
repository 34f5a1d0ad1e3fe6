// Bytes of a stream that wait for those before them. Of overlapping copies the first that came wins, as in Linux.
import { addSequence, sequenceDistance } from '../../wire/tcp.ts';

/** Bytes ahead of a gap. */
export interface HeldBytes {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** `held` with those parts of a segment that it lacks; both are sorted by sequence number and do not overlap. */
export function keepFirst(
  held: readonly HeldBytes[],
  sequence: number,
  bytes: Uint8Array,
): HeldBytes[] {
  const kept: HeldBytes[] = [];
  let from = sequence;
  let rest = bytes;
  for (const part of held) {
    const free = Math.min(rest.length, Math.max(0, sequenceDistance(part.sequence, from)));
    if (free > 0) kept.push({ sequence: from, bytes: rest.subarray(0, free) });
    kept.push(part);
    const partEnd = addSequence(part.sequence, part.bytes.length);
    const covered = Math.min(rest.length, Math.max(free, sequenceDistance(partEnd, from)));
    from = addSequence(from, covered);
    rest = rest.subarray(covered);
  }
  if (rest.length > 0) kept.push({ sequence: from, bytes: rest });
  return kept;
}
