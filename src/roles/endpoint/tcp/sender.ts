// The sending side: bytes that wait for the peer's window, and how far that window reaches. Each `send` begins a segment of its own,
// and what it asked to leave as one segment is never cut.
import { addSequence, sequenceDistance } from '../../../wire/tcp.ts';
import { SendQueue } from './send-queue.ts';

/** What may be sent next. */
export interface Piece {
  readonly payload: Uint8Array;
  /** Whether it ends what one `send` gave. */
  readonly isLast: boolean;
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly isLast: boolean;
  /** Whether it leaves in one segment or not at all. */
  readonly isWhole: boolean;
}

/** "the third duplicate ACK" (RFC 5681 section 3.2). */
const DUPLICATES = 3;

export class Sender {
  readonly queue: SendQueue = new SendQueue();
  /** ISS. */
  initial = 0;
  /** SND.WND, in bytes. */
  window = 0;
  /** Snd.Wind.Shift (RFC 7323 section 2.3). */
  shift = 0;
  /** The longest payload that goes into one segment. */
  segmentSize: number;
  finWished = false;
  readonly #congestionWindow: number;
  #updatedBySequence = 0;
  #updatedByAcknowledgment = 0;
  #unsent: Chunk[] = [];
  #duplicates = 0;
  /** What was under way when a loss was seen last: acknowledgments up to here ask for the next segment (RFC 6582). */
  #recover: number | null = null;

  constructor(segmentSize: number, congestionWindow: number) {
    this.segmentSize = segmentSize;
    this.#congestionWindow = congestionWindow;
  }

  begin(initial: number): void {
    this.initial = initial;
    this.queue.begin(initial);
  }

  /** Bytes that were not sent yet. */
  get unsent(): number {
    return this.#unsent.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** Whether something waits for a window that is closed while nothing is under way: time to probe it. */
  get isBlocked(): boolean {
    const waits = this.#unsent.length > 0 || (this.finWished && this.queue.finSequence === null);
    return waits && this.queue.flight <= 0 && this.window === 0;
  }

  /** Takes bytes, which stay the caller's and must not change. `sizes` cuts them; what is left after these goes into one more. */
  write(bytes: Uint8Array, sizes: readonly number[]): void {
    let at = 0;
    for (const [index, size] of [...sizes, bytes.length].entries()) {
      if (at >= bytes.length) return;
      const end = Math.min(bytes.length, at + size);
      this.#unsent.push({
        bytes: bytes.subarray(at, end),
        isLast: end === bytes.length,
        isWhole: index < sizes.length,
      });
      at = end;
    }
  }

  /** Takes out what the window lets leave now, or null. */
  take(): Piece | null {
    const chunk = this.#unsent[0];
    if (chunk === undefined) return null;
    const wished = Math.min(chunk.bytes.length, this.segmentSize);
    const size = Math.min(wished, this.#roomFor(wished));
    // A window that is smaller than a segment is used only when no acknowledgment can open it (RFC 9293 section 3.8.6.2.1).
    if (size <= 0 || (size < wished && (chunk.isWhole || this.queue.flight > 0))) return null;
    const rest = chunk.bytes.subarray(size);
    if (rest.length > 0) this.#unsent[0] = { ...chunk, bytes: rest };
    else this.#unsent.shift();
    return { payload: chunk.bytes.subarray(0, size), isLast: chunk.isLast && rest.length === 0 };
  }

  /** Whether our FIN is due and fits into the window. */
  get mayFinish(): boolean {
    if (!this.finWished || this.queue.finSequence !== null) return false;
    return this.#unsent.length === 0 && this.window > this.queue.flight;
  }

  /** The length of a segment that is next, has to be whole and does not fit a window of which nothing is used; or null. */
  get oversized(): number | null {
    const chunk = this.#unsent[0];
    if (!chunk?.isWhole || this.queue.flight > 0) return null;
    return chunk.bytes.length > this.window ? chunk.bytes.length : null;
  }

  /** Bytes that may be sent now, towards a segment of so many. */
  #roomFor(segment: number): number {
    const limit = Math.max(this.#congestionWindow, segment);
    return Math.min(this.window, limit) - this.queue.flight;
  }

  /**
   * Takes SEG.WND of a segment that is not older than the one before (RFC 9293 section 3.10.7.4). One that acknowledges more than all
   * before it is new, whatever its sequence number says, which is old in a retransmission (as in Linux).
   */
  noteWindow(sequence: number, acknowledgment: number, window: number, isNew: boolean): void {
    if (sequenceDistance(acknowledgment, this.queue.unacknowledged) < 0) return;
    const newer = sequenceDistance(sequence, this.#updatedBySequence);
    const isLater =
      newer > 0 ||
      (newer === 0 && sequenceDistance(acknowledgment, this.#updatedByAcknowledgment) >= 0);
    if (isNew || isLater) this.setWindow(sequence, acknowledgment, window * 2 ** this.shift);
  }

  setWindow(sequence: number, acknowledgment: number, window: number): void {
    this.window = window;
    this.#updatedBySequence = sequence;
    this.#updatedByAcknowledgment = acknowledgment;
  }

  /** An acknowledgment that says nothing new came. True when the first segment is to be sent again. */
  noteDuplicate(): boolean {
    this.#duplicates += 1;
    if (this.#duplicates !== DUPLICATES || this.#recover !== null) return false;
    this.noteLoss();
    return true;
  }

  noteLoss(): void {
    this.#recover = this.queue.next;
  }

  /** Something new was acknowledged. True when it shows that the segment after it is lost as well. */
  noteProgress(): boolean {
    this.#duplicates = 0;
    if (this.#recover === null) return false;
    if (sequenceDistance(this.queue.unacknowledged, this.#recover) < 0) return true;
    this.#recover = null;
    return false;
  }

  /** The sequence number of a probe: one that the peer has, so that it must answer. */
  get probeSequence(): number {
    return addSequence(this.queue.unacknowledged, -1);
  }
}
