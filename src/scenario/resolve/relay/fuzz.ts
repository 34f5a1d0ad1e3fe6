import { FUZZ_ANSWER_TIMEOUT } from '../../../model/relay-defaults.ts';
import type { FieldEdit, FuzzSpec, ListEdit, Mutation } from '../../../model/relay.ts';
import type { RelayFuzz, RelayMutation } from '../../../model/scenario-file.ts';
import { millis } from '../quantity.ts';
import { checkEdit } from './operation/check-edit.ts';
import { resolveFieldEdit } from './operation/field-edit.ts';
import { resolveListEdit } from './operation/list-edit.ts';
import { type RelayPlace, within } from './scope.ts';
import { shareOf } from './share.ts';
import { resolveType, resolveTypes } from './type-names.ts';

/** Edits of one mutated message, at most, where the file does not say. */
const EDITS = 3;

export function resolveFuzz(place: RelayPlace, written: RelayFuzz | undefined): FuzzSpec | null {
  if (written === undefined) return null;
  const { messages, rate, edits = EDITS, count = 0, answerTimeout, only = [] } = written;
  const at = [...new Set([written.at].flat().flatMap(hookOf))];
  const mutations = only.map((mutation, index) =>
    mutationOf(within(place, 'only', index), mutation, at),
  );
  return {
    at: [...new Set([...at, ...mutations.map((mutation) => mutation.at)])],
    messages: resolveTypes(within(place, 'messages'), messages),
    rate: shareOf(rate),
    edits,
    count,
    answerTimeout: answerTimeout === undefined ? FUZZ_ANSWER_TIMEOUT : millis(answerTimeout),
    only: mutations,
  };
}

function mutationOf(
  place: RelayPlace,
  written: RelayMutation,
  [usual = 'C->P']: FuzzSpec['at'],
): Mutation {
  const at = written.at ?? usual;
  const type = resolveType(within(place, 'type'), written.type);
  const frame = { at, types: [type], isUnsafe: true };
  const edits = written.do.flatMap((operation, index): (FieldEdit | ListEdit)[] => {
    const own = within(place, 'do', index);
    const [key = '', ...more] = typeof operation === 'string' ? [] : Object.keys(operation);
    const edit =
      typeof operation === 'string' || more.length > 0
        ? undefined
        : (resolveFieldEdit(within(own, key), operation) ?? resolveListEdit(operation));
    if (edit !== undefined) return checkEdit(within(own, key), edit, frame) ? [edit] : [];
    own.scope.context.report('S048', own.path, 'Expected one edit of a field or a list', {
      help: 'Write { set: { field: …, value: … } }, { remove: { field: … } }, …',
    });
    return [];
  });
  return { at, type, nth: written.nth ?? 1, edits };
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
