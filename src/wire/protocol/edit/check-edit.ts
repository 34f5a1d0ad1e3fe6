import { Fault } from '../../../base/fault.ts';
import type { FieldEdit, ListEdit } from '../../../model/relay.ts';
import type { Grammar } from '../grammar.ts';

/** What is wrong with an edit of messages of these types; null: nothing. */
export function checkEdit(
  { spec }: Grammar,
  edit: FieldEdit | ListEdit,
  _types: readonly string[],
  _unsafe: boolean,
): string | null {
  throw new Fault('usage', `Messages of ${spec.protocol} cannot be edited yet: ${edit.kind}`);
}
