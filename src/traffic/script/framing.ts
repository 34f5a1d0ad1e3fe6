import type { SendInstruction } from '../../model/script.ts';
import type { PlayCommand } from './play.ts';

type Framing = Extract<PlayCommand, { kind: 'send' }>['framing'];

/** The sizes of the segments in which so many bytes leave. */
export function framingOf(framing: SendInstruction['framing'], length: number): Framing {
  if (framing === 'stream') return 'stream';
  if (length === 0) return [];
  if (typeof framing === 'number') return equalParts(length, framing);
  const sizes: number[] = [];
  let left = length;
  for (const size of framing.slice(0, -1)) {
    if (left === 0) break;
    const taken = Math.min(size, left);
    if (taken > 0) sizes.push(taken);
    left -= taken;
  }
  // The last size stands for what is left.
  if (left > 0) sizes.push(left);
  return sizes;
}

/** As equal as can be, larger ones first; never an empty one. */
function equalParts(length: number, count: number): number[] {
  const parts = Math.max(1, Math.min(count, length));
  const size = Math.floor(length / parts);
  const larger = length % parts;
  return Array.from({ length: parts }, (_, index) => size + (index < larger ? 1 : 0));
}
