// An edit made ready for the fields of one place of the description: its values are encoded once, and not for every message.
import { Fault } from '../../../base/fault.ts';
import type { FieldEdit } from '../../../model/relay.ts';
import type { Member } from '../grammar.ts';
import { addressEdit } from './address-edit.ts';
import { type BytesChange, bytesEdit } from './bytes-edit.ts';
import { legalKinds } from './legal-kinds.ts';
import { type NumberChange, numberEdit } from './number-edit.ts';

export type PreparedEdit =
  | { readonly kind: 'number'; readonly change: NumberChange }
  | { readonly kind: 'bytes'; readonly change: BytesChange };

/** Null where the type has no such edit. Throws a fault of usage where the edit's values are none of the field's. */
export function prepareEdit(member: Member, edit: FieldEdit): PreparedEdit | null {
  if (!legalKinds(member, true).includes(edit.kind)) return null;
  switch (member.kind) {
    case 'uint': {
      const change = numberEdit(member, edit);
      return change && { kind: 'number', change };
    }
    case 'mac':
    case 'ipv4':
    case 'ipv6': {
      const change = addressEdit(member, edit);
      return change && { kind: 'bytes', change };
    }
    case 'bytes':
    case 'string':
    case 'text':
    case 'name':
    case 'pad':
    case 'struct':
    case 'list':
    case 'choice': {
      const change = bytesEdit(member, edit);
      return change && { kind: 'bytes', change };
    }
  }
}

/** Rules have few edits, which come again with every message. */
export class PreparedEdits {
  readonly #edits = new WeakMap<FieldEdit, Map<Member, PreparedEdit | null>>();

  /** Null where the edit cannot be carried out on such a field. */
  of(edit: FieldEdit, member: Member): PreparedEdit | null {
    let members = this.#edits.get(edit);
    if (members === undefined) {
      members = new Map();
      this.#edits.set(edit, members);
    }
    const known = members.get(member);
    if (known !== undefined) return known;
    const prepared = orNull(member, edit);
    members.set(member, prepared);
    return prepared;
  }
}

/** Of several fields that a path finds some may be of another type: those stay as they are. */
function orNull(member: Member, edit: FieldEdit): PreparedEdit | null {
  try {
    return prepareEdit(member, edit);
  } catch (fault) {
    if (fault instanceof Fault) return null;
    throw fault;
  }
}
