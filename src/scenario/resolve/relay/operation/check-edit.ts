import type { FieldEdit, ListEdit } from '../../../../model/relay.ts';
import { type RelayPlace, within } from '../scope.ts';
import type { RuleFrame } from './rule-frame.ts';

/** Whether messages of the rule's types can be edited so; where not, it is reported at the edit's field. */
export function checkEdit(
  place: RelayPlace,
  edit: FieldEdit | ListEdit,
  { types, isUnsafe }: RuleFrame,
): boolean {
  const { context, protocol } = place.scope;
  const fault = protocol.check(edit, types, isUnsafe);
  if (fault === null) return true;
  context.report('S183', within(place, 'field').path, fault);
  return false;
}
