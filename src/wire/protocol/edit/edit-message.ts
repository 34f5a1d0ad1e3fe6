// An edit of a message that was read: fields or elements are changed in a draft, and what hangs on their length is put right.
import type { FrameSpec } from '../../../model/protocol.ts';
import type { FieldEdit, ListEdit } from '../../../model/relay.ts';
import type { Edited, FieldChange } from '../contract.ts';
import type { Grammar } from '../grammar.ts';
import type { FieldNode } from '../read/field-node.ts';
import type { Editor, ReadMessage } from '../read/read-message.ts';
import { Draft } from './draft.ts';
import { editFields } from './edit-fields.ts';
import { editLists } from './edit-lists.ts';
import { expandNames } from './expand-names.ts';
import { fixLengths } from './fix-lengths.ts';
import { PreparedEdits } from './prepare-edit.ts';

export function messageEditor({ spec, layouts }: Grammar): Editor {
  const prepared = new PreparedEdits();
  const hasNames = [...layouts.values()].some(({ members }) =>
    members.some(({ kind }) => kind === 'name'),
  );
  return (message, edit, random, fixup) => {
    const read =
      hasNames && fixup && isListEdit(edit) ? withoutPointers(message, edit, spec.frame) : message;
    const seen = isListEdit(edit) ? read.find(edit.path) : read.glance(edit.path);
    // A number keeps its length, so that what is around it does not matter.
    const isNumber = seen.every(({ member }) => member.kind === 'uint');
    const fields = isNumber ? seen : read.find(edit.path);
    const unchanged: Edited = { bytes: message.bytes, changes: [] };
    if (fields.length === 0) return unchanged;
    const draft = new Draft(read.bytes);
    const changes: readonly FieldChange[] = isListEdit(edit)
      ? editLists(draft, fields, edit, random)
      : editFields(draft, fields, edit, prepared, random, fixup);
    if (changes.length === 0) return unchanged;
    if (draft.isSpliced && fixup) {
      if (hasNames) expandNames(draft, read.root, draft.firstMoved);
      if (!fixLengths(draft, read.member, spec.frame)) return unchanged;
    }
    return { bytes: draft.build(), changes };
  };
}

export const isListEdit = (edit: FieldEdit | ListEdit): edit is ListEdit =>
  edit.kind === 'remove' || edit.kind === 'repeat' || edit.kind === 'shuffle';

/** Elements are moved and copied with the names in them: none of those may point to a place among them. */
function withoutPointers(message: ReadMessage, { path }: ListEdit, frame: FrameSpec): ReadMessage {
  const from = message
    .find(path)
    .reduce((first, field) => Math.min(first, listAround(field).start), Infinity);
  const draft = new Draft(message.bytes);
  expandNames(draft, message.root, from);
  return draft.isSpliced && fixLengths(draft, message.member, frame)
    ? message.reread(draft.build())
    : message;
}

function listAround(field: FieldNode): FieldNode {
  for (let at: FieldNode | null = field; at !== null; at = at.parent)
    if (at.member.kind === 'list') return at;
  return field;
}
