// What a script waits for among the segments that came: each is looked at once, in order. Bounded, so that a long flow that waits for
// nothing costs nothing.
import type { ReceivedSegment } from './event.ts';

/** What a segment must have; what is left out does not matter. */
export interface SegmentPattern {
  /** Bits of `TCP_FLAG` that are set, and that are not. */
  readonly flags?: number | undefined;
  readonly withoutFlags?: number | undefined;
  readonly sequence?: number | undefined;
  readonly acknowledgment?: number | undefined;
  readonly payloadLength?: number | undefined;
}

const LIMIT = 4096;

export class ReceivedLog {
  /** Segments that came while so many waited unseen that the oldest was forgotten. */
  forgotten = 0;
  #unseen: ReceivedSegment[] = [];

  add(segment: ReceivedSegment): void {
    this.#unseen.push(segment);
    if (this.#unseen.length <= LIMIT) return;
    this.forgotten += this.#unseen.length - LIMIT / 2;
    this.#unseen = this.#unseen.slice(-LIMIT / 2);
  }

  /** The next segment of that kind, passing over those before it, or null when none has come: then nothing is passed over. */
  take(pattern: SegmentPattern): ReceivedSegment | null {
    const index = this.#unseen.findIndex((segment) => matchesSegment(segment, pattern));
    const found = this.#unseen[index] ?? null;
    this.#unseen = this.#unseen.slice(index + 1);
    return found;
  }
}

export function matchesSegment(segment: ReceivedSegment, pattern: SegmentPattern): boolean {
  const { flags = 0, withoutFlags = 0, sequence, acknowledgment, payloadLength } = pattern;
  if ((segment.flags & flags) !== flags || (segment.flags & withoutFlags) !== 0) return false;
  return (
    (sequence === undefined || segment.sequence === sequence) &&
    (acknowledgment === undefined || segment.acknowledgment === acknowledgment) &&
    (payloadLength === undefined || segment.payloadLength === payloadLength)
  );
}
