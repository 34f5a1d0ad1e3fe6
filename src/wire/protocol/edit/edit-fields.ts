import type { FieldEdit } from '../../../model/relay.ts';
import type { Random } from '../../../base/random.ts';
import { readBits } from '../bits.ts';
import type { FieldChange } from '../contract.ts';
import type { FieldNode } from '../read/field-node.ts';
import { type BytesChange, fitted, roomOf } from './bytes-edit.ts';
import type { Draft } from './draft.ts';
import type { PreparedEdits } from './prepare-edit.ts';
import { type Splice, spliced } from './splice.ts';
import { bytesText, numberText, valueText } from './value-text.ts';

/** Fields of a type that has no such edit stay as they are. */
export function editFields(
  draft: Draft,
  fields: readonly FieldNode[],
  edit: FieldEdit,
  prepared: PreparedEdits,
  random: Random,
  fixup: boolean,
): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  const isOne = fields.length === 1 && !edit.path.includes('*');
  for (const field of fields) {
    const { member, message, start } = field;
    const path = isOne ? edit.path : field.path;
    const ready = prepared.of(edit, member);
    if (ready === null) continue;
    if (ready.kind === 'bytes') {
      const after = editBytes(draft, field, ready.change, random, fixup);
      changes.push({ field: path, old: valueText(field), new: bytesText(member, after) });
    } else if (member.kind === 'uint') {
      const old = readBits(message, start, member);
      const value = ready.change(old, random);
      draft.number(member, start, value);
      changes.push({
        field: path,
        old: numberText(member, old),
        new: numberText(member, value),
      });
    }
  }
  return changes;
}

/** What the field is then. */
function editBytes(
  draft: Draft,
  field: FieldNode,
  change: BytesChange,
  random: Random,
  fixup: boolean,
): Uint8Array {
  const { message, member, start, end } = field;
  const old = message.subarray(start, end);
  let splices: readonly Splice[] = change(old, random);
  let after = spliced(old, splices);
  const room = fixup ? roomOf(member) : null;
  if (room !== null && after.length !== room && old.length === room) {
    after = fitted(after, room);
    splices = [{ at: 0, remove: old.length, bytes: after }];
  }
  // Others may point to a name, also where it stays as long as it was.
  const moves = member.kind === 'name';
  for (const splice of splices) {
    const at = start + splice.at;
    draft.say({ ...splice, at }, innermost(field, at, at + splice.remove).inner, moves);
  }
  return after;
}

/** The smallest field within that has all of these bytes; of none, the smallest that has some on both sides. */
function innermost(field: FieldNode, start: number, end: number): FieldNode {
  const child = field.children.find((inner) =>
    start === end
      ? inner.start < start && start < inner.end
      : inner.start <= start && end <= inner.end,
  );
  return child === undefined ? field : innermost(child, start, end);
}
