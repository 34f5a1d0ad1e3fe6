// How many bytes a field has, by what is said of its size.
import type { LayoutSizeAt, Member, Size } from '../grammar.ts';
import type { Measure } from './extent.ts';
import type { FieldNode } from './field-node.ts';
import { lastNamed, lookUp, numberOf } from './look-up.ts';
import type { Around, Reading } from './reading.ts';

export interface Room {
  /** Where it ends; `NOT_READ` where that cannot be. */
  readonly limit: number;
  /** What says so. */
  readonly measure: Measure<FieldNode> | null;
}

/** The room of a field that begins at `at`, of what there is before `end`. */
export function roomOf(
  reading: Reading,
  member: Member,
  size: Size | null,
  parent: FieldNode,
  at: number,
  end: number,
  around: Around,
): Room {
  if (size === null || size.kind === 'rest') return { limit: end, measure: null };
  const measured = size.kind === 'field' ? measuredBy(size, parent, end - at) : null;
  const bytes = size.kind === 'fixed' ? size.bytes : (measured?.bytes ?? end - at);
  const measure = measured?.measure ?? null;
  if (bytes < 0) {
    const reason = `has "${member.name}" of ${bytes} bytes`;
    return { limit: reading.fail(parent, at, end, around, reason), measure };
  }
  if (at + bytes <= end) return { limit: at + bytes, measure };
  reading.note(parent, `has ${end - at} of the ${bytes} bytes of "${member.name || member.kind}"`);
  return { limit: end, measure };
}

/** So many bytes as a field says. */
export interface Measured {
  readonly bytes: number;
  readonly measure: Measure<FieldNode>;
}

function measuredBy(
  { path, plus }: Extract<Size, { readonly kind: 'field' }>,
  parent: FieldNode,
  room: number,
): Measured | null {
  const measured = bytesSaid(lookUp(parent, path), plus);
  if (measured === null) return null;
  // A text that says something else is one of several that say how a body ends: it does not end this one.
  const isText = measured.measure.field.member.kind !== 'uint';
  return isText && measured.bytes !== room ? null : measured;
}

/** The bytes of a layout by the field of it that says them: one of those of `parent` from `first` on. */
export function layoutBytes(
  { path, plus }: LayoutSizeAt,
  parent: FieldNode,
  first: number,
): Measured | null {
  const [step, ...rest] = path;
  if (step?.kind !== 'name') return null;
  return bytesSaid(lastNamed(parent.children, step.name, first)?.at(rest), plus);
}

function bytesSaid(field: FieldNode | undefined, plus: number): Measured | null {
  const bytes = field === undefined ? NaN : numberOf(field) + plus;
  if (field === undefined || Number.isNaN(bytes)) return null;
  return { bytes, measure: { field, counts: 'bytes', plus } };
}
