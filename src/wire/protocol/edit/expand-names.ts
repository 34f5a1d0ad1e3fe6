// Names that are compressed (RFC 1035 section 4.1.4) point to bytes by their place: those that point behind a change are written out.
import { readU16, readU8 } from '../../bytes.ts';
import { emitName } from '../../dns-name.ts';
import type { FieldNode } from '../read/field-node.ts';
import type { Draft } from './draft.ts';

const POINTER = 0xc0;

/** Of all names that point to what lies at `from` or behind it, but those that an edit says. */
export function expandNames(draft: Draft, field: FieldNode, from: number): void {
  for (const child of field.children) expandNames(draft, child, from);
  const { member, start, end } = field;
  if (member.kind !== 'name' || draft.isSaid(start, end)) return;
  const target = pointerOf(field);
  const { value } = field;
  if (target < from || typeof value !== 'string') return;
  const bytes = emitName(value);
  if (!bytes.ok) return;
  draft.splice({ at: start, remove: end - start, bytes: bytes.value }, field.around);
}

/** Where in the message a name goes on; -1: where it stands. */
function pointerOf({ message, member, start, end }: FieldNode): number {
  if (member.kind !== 'name') return -1;
  for (let at = start; at < end; at += readU8(message, at) + 1)
    if (readU8(message, at) >= POINTER) return member.base + (readU16(message, at) & 0x3fff);
  return -1;
}
