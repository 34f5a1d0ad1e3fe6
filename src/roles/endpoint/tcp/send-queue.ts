// What a connection has sent and the peer has not acknowledged. Segments of a script may overlap, leave gaps, or never arrive.
import { TCP_FLAG, addSequence, sequenceDistance } from '../../../wire/tcp.ts';

/** One segment that takes up sequence numbers. */
export interface SentSegment {
  readonly sequence: number;
  /** Payload, and one each for SYN and FIN. */
  readonly length: number;
  readonly flags: number;
  readonly payload: Uint8Array;
  /** Of a SYN. */
  readonly options: Uint8Array;
  readonly retransmit: boolean;
  /** When it was sent last, in microseconds since the epoch. */
  sentAt: number;
  transmissions: number;
}

/** A stretch of sequence numbers. */
interface Range {
  readonly sequence: number;
  readonly length: number;
}

const endOf = ({ sequence, length }: Range): number => addSequence(sequence, length);

export class SendQueue {
  /** SND.UNA and SND.NXT. */
  unacknowledged = 0;
  next = 0;
  /** The sequence number of our FIN, once everything before it was sent. */
  finSequence: number | null = null;
  /** By sequence number. Those from `next` on lie behind a gap and wait for it to be filled. */
  #sent: SentSegment[] = [];
  /** Sent so as not to arrive. An acknowledgment may prove that wrong. */
  #doubtful: Range[] = [];

  begin(initial: number): void {
    this.unacknowledged = initial;
    this.next = initial;
    this.finSequence = null;
    this.#sent = [];
    this.#doubtful = [];
  }

  /** Sequence numbers under way. */
  get flight(): number {
    return sequenceDistance(this.next, this.unacknowledged);
  }

  /** Keeps a segment that should arrive, and moves `next` past all that was sent without a gap; never back. */
  add(segment: SentSegment): void {
    const behind = this.#sent.findLastIndex(
      ({ sequence }) => sequenceDistance(sequence, segment.sequence) <= 0,
    );
    this.#sent.splice(behind + 1, 0, segment);
    this.#advance(behind + 1);
  }

  /** Remembers a segment that should not arrive: it is neither under way nor sent again. */
  addDoubtful({ sequence, length }: Range): void {
    this.#doubtful.push({ sequence, length });
  }

  /** The first segment that may be sent again. */
  first(): SentSegment | undefined {
    const first = this.#sent.find(({ retransmit }) => retransmit);
    return first !== undefined && sequenceDistance(first.sequence, this.next) < 0
      ? first
      : undefined;
  }

  /** Takes SEG.ACK. Gives what it newly acknowledges, none when it is old, or `beyond` when it covers what was never sent. */
  acknowledge(acknowledgment: number): readonly SentSegment[] | 'beyond' {
    if (sequenceDistance(acknowledgment, this.next) > 0) {
      if (sequenceDistance(acknowledgment, this.#arrivedEnd()) > 0) return 'beyond';
      this.next = acknowledgment;
    }
    if (sequenceDistance(acknowledgment, this.unacknowledged) <= 0) return [];
    this.unacknowledged = acknowledgment;
    const isDone = (range: Range): boolean => sequenceDistance(endOf(range), acknowledgment) <= 0;
    const done = this.#sent.filter(isDone);
    this.#sent = this.#sent.filter((range) => !isDone(range));
    this.#doubtful = this.#doubtful.filter((range) => !isDone(range));
    return done;
  }

  /** What lies before `index` was passed already. */
  #advance(index: number): void {
    for (let at = index; at < this.#sent.length; at += 1) {
      const sent = this.#sent[at];
      if (sent === undefined || sequenceDistance(sent.sequence, this.next) > 0) return;
      if (sequenceDistance(endOf(sent), this.next) <= 0) continue;
      this.next = endOf(sent);
      if ((sent.flags & TCP_FLAG.FIN) !== 0) this.finSequence = addSequence(this.next, -1);
    }
  }

  /** Where the peer could be at most: all that was sent, should what was not to arrive have arrived. */
  #arrivedEnd(): number {
    let end = this.next;
    const ranges = [...this.#doubtful, ...this.#sent].sort((left, right) =>
      sequenceDistance(left.sequence, right.sequence),
    );
    for (const range of ranges) {
      if (sequenceDistance(range.sequence, end) > 0) break;
      if (sequenceDistance(endOf(range), end) > 0) end = endOf(range);
    }
    return end;
  }
}
