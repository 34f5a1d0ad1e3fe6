import type { FuzzSpec } from '../../../model/relay.ts';
import type { RelayFuzz } from '../../../model/scenario-file.ts';
import { type RelayPlace, within } from './scope.ts';
import { shareOf } from './share.ts';
import { resolveTypes } from './type-names.ts';

/** Edits of one mutated message, at most, where the file does not say. */
const EDITS = 3;

export function resolveFuzz(place: RelayPlace, written: RelayFuzz | undefined): FuzzSpec | null {
  if (written === undefined) return null;
  const { at, messages, rate, edits = EDITS, count = 0 } = written;
  return {
    at: [...new Set([at].flat().flatMap(hookOf))],
    messages: resolveTypes(within(place, 'messages'), messages),
    rate: shareOf(rate),
    edits,
    count,
  };
}

/** The schema has none but these. */
function hookOf(word: string): FuzzSpec['at'] {
  switch (word) {
    case 'C->P':
    case 'P->S':
    case 'S->P':
    case 'P->C':
      return [word];
    default:
      return [];
  }
}
