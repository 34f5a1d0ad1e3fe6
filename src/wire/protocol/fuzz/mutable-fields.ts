import { isLeaf } from '../nesting.ts';
import type { FieldNode } from '../read/field-node.ts';
import { UNREAD } from '../read/reading.ts';

export interface MutableField {
  readonly field: FieldNode;
  /** Whether it says how long, or how many, others are. */
  readonly measures: boolean;
}

/** All fields that hold one value, elements of lists, and lists of several elements; guarded ones, and what could not be read, are left out. */
export function mutableFields(root: FieldNode): readonly MutableField[] {
  const measures = new Set<FieldNode>();
  const fields: FieldNode[] = [];
  const visit = (field: FieldNode): void => {
    for (let extent = field.inner; extent?.measure; extent = extent.around) {
      if (measures.has(extent.measure.field)) break;
      measures.add(extent.measure.field);
    }
    if (field.member.kind === 'list' ? field.children.length > 1 : isMutable(field))
      fields.push(field);
    field.children.forEach(visit);
  };
  visit(root);
  return fields
    .filter(({ guarded, member }) => !guarded && member !== UNREAD)
    .map((field) => ({ field, measures: measures.has(field) }));
}

const isMutable = ({ member, index, start, end }: FieldNode): boolean =>
  index >= 0 || (member.kind === 'pad' ? end > start : isLeaf(member));
