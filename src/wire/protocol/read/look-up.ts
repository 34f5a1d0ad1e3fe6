// Fields that others go by: what sizes, counts and choices refer to, among those that were read before.
import type { FieldValue } from '../../../model/protocol.ts';
import { readBits, readNumber } from '../bits.ts';
import type { PathStep } from '../path.ts';
import type { FieldNode } from './field-node.ts';

/** The nearest field that these names lead to, of those read before in the structs around. */
export function lookUp(from: FieldNode, path: readonly PathStep[]): FieldNode | undefined {
  for (let around: FieldNode | null = from; around !== null; around = around.parent) {
    if (around.member.kind === 'list') continue;
    const found = within(around, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function within(node: FieldNode, path: readonly PathStep[]): FieldNode | undefined {
  let at: FieldNode | undefined = node;
  for (const step of path) {
    if (step.kind !== 'name' || at === undefined) return undefined;
    if (at.member.kind === 'list') at = at.elements(step.name)[0]?.keyed;
    else at = lastNamed(at.children, step.name, 0);
  }
  return at;
}

/** The last field of this name, of those from `first` on. */
export function lastNamed(
  fields: readonly FieldNode[],
  name: string,
  first: number,
): FieldNode | undefined {
  for (let at = fields.length - 1; at >= first; at -= 1)
    if (fields[at]?.name === name) return fields[at];
  return undefined;
}

export function valueOf(field: FieldNode | undefined): FieldValue | undefined {
  if (field?.member.kind !== 'uint') return field?.value;
  return readBits(field.message, field.start, field.member);
}

/** What a field says as a number; NaN where it is none. */
export function numberOf(field: FieldNode): number {
  if (field.member.kind === 'uint') return readNumber(field.message, field.start, field.member);
  const { value } = field;
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : NaN;
}
