// Sizes, counts and padding around what has become longer or shorter.
import type { FrameSpec } from '../../../model/protocol.ts';
import { fromLatin1 } from '../../bytes.ts';
import type { BitPlace } from '../bits.ts';
import type { StructMember } from '../grammar.ts';
import type { Extent, Measure } from '../read/extent.ts';
import type { FieldNode } from '../read/field-node.ts';
import type { Draft } from './draft.ts';

type AnyExtent = Extent<FieldNode>;

/** Sizes in decimal may grow by a digit, which what they measure may hold; more rounds than layouts nest are never needed. */
const MAX_ROUNDS = 80;

/** Whether all could be put right: not where a number is too small for what it would have to say, or a message for its frame. */
export function fixLengths(draft: Draft, root: StructMember, frame: FrameSpec): boolean {
  const fixes = settle(draft);
  for (const [extent, { padding, text }] of fixes) {
    pad(draft, extent, padding);
    const { measure } = extent;
    if (measure === null || !isOpen(draft, measure)) continue;
    const { field } = measure;
    const value = valueOf(draft, extent, measure);
    if (value === null) continue;
    if (value < 0) return false;
    if (text !== null) {
      const bytes = fromLatin1(text);
      draft.replace({ at: field.start, remove: field.end - field.start, bytes });
    } else if (field.member.kind === 'uint' && !put(draft, field.member, field.start, value))
      return false;
  }
  return frame.kind === 'length' ? fixFrame(draft, root, frame) : true;
}

interface Fix {
  /** Bytes of padding more than there were. */
  padding: number;
  /** Of a size in decimal: what it says. */
  text: string | null;
}

/** What padding and sizes of other lengths add to the extents around them, until nothing moves any more. */
function settle(draft: Draft): ReadonlyMap<AnyExtent, Fix> {
  const fixes = new Map<AnyExtent, Fix>();
  for (let round = 0, moved = true; moved && round < MAX_ROUNDS; round += 1) {
    moved = false;
    for (const [extent, growth] of draft.grown) {
      const fix = fixes.get(extent) ?? { padding: 0, text: null };
      fixes.set(extent, fix);
      const size = extent.end - extent.start + growth.bytes;
      const padding = ((extent.align - (size % extent.align)) % extent.align) - extent.padding;
      if (padding !== fix.padding) {
        draft.grow(extent.around, padding - fix.padding);
        fix.padding = padding;
        moved = true;
      }
      const { measure } = extent;
      if (measure === null || measure.field.member.kind === 'uint') continue;
      if (!isOpen(draft, measure)) continue;
      const { field } = measure;
      const value = valueOf(draft, extent, measure);
      if (value === null || String(value) === fix.text) continue;
      const text = String(value);
      draft.grow(field.around, text.length - (fix.text?.length ?? field.end - field.start));
      fix.text = text;
      moved = true;
    }
  }
  return fixes;
}

/** What an edit says of a size stays as it says. */
const isOpen = (draft: Draft, { field }: Measure<FieldNode>): boolean =>
  !draft.isSaid(field.start, field.end);

/** What a size or count has to say; null: as it does, where nobody knows of how many elements the bytes are. */
function valueOf(
  { grown }: Draft,
  extent: AnyExtent,
  { counts, plus }: Measure<FieldNode>,
): number | null {
  const growth = grown.get(extent);
  if (counts === 'elements') return growth?.elements ?? null;
  return extent.end - extent.start + (growth?.bytes ?? 0) - plus;
}

function put(draft: Draft, place: BitPlace, at: number, value: number): boolean {
  if (value >= 2 ** place.bits) return false;
  draft.number(place, at, value);
  return true;
}

/** Bytes of the padding that were there stay. */
function pad(draft: Draft, { end, padding }: AnyExtent, more: number): void {
  if (more > 0) draft.replace({ at: end + padding, remove: 0, bytes: new Uint8Array(more) });
  else if (more < 0)
    draft.replace({ at: end + padding + more, remove: -more, bytes: new Uint8Array(0) });
}

/** A frame's length that is no field's business. */
function fixFrame(
  draft: Draft,
  root: StructMember,
  { at, width, plus, least, limit }: Extract<FrameSpec, { readonly kind: 'length' }>,
): boolean {
  const bytes = draft.memory.length + draft.bytes;
  if (bytes < least || bytes > limit || bytes - plus >= 256 ** width) return false;
  const isField = root.layout.size !== null || draft.isSaid(at, at + width);
  if (!isField && at + width <= draft.memory.length)
    draft.number({ bit: 0, bits: width * 8, little: false }, at, bytes - plus);
  return true;
}
