import { addSequence, sequenceDistance } from '../../wire/tcp.ts';
import type { HeldBytes } from './keep-first.ts';

/** `held` with a segment that counts in the place of what it covers; both are sorted by sequence number and do not overlap. */
export function keepLast(
  held: readonly HeldBytes[],
  sequence: number,
  bytes: Uint8Array,
): HeldBytes[] {
  const end = addSequence(sequence, bytes.length);
  const before: HeldBytes[] = [];
  const after: HeldBytes[] = [];
  for (const part of held) {
    const head = Math.min(part.bytes.length, sequenceDistance(sequence, part.sequence));
    if (head > 0) before.push({ sequence: part.sequence, bytes: part.bytes.subarray(0, head) });
    const tail = Math.max(0, sequenceDistance(end, part.sequence));
    if (tail < part.bytes.length)
      after.push({ sequence: addSequence(part.sequence, tail), bytes: part.bytes.subarray(tail) });
  }
  return [...before, { sequence, bytes }, ...after];
}
