// One connection of a client with the online server, as its packets show it, and the copies of it. What the client has said is put in order
// once, and kept until the slowest of its copies has said it.
import type { CopyEnding } from '../../model/mirror-record.ts';
import type { PacketView } from '../../wire/packet.ts';
import { TCP_FLAG, addSequence } from '../../wire/tcp.ts';
import { type TcpOptionValues, readTcpOptions } from '../../wire/tcp-options.ts';
import { NEVER } from '../endpoint/tcp/settings.ts';
import { ClientSide } from './client-side.ts';
import { Copy } from './copy/copy.ts';
import { receive } from './copy/receive.ts';
import { expire, flush, giveUp, nextDue } from './copy/say.ts';
import { describeEnd } from './ends.ts';
import type { MirrorHook } from './hook.ts';
import { InOrder } from './in-order.ts';
import { NO_WORDS } from './no-words.ts';
import type { Words } from './mirror-port.ts';
import { offerInPlaceOf } from './offer.ts';
import { Outgoing } from './outgoing.ts';
import type { CopyPlace, Session, SessionParts } from './session.ts';

const { RST, SYN } = TCP_FLAG;
/** Microseconds that an ended session is remembered, so that its last packets, sent again, begin no other. */
const REST = 2_000_000;

interface Track {
  readonly place: CopyPlace;
  readonly copy: Copy;
  readonly outgoing: Outgoing;
  readonly hook: MirrorHook | null;
  hasFailed: boolean;
  isTold: boolean;
}

export class TcpSession implements Session {
  readonly #parts: SessionParts;
  readonly #initial: number;
  readonly #client: ClientSide;
  /** The online server's bytes, where sessions are compared. */
  #downstream: InOrder | null = null;
  readonly #tracks: readonly Track[];
  /** How often the client has spoken after an answer, and how many bytes of answers it had when it last did. */
  #turn = 0;
  #heardAt = 0;
  #hasEnded = false;
  /** Why what it said is followed by a reset in place of an end. */
  #cause: CopyEnding | null = null;
  /** Until when hooks may hold what was said before it. */
  #holdsUntil: number = NEVER;
  #lastSeen: number;
  #restsUntil: number = NEVER;
  #isRested = false;
  /** The time of what is at hand, for what is told from within. */
  #now = 0;
  /** Bytes that wait, as they were counted last. */
  #waiting = 0;

  constructor(parts: SessionParts, view: PacketView, now: number) {
    const isWhole = (view.flags & SYN) !== 0;
    this.#parts = parts;
    this.#lastSeen = now;
    this.#initial = isWhole ? view.sequence : addSequence(view.sequence, -1);
    const { limits, timeouts } = parts.spec;
    const first = addSequence(this.#initial, 1);
    this.#client = new ClientSide(first, limits.sessionBytes, timeouts.gap, (length, bytes, mark) =>
      this.#hear(length, bytes, mark),
    );
    const shared = new Outgoing();
    const offer = isWhole ? readTcpOptions(view.tcpOptions.slice()) : offerInPlaceOf(view, parts);
    this.#tracks = parts.copies.map((place, index) => this.#track(place, index, shared, offer));
    for (const place of parts.copies) this.#tellOpened(place, view, isWhole, now);
  }

  isOpenedBy(view: PacketView): boolean {
    return view.sequence === this.#initial;
  }

  fromClient(view: PacketView, now: number): void {
    this.#lastSeen = this.#now = now;
    if ((view.flags & RST) !== 0) {
      if (this.#client.mayReset(view)) this.#abort('reset-by-client', now);
      return;
    }
    this.#client.take(view);
    this.#settle(now);
  }

  fromOnline(view: PacketView, now: number): void {
    if (this.#parts.spec.compare !== null) this.#compareAnswer(view, now);
    if ((view.flags & RST) !== 0) {
      this.#abort('reset-by-online', now);
      return;
    }
    if (this.#hasEnded) return;
    this.#client.noteOnline(view);
    this.#settle(now);
  }

  fromTarget(index: number, view: PacketView, now: number): boolean {
    const track = this.#tracks[index];
    if (track === undefined) return false;
    this.#now = now;
    const isKnown = receive(track.copy, view, now);
    this.#afterwards(now);
    return isKnown;
  }

  replace(now: number): void {
    if (!this.#hasEnded) this.#finish(now);
    this.#settle(now);
  }

  get nextDue(): number {
    const idle = this.#hasEnded ? NEVER : this.#lastSeen + this.#parts.spec.timeouts.idle * 1000;
    let due = Math.min(idle, this.#client.gapDue, this.#restsUntil, this.#holdsUntil);
    for (const { copy } of this.#tracks) due = Math.min(due, nextDue(copy));
    return due;
  }

  expire(now: number): void {
    this.#now = now;
    if (now >= this.#client.gapDue) this.#client.passGap(this.#missed);
    const idle = this.#lastSeen + this.#parts.spec.timeouts.idle * 1000;
    if (!this.#hasEnded && now >= idle) this.#endAll('idle', now);
    for (const { copy } of this.#tracks) if (nextDue(copy) <= now) expire(copy, now);
    if (now >= this.#holdsUntil) this.#giveUpHeld(now);
    if (now >= this.#restsUntil) {
      this.#restsUntil = NEVER;
      this.#isRested = true;
    }
    this.#settle(now);
  }

  stop(now: number): void {
    this.#endAll('stopped', now);
    this.#settle(now);
    this.#restsUntil = NEVER;
    this.#isRested = true;
  }

  get isOver(): boolean {
    return this.#isRested && this.#tracks.every(({ copy, isTold }) => isTold && copy.isGone);
  }

  #track(place: CopyPlace, index: number, shared: Outgoing, offer: TcpOptionValues): Track {
    const { makeHook, spec, random } = this.#parts;
    const outgoing = makeHook === null ? shared : new Outgoing();
    // A session that began by a dialogue of its own cannot go on in another connection.
    const limits = makeHook === null ? spec.limits : { ...spec.limits, reopens: 0 };
    const copy = new Copy({
      ends: place.ends,
      offer,
      initialSequence: this.#initial,
      outgoing,
      spec: { ...spec, limits },
      random: random.fork(`copy ${index}`),
      send: (packet, isAgain) => this.#send(packet, isAgain),
      said: (bytes, turn) => {
        const { reopened } = copy;
        this.#tell({ from: 'copy', copy: place.number, bytes, turn, connection: reopened });
      },
      answered: (length, bytes) => this.#answer(index, length, bytes),
    });
    const hook =
      makeHook?.({
        say: (bytes, answered) => outgoing.append(bytes, answered),
        fail: (reason) => giveUp(copy, 'hook-failed', reason, this.#now),
      }) ?? null;
    return { place, copy, outgoing, hook, hasFailed: false, isTold: false };
  }

  #send(packet: Uint8Array, isAgain: boolean): void {
    const { tally, port } = this.#parts;
    tally.sent += 1;
    if (isAgain) tally.retransmitted += 1;
    port.send(packet);
  }

  /** Bytes of the client in order. */
  #hear(length: number, bytes: Uint8Array | null, answered: number): void {
    if (this.#client.taken === length || answered > this.#heardAt) this.#turn += 1;
    this.#heardAt = Math.max(this.#heardAt, answered);
    this.#tell({ from: 'client', length, bytes, turn: this.#turn });
    for (const { outgoing, hook, copy } of this.#distinct)
      if (bytes === null) this.#miss(length, outgoing, hook, copy);
      else if (hook === null) outgoing.append(bytes, answered);
      else if (copy.state !== 'over') hook.fromClient(bytes, answered);
  }

  #miss(length: number, outgoing: Outgoing, hook: MirrorHook | null, copy: Copy): void {
    if (hook === null) outgoing.appendHole(length);
    else giveUp(copy, 'capture-loss', `${length} bytes`, this.#now);
  }

  /** Bytes of the target in order. */
  #answer(index: number, length: number, bytes: Uint8Array | null): void {
    const track = this.#tracks[index];
    if (track === undefined) return;
    const { place, hook, copy } = track;
    this.#tell({ from: 'target', copy: place.number, length, bytes });
    if (hook?.listens !== true || copy.state === 'over') return;
    if (bytes === null)
      giveUp(copy, 'hook-failed', 'the assistant did not keep what the target said', this.#now);
    else hook.fromTarget(bytes);
    if (this.#hasEnded) this.#endOutgoing(track);
  }

  /** Where copies share what is to be said, once. */
  get #distinct(): readonly Track[] {
    return this.#parts.makeHook === null ? this.#tracks.slice(0, 1) : this.#tracks;
  }

  #compareAnswer(view: PacketView, now: number): void {
    const { payloadLength, flags, sequence } = view;
    const start = (flags & SYN) === 0 ? sequence : addSequence(sequence, 1);
    this.#downstream ??= new InOrder(start, this.#parts.spec.limits.sessionBytes, (length, bytes) =>
      this.#tell({ from: 'online', length, bytes }),
    );
    this.#now = now;
    const isKept = view.payloadEnd - view.payloadStart === payloadLength;
    this.#downstream.add(start, payloadLength, isKept ? view.payload : null, 0);
  }

  /** Bytes of the client's will never be known. */
  readonly #missed = (length: number): void => {
    for (const { outgoing, hook, copy } of this.#distinct) this.#miss(length, outgoing, hook, copy);
  };

  #abort(cause: CopyEnding, now: number): void {
    if (this.#hasEnded) return;
    this.#now = now;
    this.#client.end(this.#missed);
    this.#cause = cause;
    this.#endClient(now);
    this.#settle(now);
  }

  #finish(now: number): void {
    this.#now = now;
    this.#client.end(this.#missed);
    this.#endClient(now);
  }

  #endAll(ending: CopyEnding, now: number): void {
    this.#now = now;
    for (const { copy } of this.#tracks) giveUp(copy, copy.loss ?? ending, '', now);
    this.#endClient(now);
  }

  #endClient(now: number): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#tell({ from: 'client', isEnd: true });
    this.#restsUntil = now + REST;
    for (const track of this.#tracks) this.#endOutgoing(track);
    this.#holdsUntil = now + this.#parts.spec.timeouts.closing * 1000;
  }

  /** The client has said all. What a hook holds until it has heard the target comes before the end. */
  #endOutgoing({ outgoing, hook }: Track): void {
    if (hook?.listens === true && hook.holding > 0) return;
    if (this.#cause === null) outgoing.finish(this.#client.answered);
    else outgoing.aborted ??= this.#cause;
  }

  #giveUpHeld(now: number): void {
    this.#holdsUntil = NEVER;
    for (const { copy, hook } of this.#tracks)
      if (hook?.listens === true && hook.holding > 0)
        giveUp(copy, 'hook-failed', `${hook.holding} bytes waited for the target`, now);
  }

  #settle(now: number): void {
    this.#now = now;
    if (!this.#hasEnded) {
      if (this.#client.isFinished) this.#finish(now);
      else this.#client.watch(now);
    }
    for (const { copy } of this.#tracks) if (copy.state !== 'over') flush(copy, now);
    this.#afterwards(now);
  }

  /** Forgets what all copies have said, keeps to the limits, and tells what is over. */
  #afterwards(now: number): void {
    this.#release();
    while (this.#isOverLimit) this.#giveUpSlowest(now);
    for (const track of this.#tracks) this.#tellOver(track, now);
  }

  #release(): void {
    let waiting = this.#hasEnded ? 0 : this.#client.waiting;
    for (const { outgoing } of this.#distinct) {
      let least = Number.POSITIVE_INFINITY;
      for (const track of this.#tracks)
        if (track.outgoing === outgoing && track.copy.state !== 'over')
          least = Math.min(least, track.copy.position);
      if (least === Number.POSITIVE_INFINITY) outgoing.abandon();
      else outgoing.release(least);
      waiting += outgoing.size;
    }
    this.#parts.tally.noteWaiting(waiting - this.#waiting);
    this.#waiting = waiting;
  }

  get #isOverLimit(): boolean {
    const { tally, spec } = this.#parts;
    const { sessionBytes, totalBytes } = spec.limits;
    // Of all that wait too long it is those that keep more than their share.
    const isLarge = this.#waiting * tally.open >= totalBytes;
    const isFull = this.#waiting > sessionBytes || (tally.waiting > totalBytes && isLarge);
    return isFull && this.#tracks.some(({ copy }) => copy.state !== 'over');
  }

  #giveUpSlowest(now: number): void {
    const live = this.#tracks.filter(({ copy }) => copy.state !== 'over');
    const [slowest] = live.toSorted((left, right) => left.copy.position - right.copy.position);
    if (slowest) giveUp(slowest.copy, 'buffer-full', `${this.#waiting} bytes waited`, now);
    this.#release();
  }

  #tellOver(track: Track, now: number): void {
    const { copy, place } = track;
    const { ending, detail } = copy;
    if (ending === null || track.isTold) return;
    const { port, tally } = this.#parts;
    if (!this.#hasEnded) {
      if (track.hasFailed) return;
      track.hasFailed = true;
      port.tell({ kind: 'failed', time: now, copy: place.number, ending, detail });
      return;
    }
    track.isTold = true;
    const copied = this.#client.reached;
    const short = Math.min(copied, this.#shortOf(track));
    const { reopened, retransmitted, gate } = copy;
    const outcome = {
      ending,
      detail,
      copied,
      sent: copied - short,
      short,
      reopened,
      retransmitted,
      unanswered: gate.unanswered,
    };
    tally.noteOutcome(outcome);
    port.tell({ kind: 'ended', time: now, copy: place.number, ...outcome });
    this.#tell({ from: 'target', copy: place.number, isEnd: true });
  }

  /** Bytes of the client that this copy has not said and will not say. */
  #shortOf({ copy, outgoing, hook }: Track): number {
    const unheard = this.#client.reached - this.#client.taken;
    return unheard + (hook?.holding ?? 0) + (outgoing.end - copy.position) + copy.skipped;
  }

  #tell(words: Partial<Words> & Pick<Words, 'from'>): void {
    const { spec, port, number } = this.#parts;
    if (spec.compare === null) return;
    port.heard({ ...NO_WORDS, ...words, session: number, time: this.#now });
  }

  #tellOpened({ number, ends }: CopyPlace, view: PacketView, isWhole: boolean, now: number): void {
    this.#parts.tally.begun += 1;
    this.#parts.port.tell({
      kind: 'opened',
      time: now,
      copy: number,
      client: describeEnd(view.source, view.sourcePort),
      as: describeEnd(ends.source, ends.sourcePort),
      isWhole,
    });
  }
}
