// One direction of a tampered flow: which edits hold, what has become of its stream, and the segments that wait for what is missing before
// them. What comes before may yet change in length, so a segment beyond a gap has no place until the gap is closed.
import type { TamperEdit } from '../../../../model/censor-action.ts';
import type { PacketView } from '../../../../wire/packet.ts';
import { sequenceDistance } from '../../../../wire/tcp.ts';
import { type Term, isWithin } from '../term.ts';
import { StreamEdits } from './stream-edits.ts';

/** Segments beyond a gap that are kept; others are lost, and their sender sends them again. */
const HELD_LIMIT = 64;

/** A whole packet that waits, and the edits that were for it. */
export interface HeldSegment {
  readonly packet: Uint8Array;
  readonly sequence: number;
  readonly edits: readonly TamperEdit[];
}

export class TamperedDirection {
  readonly stream: StreamEdits = new StreamEdits();
  readonly #lasting: { readonly edits: readonly TamperEdit[]; readonly term: Term }[] = [];
  #once: readonly TamperEdit[] = [];
  readonly #held: HeldSegment[] = [];

  add(edits: readonly TamperEdit[], term: Term): void {
    this.#lasting.push({ edits, term });
  }

  addOnce(edits: readonly TamperEdit[]): void {
    this.#once = [...this.#once, ...edits];
  }

  forgetOnce(): void {
    this.#once = [];
  }

  /** The edits for the packet at hand; those for it alone are used up. */
  takeEdits(now: number): readonly TamperEdit[] {
    const lasting = this.#lasting.flatMap(({ edits, term }) => (isWithin(term, now) ? edits : []));
    const edits = [...lasting, ...this.#once];
    this.#once = [];
    return edits;
  }

  /** Keeps a copy of a segment until what is missing before it has come. */
  hold({ memory, start, end, sequence }: PacketView, edits: readonly TamperEdit[]): void {
    if (this.#held.length >= HELD_LIMIT) return;
    this.#held.push({ packet: memory.slice(start, end), sequence, edits });
  }

  /** A segment that waits no longer, or null. */
  release(): HeldSegment | null {
    const index = this.#held.findIndex(
      ({ sequence }) => sequenceDistance(sequence, this.stream.next) <= 0,
    );
    return index < 0 ? null : (this.#held.splice(index, 1)[0] ?? null);
  }
}
