// What was put in place of what in one direction of a TCP stream, and so where each byte lies for the receiver. A byte is decided once,
// when it first passes; whatever is sent again comes out the same, however it is cut then.
import { concatBytes, readU8 } from '../../../../wire/bytes.ts';
import { addSequence, sequenceDistance } from '../../../../wire/tcp.ts';

/** Edits that may wait for their acknowledgment; beyond, bytes pass as they are. */
const CAPACITY = 1024;

interface Edit {
  /** As the sender counts. */
  readonly start: number;
  /** At least 1. */
  readonly removed: number;
  readonly bytes: Uint8Array;
  /** Added to the sequence numbers up to it, and after it. */
  readonly before: number;
  readonly after: number;
}

export class StreamEdits {
  isKnown = false;
  /** The first sequence number that is not decided. */
  next = 0;
  readonly #edits: Edit[] = [];
  /** Of what comes before the edits that are kept. */
  #base = 0;
  #first = 0;

  /** Whether the two ends count differently anywhere. */
  get isShifted(): boolean {
    return this.#base !== 0 || this.#edits.length > 0;
  }

  /** Starts at `sequence`: what is before has passed, or is to pass, as it is. The same start twice changes nothing. */
  begin(sequence: number): void {
    if (this.isKnown && sequence === this.#first) return;
    this.isKnown = true;
    this.#first = sequence;
    this.next = sequence;
    this.#edits.length = 0;
    this.#base = 0;
  }

  /** Decides what comes next in the stream, which is not empty; `edited` is the same array where nothing changes. */
  decide(original: Uint8Array, edited: Uint8Array): void {
    if (edited !== original && this.#edits.length < CAPACITY) this.#record(original, edited);
    this.next = addSequence(this.next, original.length);
  }

  /** Where what the sender calls `sequence` lies for the receiver. */
  toReceiver(sequence: number): number {
    for (let index = this.#edits.length - 1; index >= 0; index -= 1) {
      const edit = this.#edits[index];
      if (edit === undefined) break;
      const within = sequenceDistance(sequence, edit.start);
      if (within >= edit.removed) return addSequence(sequence, edit.after);
      if (within > 0)
        return addSequence(edit.start, edit.before + Math.min(within, edit.bytes.length));
    }
    return addSequence(sequence, this.#base);
  }

  /**
   * What the sender may take for received where the receiver acknowledges `sequence`: of a part that was put in place of another never
   * its end before all of it is there. `roundUp` errs to the other side: for where a range begins.
   */
  toSender(sequence: number, roundUp = false): number {
    for (let index = this.#edits.length - 1; index >= 0; index -= 1) {
      const edit = this.#edits[index];
      if (edit === undefined) break;
      const within = sequenceDistance(sequence, addSequence(edit.start, edit.before));
      if (within >= edit.bytes.length) return addSequence(sequence, -edit.after);
      if (within > 0)
        return addSequence(edit.start, roundUp ? edit.removed : Math.min(within, edit.removed - 1));
    }
    return addSequence(sequence, -this.#base);
  }

  /** Forgets edits that the receiver has behind it; `sequence` as the sender counts. */
  acknowledge(sequence: number): void {
    for (;;) {
      const [edit] = this.#edits;
      if (edit === undefined) return;
      if (sequenceDistance(sequence, addSequence(edit.start, edit.removed)) < 0) return;
      this.#base = edit.after;
      this.#edits.shift();
    }
  }

  /** What passes in place of `payload`, which starts at `sequence` and is decided; the same array where nothing changes. */
  apply(sequence: number, payload: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    let at = 0;
    for (const { start, removed, bytes } of this.#edits) {
      const from = sequenceDistance(start, sequence);
      if (from + removed <= at) continue;
      if (from >= payload.length) break;
      const first = Math.max(at, from);
      const last = Math.min(payload.length, from + removed);
      const isWhole = last === from + removed;
      parts.push(
        payload.subarray(at, first),
        bytes.subarray(
          Math.min(first - from, bytes.length),
          isWhole ? bytes.length : Math.min(last - from, bytes.length),
        ),
      );
      at = last;
    }
    return parts.length === 0 ? payload : concatBytes(...parts, payload.subarray(at));
  }

  #record(original: Uint8Array, edited: Uint8Array): void {
    const shorter = Math.min(original.length, edited.length);
    let head = 0;
    while (head < shorter && readU8(original, head) === readU8(edited, head)) head += 1;
    let tail = 0;
    while (
      tail < shorter - head &&
      readU8(original, original.length - 1 - tail) === readU8(edited, edited.length - 1 - tail)
    )
      tail += 1;
    // Something is always taken out, so that what is put in belongs to a byte of the sender's.
    if (head + tail === original.length) {
      if (head > 0) head -= 1;
      else tail -= 1;
    }
    const removed = original.length - head - tail;
    const bytes = edited.slice(head, edited.length - tail);
    const before = this.#edits.at(-1)?.after ?? this.#base;
    const after = before + bytes.length - removed;
    this.#edits.push({ start: addSequence(this.next, head), removed, bytes, before, after });
  }
}
