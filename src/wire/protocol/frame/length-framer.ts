import type { FrameSpec } from '../../../model/protocol.ts';
import { type FrontMessage, StreamFramer } from './stream-framer.ts';

export type LengthFrame = Extract<FrameSpec, { readonly kind: 'length' }>;

/** A number near the beginning of a message says how long it is. */
export class LengthFramer extends StreamFramer {
  readonly #frame: LengthFrame;

  constructor(frame: LengthFrame) {
    super();
    this.#frame = frame;
  }

  protected override measure(): FrontMessage {
    const { at, width, plus, least, limit } = this.#frame;
    if (this.waiting < at + width) return null;
    let length = plus;
    for (let index = 0, scale = 1; index < width; index += 1, scale *= 256)
      length += this.stream.byte(at + width - 1 - index) * scale;
    // Nothing can end before the number that says where it ends.
    const shortest = Math.max(least, at + width);
    if (length < shortest)
      return this.failed(`A message says that it has ${length} bytes: fewer than ${shortest}`);
    if (length > limit)
      return this.failed(`A message says that it has ${length} bytes: more than ${limit}`);
    return length;
  }
}
