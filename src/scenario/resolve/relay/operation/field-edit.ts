import type { EditValue, FieldEdit } from '../../../../model/relay.ts';
import type { RelayOperation as Written, RelayValue } from '../../../../model/scenario-file.ts';
import { type RelayPlace, within } from '../scope.ts';
import { resolveBytes, resolveValue } from '../value.ts';

type Options = Exclude<Written, string>;

const VALUED = ['set', 'add', 'xor', 'or', 'and', 'toggle'] as const;

/** Undefined for what is no edit of fields. */
export function resolveFieldEdit(place: RelayPlace, written: Options): FieldEdit | undefined {
  for (const kind of VALUED) {
    const edit = written[kind];
    if (edit !== undefined)
      return { kind, path: edit.field, value: resolveValue(within(place, 'value'), edit.value) };
  }
  return drawn(place, written) ?? shaped(place, written);
}

/** What the seed draws. */
function drawn(place: RelayPlace, written: Options): FieldEdit | undefined {
  const { random, bitflip, boundary, swap, havoc } = written;
  const valueAt = (key: string, value: RelayValue | undefined): EditValue | null =>
    value === undefined ? null : resolveValue(within(place, key), value);
  if (random !== undefined) {
    const { field, low, high, prefix = null } = random;
    const ends = { low: valueAt('low', low), high: valueAt('high', high) };
    return { kind: 'random', path: field, ...ends, prefix };
  }
  if (bitflip !== undefined)
    return { kind: 'bitflip', path: bitflip.field, bits: bitflip.bits ?? 1 };
  if (boundary !== undefined)
    return { kind: 'boundary', path: boundary.field, value: boundary.value ?? null };
  if (swap !== undefined) return { kind: 'swap', path: swap.field, to: swap.to ?? 'legal' };
  return havoc && { kind: 'havoc', path: havoc.field, edits: havoc.edits ?? 1 };
}

function shaped(place: RelayPlace, written: Options): FieldEdit | undefined {
  const { mask, truncate, insert, delete: cut } = written;
  if (mask !== undefined) return { kind: 'mask', path: mask.field, bits: mask.bits };
  if (truncate !== undefined)
    return { kind: 'truncate', path: truncate.field, bytes: truncate.bytes };
  if (insert !== undefined) {
    const { field, at = 0, bytes } = insert;
    return { kind: 'insert', path: field, at, hex: resolveBytes(within(place, 'bytes'), bytes) };
  }
  return cut && { kind: 'delete', path: cut.field, at: cut.at ?? 0, bytes: cut.bytes };
}
