// One copy of a session: a connection with the target in the client's place. It says what the client said, at the target's pace, and hears
// of the answers no more than their headers. What it makes of these is in receive.ts, what it says and when in say.ts.
import type { Random } from '../../../base/random.ts';
import type { CopyEnding } from '../../../model/mirror-record.ts';
import type { MirrorSpec } from '../../../model/mirror.ts';
import { TCP_FLAG, addSequence, sequenceDistance } from '../../../wire/tcp.ts';
import type { TcpOptionValues } from '../../../wire/tcp-options.ts';
import { Acknowledger } from '../../endpoint/tcp/acknowledger.ts';
import type { TcpEnds } from '../../endpoint/tcp/packets.ts';
import { RetransmissionTimer } from '../../endpoint/tcp/retransmission-timer.ts';
import { DEFAULT_TCP_SETTINGS, NEVER } from '../../endpoint/tcp/settings.ts';
import { Timestamps } from '../../endpoint/tcp/timestamps.ts';
import { InOrder } from '../in-order.ts';
import type { Outgoing } from '../outgoing.ts';
import { Flight } from './flight.ts';
import { Gate } from './gate.ts';
import { SegmentWriter } from './segment-writer.ts';

const { ACK, RST, SYN } = TCP_FLAG;
const NOTHING = new Uint8Array(0);
/** What one that announces nothing can take (RFC 9293 section 3.7.1). */
const DEFAULT_SEGMENT_SIZE = 536;
/** How far the sequence numbers of a connection lie behind those of the one before it with the same ports (RFC 9293 section 3.6.1). */
const NUMBERS_BETWEEN = 65_536;
/** Answers that may wait behind a gap: their bytes are rarely kept. */
const ANSWERS_AHEAD = 8_388_608;
/** Microseconds that an ended connection is remembered, so that a FIN that is sent again finds its acknowledgment. */
const LINGER = 1_000_000;
/** The target is near, and delays acknowledgments by 40 ms at most where it is Linux; tcpcopy waits 100 ms. While we wait, the client goes on. */
const TIMER = {
  ...DEFAULT_TCP_SETTINGS,
  initialTimeout: 250_000,
  minimumTimeout: 80_000,
  maximumTimeout: 3_000_000,
};

/**
 * `parting`: the target closed, and so do we, though the client is not done. `parted`: there is no connection until the client's next
 * request. `over`: how it ended is known.
 */
export type CopyState = 'new' | 'syn-sent' | 'open' | 'ending' | 'parting' | 'parted' | 'over';

export interface CopyParts {
  /** From the client, as the target knows it, to the target. */
  readonly ends: TcpEnds;
  /** What the client's SYN offered, or what we offer in its place. */
  readonly offer: TcpOptionValues;
  /** Of the SYN. */
  readonly initialSequence: number;
  readonly outgoing: Outgoing;
  readonly spec: MirrorSpec;
  readonly random: Random;
  readonly send: (packet: Uint8Array, isAgain: boolean) => void;
  /** Bytes that are said for the first time in a connection, and in which turn of the client; a view. */
  readonly said: (bytes: Uint8Array, turn: number, now: number) => void;
  /** New bytes of the target in order; `bytes` is a view, or null where they were not kept. */
  readonly answered: (length: number, bytes: Uint8Array | null, now: number) => void;
}

export class Copy {
  state: CopyState = 'new';
  readonly parts: CopyParts;
  readonly flight: Flight;
  readonly gate: Gate;
  readonly timer: RetransmissionTimer = new RetransmissionTimer(TIMER);
  readonly acknowledger: Acknowledger = new Acknowledger('delayed');
  readonly timestamps: Timestamps = new Timestamps(0);
  /** The target's bytes; of no connection before its SYN+ACK. */
  answers: InOrder;
  /** The sequence number of the target's FIN, and whether all before it has come. */
  targetFin: number | null = null;
  hasTargetEnded = false;
  /** The largest payload of a segment. */
  segmentSize = 1;
  /** Of the target's windows. */
  shift = 0;
  /** The place of our FIN, once it was sent. */
  fin: number | null = null;
  /** Why there is no connection, or was none for a while. */
  cause: CopyEnding = 'closed-by-target';
  /** Bytes that were passed over, and why the first of them were. */
  skipped = 0;
  loss: CopyEnding | null = null;
  ending: CopyEnding | null = null;
  detail = '';
  reopened = 0;
  retransmitted = 0;
  /** When something was last acknowledged, or began to wait for that. Microseconds since the epoch, as all times. */
  progressAt: number = NEVER;
  /** The round trip that is being measured: up to which place, since when. */
  timed: { readonly place: number; readonly since: number } | null = null;
  /** Until when an ended connection is remembered. */
  lingersUntil: number = NEVER;
  isGone = false;
  /** Numbers of the last segment that told the target's window. */
  windowAt: { readonly sequence: number; readonly acknowledgment: number } | null = null;
  #begin = 0;
  /** Behind all that was said in a connection that is over. */
  #lastPlace: number | null = null;
  #initial: number;
  readonly #writer: SegmentWriter;

  constructor(parts: CopyParts) {
    const { spec, random, initialSequence } = parts;
    this.parts = parts;
    this.flight = new Flight(spec.limits.flight);
    this.gate = new Gate(spec.order === 'answers' ? spec.timeouts.answer * 1000 : 0);
    this.#initial = initialSequence;
    this.#writer = new SegmentWriter(parts.ends, random);
    this.answers = this.#newAnswers(0);
  }

  get isConnected(): boolean {
    return this.state === 'open' || this.state === 'ending' || this.state === 'parting';
  }

  /** All before it was acknowledged by the target or passed over for good. */
  get position(): number {
    return Math.min(this.flight.acknowledged, this.fin ?? Number.POSITIVE_INFINITY);
  }

  /** Whether a request begins at the next place, or nothing is left to be said. */
  get isBetweenRequests(): boolean {
    const { outgoing } = this.parts;
    const { size, acknowledged } = this.flight;
    if (size > 0) return false;
    return acknowledged === outgoing.end || outgoing.at(acknowledged)?.opens === true;
  }

  /** Bytes of the target's answers in order, its end counted. */
  get answeredBytes(): number {
    return this.answers.taken + (this.hasTargetEnded ? 1 : 0);
  }

  /** Opens a connection that begins with what is at `place`. */
  connect(place: number, now: number): void {
    const { offer, outgoing } = this.parts;
    if (this.state === 'new') this.timestamps.goOn(offer.timestamps?.value ?? 0, now);
    this.state = 'syn-sent';
    this.#begin = place;
    this.flight.begin(place, 1, 0);
    this.gate.begin(place === 0 ? 0 : (outgoing.at(place)?.answered ?? 0));
    this.targetFin = this.fin = this.timed = this.windowAt = null;
    this.#lastPlace = null;
    this.hasTargetEnded = this.timestamps.enabled = false;
    this.timer.progress();
    this.progressAt = now;
    this.sendSyn(false, now);
  }

  sendSyn(isAgain: boolean, now: number): void {
    const syn = { sequence: this.#initial, acknowledgment: 0, flags: SYN, payload: NOTHING };
    const { offer } = this.parts;
    this.#send(this.#writer.writeOffer(syn, offer, this.timestamps.value(now)), isAgain);
    this.timer.start(now);
  }

  /** The target has accepted: its numbers and options are known. */
  meet(sequence: number, offer: TcpOptionValues, window: number): void {
    const own = this.parts.offer;
    this.answers = this.#newAnswers(addSequence(sequence, 1));
    this.shift = own.windowScale === null ? 0 : Math.min(14, offer.windowScale ?? 0);
    this.timestamps.enabled = own.timestamps !== null && offer.timestamps !== null;
    if (offer.timestamps !== null) this.timestamps.recent = offer.timestamps.value;
    const announced = offer.maximumSegmentSize ?? DEFAULT_SEGMENT_SIZE;
    const { mtu } = this.parts.spec.limits;
    this.segmentSize = this.#writer.payloadLimit(announced, mtu, this.timestamps.enabled);
    this.flight.begin(this.#begin, this.segmentSize, window);
  }

  /** A segment of the connection, which acknowledges all that has come. */
  segment(place: number, flags: number, payload: Uint8Array, now: number, isAgain: boolean): void {
    const { timestamps } = this;
    const stamps = timestamps.enabled
      ? { value: timestamps.value(now), echo: timestamps.recent }
      : null;
    const sequence = this.sequenceAt(place);
    const numbers = { sequence, acknowledgment: this.targetNext, flags: flags | ACK, payload };
    this.acknowledger.sent();
    this.#send(this.#writer.write(numbers, stamps), isAgain);
  }

  /** What is acknowledged: the target's FIN counts one, once all before it has come. */
  get targetNext(): number {
    return addSequence(this.answers.next, this.hasTargetEnded ? 1 : 0);
  }

  acknowledge(now: number): void {
    this.segment(this.#lastPlace ?? this.flight.next, ACK, NOTHING, now, false);
  }

  /** Ends the connection at once, as a client does that is gone. */
  reset(now: number): void {
    if (this.isConnected || this.lingersUntil !== NEVER)
      this.segment(this.flight.next, RST, NOTHING, now, false);
    else if (this.state === 'syn-sent') this.refuse(addSequence(this.#initial, 1));
  }

  /** Answers a segment of a connection that the target remembers and we do not (RFC 9293 section 3.10.7.3). */
  refuse(acknowledgment: number): void {
    const rst = { sequence: acknowledgment, acknowledgment: 0, flags: RST, payload: NOTHING };
    this.#send(this.#writer.write(rst, null), false);
  }

  /** How it ended is known. `isLingering`: the target may still say something that is to be acknowledged. */
  end(ending: CopyEnding, detail: string, isLingering: boolean, now: number): void {
    this.state = 'over';
    this.ending = ending;
    this.detail = detail;
    this.#rest();
    this.lingersUntil = isLingering ? now + this.lingerTime : NEVER;
    this.isGone = !isLingering;
  }

  /** Microseconds: until the target has ended too, as long as it may be silent. */
  get lingerTime(): number {
    return this.hasTargetEnded ? LINGER : this.parts.spec.timeouts.closing * 1000;
  }

  /** The client has said all, and so has the copy. */
  finish(isLingering: boolean, now: number): void {
    const ending = this.skipped > 0 ? (this.loss ?? this.cause) : 'finished';
    this.end(ending, '', isLingering, now);
  }

  /** There is no connection any more. What was not acknowledged is said in another, if it begins a request, and else passed over. */
  part(cause: CopyEnding): void {
    const place = this.position;
    this.cause = cause;
    this.state = 'parted';
    this.#lastPlace = this.flight.next;
    this.#rest();
    this.flight.begin(place, 1, 0);
    this.fin = null;
  }

  /** Passes over what lies before `place`. */
  pass(place: number): void {
    const bytes = place - this.flight.acknowledged;
    if (bytes > 0) this.loss ??= this.cause;
    this.skipped += bytes;
    this.flight.begin(place, 1, 0);
  }

  sequenceAt(place: number): number {
    return addSequence(this.#initial, place - this.#begin + 1);
  }

  /** The place of an acknowledgment number. */
  placeOf(acknowledgment: number): number {
    const { acknowledged } = this.flight;
    return acknowledged + sequenceDistance(acknowledgment, this.sequenceAt(acknowledged));
  }

  /** Another connection with the same ports has numbers that the target takes for newer, whatever it remembers of the one before. */
  renumber(place: number): void {
    this.#initial = addSequence(this.sequenceAt(place), NUMBERS_BETWEEN);
  }

  /** Nothing is waited for any more. */
  #rest(): void {
    this.timer.stop();
    this.acknowledger.sent();
    this.gate.due = NEVER;
    this.progressAt = NEVER;
  }

  #newAnswers(next: number): InOrder {
    return new InOrder(next, ANSWERS_AHEAD, (length, bytes, mark) =>
      this.parts.answered(length, bytes, mark),
    );
  }

  #send(packet: Uint8Array, isAgain: boolean): void {
    if (isAgain) this.retransmitted += 1;
    this.parts.send(packet, isAgain);
  }
}
