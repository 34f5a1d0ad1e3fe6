// What a client says, as its packets at the online server show it: in order, with what is missing and since when, and where it ends.
import type { PacketView } from '../../wire/packet.ts';
import { TCP_FLAG, addSequence, sequenceDistance } from '../../wire/tcp.ts';
import { NEVER } from '../endpoint/tcp/settings.ts';
import { InOrder, type InOrderSink } from './in-order.ts';

const { ACK, FIN, SYN } = TCP_FLAG;
/** Microseconds that bytes may be missing which the online server has acknowledged: the capture may tell of both directions in another order. */
const PROVEN_GAP = 1_000_000;
/** An acknowledgment that is further ahead is not of this connection. */
const FURTHEST = 2 ** 30;

export class ClientSide {
  /** Bytes of answers that the client has acknowledged since its first packet. */
  answered = 0;
  readonly #upstream: InOrder;
  /** Microseconds. */
  readonly #patience: number;
  #acknowledged: number | null = null;
  /** The sequence number of its FIN. */
  #fin: number | null = null;
  /** What the online server has acknowledged, when that was not all seen. */
  #claimed: number | null = null;
  #hasOnlineEnded = false;
  #gapSince: number = NEVER;

  /** `first`: the sequence number of the first byte. `patience`: milliseconds that bytes may be missing. The sink is told `answered` as mark. */
  constructor(first: number, limit: number, patience: number, sink: InOrderSink) {
    this.#upstream = new InOrder(first, limit, sink);
    this.#patience = patience * 1000;
  }

  /** Bytes up to the last that is known of, those that are in order, and those that wait behind a gap. */
  get reached(): number {
    return this.#upstream.reached;
  }

  get taken(): number {
    return this.#upstream.taken;
  }

  get waiting(): number {
    return this.#upstream.waiting;
  }

  /** All that the client said is in order, and its end was seen. */
  get isFinished(): boolean {
    return this.#upstream.next === this.#fin;
  }

  /** Whether a reset is one that the online server obeys; any other it takes for somebody else's (RFC 5961 section 3.2). */
  mayReset({ sequence }: PacketView): boolean {
    const start = sequenceDistance(sequence, this.#upstream.next);
    return start >= 0 && start <= this.#upstream.reached - this.#upstream.taken;
  }

  take(view: PacketView): void {
    const { flags, sequence, acknowledgment, payloadLength } = view;
    if ((flags & ACK) !== 0) this.#noteAcknowledgment(acknowledgment);
    const start = (flags & SYN) === 0 ? sequence : addSequence(sequence, 1);
    const isKept = view.payloadEnd - view.payloadStart === payloadLength;
    const isNew = this.#upstream.add(
      start,
      payloadLength,
      isKept ? view.payload : null,
      this.answered,
    );
    if (isNew) this.#gapSince = NEVER;
    if ((flags & FIN) === 0 || this.#fin !== null) return;
    this.#fin = addSequence(start, payloadLength);
    this.#upstream.expect(this.#fin);
  }

  /** What the online server acknowledges has come to it, whether or not it was captured. */
  noteOnline({ flags, acknowledgment }: PacketView): void {
    this.#hasOnlineEnded ||= (flags & FIN) !== 0;
    const ahead = sequenceDistance(acknowledgment, this.#upstream.next);
    if ((flags & ACK) !== 0 && ahead > 0 && ahead <= FURTHEST) this.#claimed = acknowledgment;
  }

  /** Notes since when bytes are missing. */
  watch(now: number): void {
    if (!this.#isMissing) this.#gapSince = NEVER;
    else if (this.#gapSince === NEVER) this.#gapSince = now;
  }

  /** When what is missing counts as lost. Microseconds since the epoch. */
  get gapDue(): number {
    if (this.#gapSince === NEVER) return NEVER;
    return (
      this.#gapSince + (this.#isClaimed ? Math.min(this.#patience, PROVEN_GAP) : this.#patience)
    );
  }

  /** Goes on behind what is missing first; `miss` is told how much, before what follows it is told. */
  passGap(miss: (length: number) => void): void {
    this.#gapSince = NEVER;
    if (this.#isFinMissing) {
      this.#fin = this.#upstream.next;
      return;
    }
    if (this.#isClaimed && this.#claimed !== null) this.#upstream.expect(this.#claimed);
    miss(this.#upstream.skip());
    this.#upstream.resume();
  }

  /** What is still missing will not come any more. */
  end(miss: (length: number) => void): void {
    while (this.#isMissing) this.passGap(miss);
    this.#gapSince = NEVER;
  }

  get #isMissing(): boolean {
    return this.#upstream.hasGap || this.#isClaimed;
  }

  /** Whether the online server has bytes that were not captured. Its acknowledgment of the client's FIN counts one. */
  get #isClaimed(): boolean {
    const { next } = this.#upstream;
    if (this.#claimed === null || sequenceDistance(this.#claimed, next) <= 0) return false;
    return this.#fin === null || sequenceDistance(this.#claimed, this.#fin) <= 0;
  }

  /** Whether what is missing can be nothing but the client's FIN, which the online server has answered by its own. */
  get #isFinMissing(): boolean {
    if (!this.#isClaimed || this.#claimed === null || this.#upstream.hasGap) return false;
    return this.#hasOnlineEnded && sequenceDistance(this.#claimed, this.#upstream.next) === 1;
  }

  #noteAcknowledgment(acknowledgment: number): void {
    const before = this.#acknowledged;
    const more = before === null ? 0 : sequenceDistance(acknowledgment, before);
    this.#acknowledged ??= acknowledgment;
    if (more <= 0 || more > FURTHEST) return;
    this.#acknowledged = acknowledgment;
    this.answered += more;
  }
}
