// Where each end's words go on, for a censor that takes nothing else: neither acknowledgments nor what came out of order move it.
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG, addSequence } from '../../../wire/tcp.ts';

export class OrderTrack {
  /** The sequence numbers expected; -1: that of whatever comes next. */
  #client: number;
  #server = -1;

  /** `initial` is the sequence number of the client's SYN; -1 when that was not seen. */
  constructor(initial: number) {
    this.#client = initial < 0 ? -1 : addSequence(initial, 1);
  }

  /** What is expected of an end; -1 when that is anything. */
  next(isForward: boolean): number {
    return isForward ? this.#client : this.#server;
  }

  /** Whether a segment has words that do not begin where the last ended. */
  isOut(view: PacketView, isForward: boolean): boolean {
    if (view.payloadLength === 0) return false;
    const next = this.next(isForward);
    return next >= 0 && next !== firstOf(view);
  }

  /** A segment goes through. What follows a FIN is nothing, so that one need not count. */
  note(view: PacketView, isForward: boolean): void {
    const next = this.next(isForward);
    const first = firstOf(view);
    if (next >= 0 && next !== first) return;
    const end = addSequence(first, view.payloadLength);
    if (isForward) this.#client = end;
    else this.#server = end;
  }

  /** The client's next segment is taken wherever it begins. */
  forgetClient(): void {
    this.#client = -1;
  }
}

const firstOf = ({ flags, sequence }: PacketView): number =>
  addSequence(sequence, (flags & TCP_FLAG.SYN) !== 0 ? 1 : 0);
