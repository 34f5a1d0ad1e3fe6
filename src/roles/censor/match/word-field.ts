import type { WordCondition } from '../../../model/censor-match.ts';
import { unreachable } from '../../../base/invariant.ts';
import type { Look } from './look.ts';

/** The word that holds; null where there is none. `insideSet`: the prefix set of what is inside, when that is told. */
export function readWord(
  field: WordCondition['field'],
  look: Look,
  insideSet: number | null,
): string | null {
  switch (field) {
    case 'payload.protocol':
      return look.payload.protocol;
    case 'flow.side':
      return look.isForward ? 'client' : 'server';
    case 'flow.origin': {
      if (insideSet === null) return null;
      const sets = look.isForward ? look.sourceSets : look.destinationSets;
      return sets.has(insideSet) ? 'inside' : 'outside';
    }
    default:
      return unreachable(field, 'word field');
  }
}
