// `match` of a relay's rule: which messages it is about.
import type { NthTest, RelayMatch } from '../../../model/relay.ts';
import type { RelayNth, RelayMatch as Written } from '../../../model/scenario-file.ts';
import { isFieldMatch, resolveFieldTest } from './field-test.ts';
import { type RelayPlace, within } from './scope.ts';
import { shareOf } from './share.ts';
import { resolveTypes } from './type-names.ts';

/** Keys that are no paths of fields. */
const OWN: readonly string[] = ['type', 'nth', 'probability', 'session', 'state'];

export function resolveMatch(place: RelayPlace, written: Written): RelayMatch {
  const { type, nth, probability, session, state } = written;
  const types = resolveTypes(within(place, 'type'), type);
  const fields = Object.entries(written).flatMap(([key, value]) =>
    OWN.includes(key) || !isFieldMatch(value)
      ? []
      : (resolveFieldTest(within(place, key), key, value, types) ?? []),
  );
  return {
    types,
    fields,
    nth: nth === undefined ? null : nthOf(nth),
    probability: shareOf(probability),
    sessions: session === undefined ? [] : [session].flat(),
    state: state ?? null,
  };
}

/** `from` of the model is how many are left out before; the file says the first. */
function nthOf(written: RelayNth): NthTest {
  if (typeof written === 'number' || Array.isArray(written))
    return { kind: 'at', numbers: [written].flat() };
  const { every, from = every } = written;
  return { kind: 'every', every, from: from - every };
}
