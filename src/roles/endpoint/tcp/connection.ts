// The state of one connection (the transmission control block of RFC 9293 section 3.3.1) and how it sends. What it makes of
// received segments is in arrive.ts, what a script adds in craft.ts.
import type { Random } from '../../../base/random.ts';
import { TCP_FLAG, addSequence, sequenceDistance } from '../../../wire/tcp.ts';
import { type TcpOptionValues, readTcpOptions } from '../../../wire/tcp-options.ts';
import { Acknowledger } from './acknowledger.ts';
import type { TcpEvent } from './event.ts';
import type { OpenConnection } from './open-connection.ts';
import { LARGEST_SHIFT, openingOptions, segmentOptions } from './own-options.ts';
import { ReceiveBuffer } from './receive-buffer.ts';
import { RetransmissionTimer } from './retransmission-timer.ts';
import type { Loose, SegmentOrigin, TcpSegment } from './segment.ts';
import { Sender } from './sender.ts';
import type { SentSegment } from './send-queue.ts';
import { NEVER, type TcpPolicy, type TcpSettings } from './settings.ts';
import { Timestamps } from './timestamps.ts';

const { ACK, FIN, SYN } = TCP_FLAG;
const NOTHING = new Uint8Array(0);
/** What a peer can take that announces nothing (RFC 9293 section 3.7.1). */
const DEFAULT_SEGMENT_SIZE = 536;
/** With their padding, in each segment. */
const TIMESTAMPS_LENGTH = 12;
const SIGNATURE_LENGTH = 20;
const LARGEST_WINDOW_FIELD = 0xffff;

/** The states of RFC 9293 section 3.3.2. */
export type TcpState =
  | 'closed'
  | 'listen'
  | 'syn-sent'
  | 'syn-received'
  | 'established'
  | 'fin-wait-1'
  | 'fin-wait-2'
  | 'close-wait'
  | 'closing'
  | 'last-ack'
  | 'time-wait';

/** Where what a connection does goes. Called before the method that causes it returns. */
export interface TcpOutput {
  emit(segment: TcpSegment): void;
  report(event: TcpEvent): void;
}

/** A segment's own part; the connection adds the rest. */
export type Draft = Loose<TcpSegment> &
  Pick<TcpSegment, 'sequence' | 'flags'> & { readonly origin: SegmentOrigin };

export class Connection {
  state: TcpState = 'closed';
  policy: TcpPolicy;
  readonly settings: TcpSettings;
  readonly output: TcpOutput;
  readonly sender: Sender;
  readonly timer: RetransmissionTimer;
  readonly acknowledger: Acknowledger;
  readonly timestamps: Timestamps;
  readonly buffer: ReceiveBuffer;
  /** IRS and, once it is known, the sequence number of the peer's FIN. */
  peerInitial = 0;
  peerFin: number | null = null;
  /** Our own options, known when our SYN was sent, and the peer's. */
  ownOffer: TcpOptionValues | null = null;
  peerOffer: TcpOptionValues | null = null;
  /** The last acknowledgment number that was sent. */
  acknowledged = 0;
  timeWaitUntil: number = NEVER;
  /** Segments that were sent again. */
  retransmissions = 0;
  #nextId: number;
  /** Rcv.Wind.Shift (RFC 7323 section 2.3). */
  #shift = 0;
  #sackAgreed = false;
  /** The right edge of the window as it was announced last. */
  #announcedEdge = 0;

  constructor(settings: TcpSettings, policy: TcpPolicy, random: Random, output: TcpOutput) {
    this.settings = settings;
    this.policy = policy;
    this.output = output;
    this.sender = new Sender(settings.maximumSegmentSize, settings.congestionWindow);
    this.timer = new RetransmissionTimer(settings);
    this.acknowledger = new Acknowledger(policy.ack);
    this.timestamps = new Timestamps(random.below(2 ** 32));
    this.buffer = new ReceiveBuffer(settings.receiveBuffer);
    this.sender.begin(settings.initialSequence ?? random.below(2 ** 32));
    this.#nextId = random.below(2 ** 16);
  }

  /** Emits a segment and does not keep it. One that does not arrive acknowledges nothing. */
  emit(draft: Draft, now: number, arrives = true): TcpSegment {
    const { flags } = draft;
    // One literal: flat-out sending is spent here, and spreading the draft would be most of it.
    const segment: TcpSegment = {
      origin: draft.origin,
      flags,
      sequence: draft.sequence,
      urgentPointer: draft.urgentPointer,
      dataOffset: draft.dataOffset,
      reserved: draft.reserved,
      checksum: draft.checksum,
      ttl: draft.ttl ?? this.settings.ttl,
      trafficClass: draft.trafficClass,
      flowLabel: draft.flowLabel,
      id: draft.id ?? this.#takeId(),
      dontFragment: draft.dontFragment,
      moreFragments: draft.moreFragments,
      fragmentOffset: draft.fragmentOffset,
      ipChecksum: draft.ipChecksum,
      fragments: draft.fragments,
      acknowledgment:
        draft.acknowledgment ?? ((flags & ACK) !== 0 ? this.#acknowledgmentField() : 0),
      window: draft.window ?? this.#windowField((flags & SYN) !== 0),
      options: draft.options ?? this.#options(draft, now),
      payload: draft.payload ?? NOTHING,
    };
    if (arrives) this.#note(segment);
    this.output.emit(segment);
    return segment;
  }

  /** Emits a segment and keeps it until it is acknowledged. */
  transmit(draft: Draft, now: number): void {
    const segment = this.emit(draft, now);
    this.sender.queue.add(sentSegment(segment, true, now));
  }

  /** Emits a segment that the peer lacks once more, as the stack would send it now. */
  retransmit(sent: SentSegment, now: number): void {
    const { sequence, payload, options } = sent;
    const isOpening = (sent.flags & SYN) !== 0;
    const flags = this.state === 'syn-sent' ? sent.flags : sent.flags | ACK;
    const draft: Draft = { sequence, flags, payload, origin: 'retransmission' };
    this.retransmissions += 1;
    sent.sentAt = now;
    sent.transmissions += 1;
    this.emit(isOpening ? { ...draft, options } : draft, now);
  }

  /** Takes the peer's SYN: where its sequence numbers begin, and what it offers. */
  meetPeer(initial: number, offer: TcpOptionValues): void {
    this.peerInitial = initial;
    this.buffer.next = addSequence(initial, 1);
    this.acknowledged = this.buffer.next;
    this.#announcedEdge = this.buffer.next;
    this.peerOffer = offer;
    this.timestamps.recent = offer.timestamps?.value ?? 0;
    this.#agree();
  }

  /** Goes on with a connection that somebody else has opened, and used. */
  adopt({ own, peer, timestamps }: OpenConnection, now: number): void {
    const last = addSequence(peer.next, -1);
    this.sender.begin(own.next);
    this.ownOffer = own.offer;
    this.meetPeer(last, peer.offer);
    if (timestamps !== null) {
      this.timestamps.goOn(timestamps.value, now);
      this.timestamps.recent = timestamps.echo;
    }
    this.sender.setWindow(last, own.next, peer.window);
    this.state = 'established';
  }

  /** Whether so much was read that the peer should hear of the larger window (RFC 9293 section 3.8.6.2.2). */
  get hasOpenedWindow(): boolean {
    const { receiveBuffer, maximumSegmentSize } = this.settings;
    const opened = sequenceDistance(this.#windowEdge(), this.#announcedEdge);
    return opened >= Math.min(receiveBuffer / 2, 2 * maximumSegmentSize);
  }

  end(how: Extract<TcpEvent, { kind: 'closed' }>['how']): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.timer.stop();
    this.acknowledger.sent();
    this.timeWaitUntil = NEVER;
    this.output.report({ kind: 'closed', how });
  }

  /** What was sent or received has its effect on what follows. */
  #note({ flags, acknowledgment, options }: TcpSegment): void {
    if ((flags & SYN) !== 0) {
      this.ownOffer = readTcpOptions(options);
      this.#agree();
    }
    if ((flags & ACK) === 0 || this.peerOffer === null) return;
    const { next } = this.buffer;
    if (acknowledgment === next) this.acknowledger.sent();
    const isKnown = sequenceDistance(acknowledgment, next) <= 0;
    if (isKnown && sequenceDistance(acknowledgment, this.acknowledged) > 0)
      this.acknowledged = acknowledgment;
    this.#announcedEdge = this.#windowEdge();
  }

  /** Once both SYNs are known, what both offer holds (RFC 7323 section 1.3). */
  #agree(): void {
    const { ownOffer: own, peerOffer: peer } = this;
    if (own === null || peer === null) return;
    const scales = own.windowScale !== null && peer.windowScale !== null;
    this.#shift = scales ? Math.min(LARGEST_SHIFT, own.windowScale) : 0;
    this.sender.shift = scales ? Math.min(LARGEST_SHIFT, peer.windowScale) : 0;
    this.timestamps.enabled = own.timestamps !== null && peer.timestamps !== null;
    this.#sackAgreed = own.sackPermitted && peer.sackPermitted;
    const size = peer.maximumSegmentSize ?? DEFAULT_SEGMENT_SIZE;
    const room = Math.min(size, this.settings.maximumSegmentSize);
    this.sender.segmentSize =
      room -
      (this.timestamps.enabled ? TIMESTAMPS_LENGTH : 0) -
      (this.settings.md5Signature ? SIGNATURE_LENGTH : 0);
  }

  #acknowledgmentField(): number {
    return this.policy.ack === 'none' ? this.acknowledged : this.buffer.next;
  }

  #windowEdge(): number {
    return addSequence(this.buffer.next, this.buffer.window);
  }

  /** "The window field in a segment where the SYN bit is set MUST NOT be scaled" (RFC 7323 section 2.2). */
  #windowField(isOpening: boolean): number {
    return Math.min(LARGEST_WINDOW_FIELD, this.buffer.window >>> (isOpening ? 0 : this.#shift));
  }

  #options({ flags, payload }: Draft, now: number): Uint8Array {
    const { timestamps } = this;
    const values = { value: timestamps.value(now), echo: timestamps.recent };
    if ((flags & SYN) !== 0) return openingOptions(this.settings, this.peerOffer, values);
    const blocks = this.#sackAgreed && payload === undefined ? this.buffer.blocks() : [];
    return segmentOptions(this.settings, timestamps.enabled ? values : null, blocks);
  }

  #takeId(): number {
    const id = this.#nextId;
    this.#nextId = (id + 1) & 0xffff;
    return id;
  }
}

/** What is to be remembered of a segment that was emitted. */
export function sentSegment(segment: TcpSegment, retransmit: boolean, now: number): SentSegment {
  const { sequence, flags, payload, options } = segment;
  const length = payload.length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0);
  return { sequence, length, flags, payload, options, retransmit, sentAt: now, transmissions: 1 };
}
