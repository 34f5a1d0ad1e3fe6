// Segments that a script sends again and again: what differs in numbers alone is written from one template.
import type { TcpSegment } from '../../roles/endpoint/tcp/segment.ts';
import { type TcpEnds, specOf } from '../../roles/endpoint/tcp/packets.ts';
import { type TcpTemplate, prepareTcp } from '../../wire/tcp-template.ts';

export class SegmentTemplates {
  #segment: TcpSegment | null = null;
  #ends: TcpEnds | null = null;
  #template: TcpTemplate | null = null;

  /** The packet of the segment, to be written at once; null for the first of its kind, and for one that is cut in fragments. */
  fit(segment: TcpSegment, ends: TcpEnds): TcpTemplate | null {
    const isSame = this.#segment !== null && isAlike(this.#segment, segment) && this.#ends === ends;
    this.#segment = segment.fragments === undefined ? segment : null;
    this.#ends = ends;
    if (!isSame) {
      this.#template = null;
      return null;
    }
    this.#template ??= prepareTcp(specOf(segment, ends));
    const template = this.#template;
    template.sequence = segment.sequence;
    template.acknowledgment = segment.acknowledgment;
    template.window = segment.window;
    template.id = segment.id ?? 0;
    return template;
  }
}

/** Whether two segments differ in nothing but the numbers that a template takes. */
function isAlike(left: TcpSegment, right: TcpSegment): boolean {
  return (
    left.payload === right.payload &&
    left.flags === right.flags &&
    areSame(left.options, right.options) &&
    left.ttl === right.ttl &&
    left.urgentPointer === right.urgentPointer &&
    left.checksum === right.checksum &&
    left.trafficClass === right.trafficClass &&
    left.flowLabel === right.flowLabel &&
    left.dontFragment === right.dontFragment &&
    left.ipChecksum === right.ipChecksum &&
    left.dataOffset === right.dataOffset &&
    left.reserved === right.reserved &&
    left.moreFragments === right.moreFragments &&
    left.fragmentOffset === right.fragmentOffset &&
    right.fragments === undefined
  );
}

function areSame(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1)
    if (left[index] !== right[index]) return false;
  return true;
}
