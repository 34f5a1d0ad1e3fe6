import type { Random } from '../../../base/random.ts';
import type { ListEdit } from '../../../model/relay.ts';
import { concatBytes, toHex } from '../../bytes.ts';
import type { FieldChange } from '../contract.ts';
import type { FieldNode } from '../read/field-node.ts';
import type { Draft } from './draft.ts';

/** Of elements themselves, and of what the key of one stands for. */
export const elementOf = (field: FieldNode): FieldNode | null =>
  field.index >= 0 ? field : field.element;

export function editLists(
  draft: Draft,
  fields: readonly FieldNode[],
  edit: ListEdit,
  random: Random,
): readonly FieldChange[] {
  if (edit.kind !== 'shuffle')
    return editElements(draft, fields, edit.kind === 'remove' ? -1 : edit.times);
  return fields
    .filter(({ member }) => member.kind === 'list')
    .map((list) => shuffle(draft, list, edit.how, random));
}

/** Each element so many times more; -1: not at all. */
function editElements(
  draft: Draft,
  fields: readonly FieldNode[],
  more: number,
): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  const counts = new Map<FieldNode, number>();
  for (const field of fields) {
    const element = elementOf(field);
    const list = element?.parent;
    if (!element || !list) continue;
    const { message, start } = element;
    const end = endOf(element);
    const bytes = message.subarray(start, end);
    if (more < 0)
      draft.say({ at: start, remove: end - start, bytes: new Uint8Array(0) }, list.inner, true);
    else {
      const again = concatBytes(...Array.from({ length: more }, () => bytes));
      draft.say({ at: end, remove: 0, bytes: again }, list.inner, true);
    }
    counts.set(list, (counts.get(list) ?? list.children.length) + more);
    const hex = toHex(bytes);
    changes.push({ field: element.path, old: hex, new: hex.repeat(more + 1) });
  }
  for (const [list, count] of counts)
    if (list.inner !== null && list.inner !== list.around) draft.count(list.inner, count);
  return changes;
}

function shuffle(
  draft: Draft,
  list: FieldNode,
  how: 'random' | 'reverse',
  random: Random,
): FieldChange {
  const { message, children, path } = list;
  const pieces = children.map((element) => message.subarray(element.start, endOf(element)));
  const shuffled = how === 'reverse' ? pieces.toReversed() : inAnyOrder(pieces, random);
  const before = concatBytes(...pieces);
  const bytes = concatBytes(...shuffled);
  const at = children[0]?.start ?? list.start;
  draft.say({ at, remove: before.length, bytes }, list.inner, false);
  return { field: path, old: toHex(before), new: toHex(bytes) };
}

/** With the padding behind it. */
function endOf({ end, inner, around }: FieldNode): number {
  return inner === null || inner === around ? end : end + inner.padding;
}

/** Fisher and Yates' shuffle. */
function inAnyOrder<T>(items: readonly T[], random: Random): readonly T[] {
  const order = items.map((item) => ({ item }));
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const [left, right] = [order[last], order[other]];
    if (left === undefined || right === undefined) break;
    order[last] = right;
    order[other] = left;
  }
  return order.map(({ item }) => item);
}
