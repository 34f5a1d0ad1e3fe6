import type { RelayRule } from '../../../model/relay.ts';
import type { RelayRule as Written } from '../../../model/scenario-file.ts';
import { resolveMatch } from './match.ts';
import { resolveOperations } from './operation/operations.ts';
import { type RelayPlace, within } from './scope.ts';

/** `place` is that of the list. Rules that do nothing or are asked nowhere are left out: that has been reported. */
export const resolveRules = (
  place: RelayPlace,
  written: readonly Written[],
): readonly RelayRule[] =>
  written.flatMap((rule, index): RelayRule[] => {
    const own = within(place, index);
    const at = hookOf(own, rule);
    const match = resolveMatch(within(own, 'match'), rule.match ?? {});
    const unsafe = rule.unsafe ?? false;
    const rest = { types: match.types, isUnsafe: unsafe };
    const { operations, fixup } = resolveOperations(within(own, 'do'), rule.do, { at, ...rest });
    if (at === undefined || operations.length === 0) return [];
    const name = rule.name ?? `rule-${index + 1}`;
    return [{ name, at, match, do: operations, fixup, unsafe }];
  });

const INGRESS = { 'C->S': 'C->P', 'S->C': 'S->P' } as const;

function hookOf(
  { scope: { context }, path }: RelayPlace,
  { direction, at }: Written,
): RelayRule['at'] | undefined {
  if (direction !== undefined && at === undefined) return INGRESS[direction];
  if (at !== undefined && direction === undefined) return at;
  if (at === undefined && context.partial) return undefined;
  context.report('S048', path, 'Expected exactly one of "direction" and "at"', {
    key: true,
    help: 'Write direction: C->S for what clients send, S->C for what the target does, or one of the four places: at: P->S',
  });
  return undefined;
}
