import { sequenceDistance } from '../../../wire/tcp.ts';

/**
 * What a receiver expects next of one direction, as far as a box in the middle can tell: RCV.NXT of RFC 9293 section 3.3.1. It follows
 * what was let through, remembers one stretch beyond a gap, and is put right by the receiver's own acknowledgments.
 */
export class SequenceTrack {
  /** Whether anything was seen yet; `next` means nothing before. */
  isKnown = false;
  next = 0;
  #highest = 0;
  #aheadStart = 0;
  #aheadEnd = 0;

  /** The end of all that went through, gaps or not. */
  get highest(): number {
    return this.#highest;
  }

  /** Starts at `sequence` unless it has started: the receiver expects the first segment that is seen. */
  begin(sequence: number): void {
    if (this.isKnown) return;
    this.isKnown = true;
    this.next = sequence;
    this.#highest = this.#aheadStart = this.#aheadEnd = sequence;
  }

  /** A segment from `sequence` to `end` (SYN and FIN count one each) goes through. Twice the same changes nothing. */
  advance(sequence: number, end: number): void {
    this.begin(sequence);
    if (sequenceDistance(end, this.#highest) > 0) this.#highest = end;
    if (sequenceDistance(sequence, this.next) > 0) {
      this.#keepAhead(sequence, end);
      return;
    }
    if (sequenceDistance(end, this.next) > 0) this.next = end;
    if (sequenceDistance(this.#aheadStart, this.next) > 0) return;
    if (sequenceDistance(this.#aheadEnd, this.next) > 0) this.next = this.#aheadEnd;
  }

  /** The receiver says that it has everything before `acknowledgment`; what never went through is not believed. */
  acknowledge(acknowledgment: number): void {
    if (!this.isKnown) this.begin(acknowledgment);
    else if (
      sequenceDistance(acknowledgment, this.next) > 0 &&
      sequenceDistance(acknowledgment, this.#highest) <= 0
    )
      this.advance(this.next, acknowledgment);
  }

  /** Starts anew with the next segment: for a flow that was not followed for a while. */
  forget(): void {
    this.isKnown = false;
  }

  #keepAhead(sequence: number, end: number): void {
    const isEmpty = sequenceDistance(this.#aheadEnd, this.next) <= 0;
    if (isEmpty) {
      this.#aheadStart = sequence;
      this.#aheadEnd = end;
    } else if (sequence === this.#aheadEnd) this.#aheadEnd = end;
    else if (end === this.#aheadStart) this.#aheadStart = sequence;
  }
}
