// A frame that says another length than it has.
import type { MessageOperation } from '../../../model/relay.ts';
import type { FrameSpec } from '../../../model/protocol.ts';

export interface CorruptedLength {
  readonly bytes: Uint8Array;
  readonly old: number;
  readonly new: number;
}

/** Null where frames say no length, or the message ends before it. What does not fit is cut to the width. */
export function corruptLength(
  bytes: Uint8Array,
  frame: FrameSpec,
  { value, add }: Extract<MessageOperation, { readonly kind: 'corrupt-length' }>,
): CorruptedLength | null {
  if (frame.kind !== 'length' || bytes.length < frame.at + frame.width) return null;
  const { at, width } = frame;
  let old = 0;
  for (let index = at; index < at + width; index += 1) old = old * 256 + (bytes[index] ?? 0);
  const room = 256 ** width;
  const wish = (value ?? old) + add;
  const said = ((wish % room) + room) % room;
  const corrupted = bytes.slice();
  for (let index = at + width - 1, rest = said; index >= at; index -= 1) {
    corrupted[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return { bytes: corrupted, old, new: said };
}
