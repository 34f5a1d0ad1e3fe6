// Which flows a censor follows, when it loses its place in them and when it forgets them (the papers' TCB creation, resynchronisation and
// teardown).
import type { CensorState } from '../../../model/censor.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG, addSequence } from '../../../wire/tcp.ts';
import type { Chance } from '../match/chance.ts';
import { SEEN_ACK, SEEN_SYN, SEEN_SYN_ACK, isClosing, isOpening, isSynAck } from './connection.ts';
import type { Flow } from './flow.ts';

/** What of a flow's state changes after a segment. */
export type Upheaval = 'none' | 'resync' | 'teardown';

const { ACK, RST, FIN } = TCP_FLAG;

export class FollowPolicy {
  readonly #createOn: ReadonlySet<CensorState['createOn'][number]>;
  /** What a flow must have shown before its words count. */
  readonly #handshake: number;
  readonly #resyncOn: ReadonlySet<CensorState['resyncOn'][number]>;
  readonly #teardownOn: ReadonlySet<CensorState['teardownOn'][number]>;
  readonly #control: CensorState['control'];
  readonly #draw: { readonly name: string; readonly probability: number };
  readonly #chance: Chance;

  constructor(state: CensorState, chance: Chance) {
    this.#createOn = new Set(state.createOn);
    this.#resyncOn = new Set(state.resyncOn);
    this.#teardownOn = new Set(state.teardownOn);
    this.#control = state.control;
    this.#draw = { name: 'resync', probability: state.resyncProbability };
    this.#chance = chance;
    // The SYN of a flow that begins with its SYN+ACK is never seen.
    const opening = this.#createOn.has('SYN') ? SEEN_SYN | SEEN_SYN_ACK : SEEN_SYN_ACK;
    this.#handshake = state.handshake ? opening | SEEN_ACK : 0;
  }

  /** Whether a packet of an unknown flow begins one. Where nothing is left out, any segment does: also one that only acknowledges. */
  begins(view: PacketView): boolean {
    if (!view.isTcp || this.#createOn.size === 3) return true;
    if (isOpening(view)) return this.#createOn.has('SYN');
    if (isSynAck(view)) return this.#createOn.has('SYN+ACK');
    return this.#createOn.has('data') && view.payloadLength > 0 && (view.flags & RST) === 0;
  }

  /** Whether the words of a packet come before the flow's handshake was seen, and the censor waits for that. */
  isTooEarly(flow: Flow, view: PacketView): boolean {
    const wanted = this.#handshake;
    return view.isTcp && view.payloadLength > 0 && (flow.marks & wanted) !== wanted;
  }

  /**
   * Whether a SYN begins another connection on the same ports (RFC 9293 section 3.6.1): one that is not a repetition, unless it is to
   * make this censor look for the client's sequence number in the flow that it is reading.
   */
  beginsAnother(flow: Flow, view: PacketView, isForward: boolean): boolean {
    if (isForward && view.sequence === flow.initialSequence) return false;
    if (!isForward || !this.#resyncOn.has('SYN')) return true;
    return flow.settled || flow.standing !== null || isClosing(flow);
  }

  /** What a segment of a flow that was there before does to what is known of it. Decided flows stay decided. */
  upheavalOf(flow: Flow, view: PacketView, isForward: boolean, isFirst: boolean): Upheaval {
    const isResynced = !isFirst && this.#losesPlace(flow, view, isForward);
    return this.#weigh(flow, view, isForward, this.#isEnd(view.flags), isResynced);
  }

  /** What RSTs and FINs, as flags, of other flows do to that of the packet. */
  upheavalBy(flags: number, flow: Flow, view: PacketView, isForward: boolean): Upheaval {
    return this.#weigh(flow, view, isForward, this.#isEnd(flags), this.#isConfusing(flags));
  }

  /** Whether an RST or FIN fits its flow as it must; asked before the flow takes note of it. */
  fits(flow: Flow, view: PacketView, isForward: boolean): boolean {
    if (this.#control !== 'sequence' || (view.flags & (RST | FIN)) === 0) return true;
    if (flow.settled) return false;
    if (flow.order !== null) return flow.order.next(isForward) === view.sequence;
    const track = isForward ? flow.forward : flow.reverse;
    return track.isKnown && track.next === view.sequence;
  }

  /** Whether a segment of the client says by itself where its stream is. */
  resyncsHere(flow: Flow, view: PacketView, isForward: boolean): boolean {
    if (!isForward || flow.settled || !this.#resyncOn.has('ACK')) return false;
    const isBare = view.isTcp && view.flags === ACK && view.payloadLength === 0;
    return isBare && this.#drawOnce(flow, view, isForward);
  }

  #weigh(
    flow: Flow,
    view: PacketView,
    isForward: boolean,
    isTornDown: boolean,
    losesPlace: boolean,
  ): Upheaval {
    if (flow.standing !== null || flow.residual !== null) return 'none';
    const isResynced = losesPlace && !flow.settled;
    if (!isTornDown && !isResynced) return 'none';
    const isDrawn = this.#drawOnce(flow, view, isForward);
    if (isResynced && isDrawn) return 'resync';
    // Where the same segment may do either, chance divides flows between them (Wang, IMC 2017).
    return isTornDown && isDrawn !== isResynced ? 'teardown' : 'none';
  }

  #losesPlace(flow: Flow, view: PacketView, isForward: boolean): boolean {
    const { flags } = view;
    if (isOpening(view)) return isForward && this.#resyncOn.has('SYN');
    if (isSynAck(view)) {
      const isOdd = view.acknowledgment !== addSequence(flow.initialSequence, 1);
      return !isForward && flow.initialSequence >= 0 && isOdd && this.#resyncOn.has('SYN+ACK');
    }
    return this.#isConfusing(flags);
  }

  #isConfusing(flags: number): boolean {
    return (
      ((flags & RST) !== 0 && this.#resyncOn.has('RST')) ||
      ((flags & FIN) !== 0 && this.#resyncOn.has('FIN'))
    );
  }

  #isEnd(flags: number): boolean {
    return (
      (this.#teardownOn.has('RST') && (flags & RST) !== 0) ||
      (this.#teardownOn.has('FIN') && (flags & FIN) !== 0)
    );
  }

  /** Drawn once a flow. */
  #drawOnce(flow: Flow, view: PacketView, isForward: boolean): boolean {
    flow.isFickle ??= this.#chance.draw(this.#draw, view, isForward);
    return flow.isFickle;
  }
}
