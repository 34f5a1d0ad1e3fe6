import type { Random } from '../../../base/random.ts';
import type { FaultKind } from '../../../model/relay.ts';
import type { FaultBehaviour } from './pipe.ts';

type Slicer = Extract<FaultKind, { readonly kind: 'slicer' }>;

/** Bytes leave in pieces of a size that varies, with a gap behind each. */
export function slicer({ size, variation, gap }: Slicer, random: Random): FaultBehaviour {
  let free = 0;
  return {
    push: (bytes, pipe, now) => {
      free = Math.max(free, now);
      for (let at = 0; at < bytes.length;) {
        const drawn = variation === 0 ? 0 : random.below(2 * variation + 1) - variation;
        const piece = bytes.subarray(at, at + Math.max(1, size + drawn));
        pipe.sendAt(Math.round(free), piece, now);
        free += gap * 1000;
        at += piece.length;
      }
    },
  };
}
