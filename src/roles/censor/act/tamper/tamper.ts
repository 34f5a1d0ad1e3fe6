// Changing a flow's packets on their way, so that each end's TCP sees one sound stream: what is sent again is changed the same way,
// and where lengths change, sequence numbers, acknowledgments and SACK blocks of the rest of the flow are moved.
//
// Packets with a wrong checksum stay as they are, as no receiver takes them; so do fragments, which hold no whole segment.
import type { TamperAction, TamperEdit } from '../../../../model/censor-action.ts';
import { PacketView } from '../../../../wire/packet.ts';
import { TCP_FLAG, addSequence, sequenceDistance } from '../../../../wire/tcp.ts';
import { coversDirection } from '../direction.ts';
import type { Term } from '../term.ts';
import { editHeaders } from './edit-headers.ts';
import { changesPayload, editPayload } from './edit-payload.ts';
import { type Place, moveSegment } from './move-segment.ts';
import { rebuild } from './rebuild.ts';
import { StreamEdits } from './stream-edits.ts';
import { TamperedDirection } from './tampered-direction.ts';

/** Payload of a segment that is longer than it was: fits every tunnel of a 1500-byte path, in IPv6 with timestamps too. */
const SAFE_SEGMENT = 1220;

export class Tamper {
  readonly #forward = new TamperedDirection();
  readonly #reverse = new TamperedDirection();
  readonly #heldView = new PacketView();

  add({ edits, direction }: TamperAction, term: Term): void {
    if (coversDirection(direction, true)) this.#forward.add(edits, term);
    if (coversDirection(direction, false)) this.#reverse.add(edits, term);
  }

  /** For the packet at hand alone. */
  addOnce({ edits }: TamperAction, isForward: boolean): void {
    this.#direction(isForward).addOnce(edits);
  }

  forgetOnce(): void {
    this.#forward.forgetOnce();
    this.#reverse.forgetOnce();
  }

  /** Says what of a direction has passed already: bytes up to `sequence` stay as they are. */
  begin(isForward: boolean, sequence: number): void {
    const { stream } = this.#direction(isForward);
    if (!stream.isKnown) stream.begin(sequence);
  }

  /** What passes in place of the packet: none while it waits, several when it grew too long. Null when it stays as it is. */
  change(view: PacketView, isForward: boolean, now: number): readonly Uint8Array[] | null {
    const direction = this.#direction(isForward);
    const edits = direction.takeEdits(now);
    if (view.isFragment || view.verifyTransportChecksum() === 'invalid') return null;
    if (!view.isTcp) return changeDatagram(view, edits);
    const first = this.#changeSegment(view, isForward, edits);
    const others: Uint8Array[] = [];
    for (let held = direction.release(); held !== null; held = direction.release()) {
      this.#heldView.load(held.packet, 0, held.packet.length);
      const changed = this.#changeSegment(this.#heldView, isForward, held.edits);
      others.push(...(changed ?? [held.packet]));
    }
    if (others.length === 0) return first;
    return [...(first ?? [view.memory.slice(view.start, view.end)]), ...others];
  }

  /** A forged segment of a direction, moved to where its receiver expects it. */
  shift(packet: Uint8Array, isForward: boolean): Uint8Array {
    const view = new PacketView();
    const { stream } = this.#direction(isForward);
    if (!view.load(packet, 0, packet.length) || !view.isTcp || !stream.isShifted) return packet;
    const { acknowledgment, flags } = view;
    const sequence = stream.toReceiver(view.sequence);
    return rebuild(view, view.payload, (copy) =>
      moveSegment(copy, { sequence, acknowledgment, flags, peer: new StreamEdits() }),
    );
  }

  #changeSegment(
    view: PacketView,
    isForward: boolean,
    edits: readonly TamperEdit[],
  ): readonly Uint8Array[] | null {
    const direction = this.#direction(isForward);
    const { stream } = direction;
    const { flags, payloadLength } = view;
    const isSyn = (flags & TCP_FLAG.SYN) !== 0;
    const first = isSyn ? addSequence(view.sequence, 1) : view.sequence;
    if (isSyn || !stream.isKnown) stream.begin(first);
    const payloadEdits = edits.filter(changesPayload);
    const takesSpace = payloadLength > 0 || (flags & TCP_FLAG.FIN) !== 0;
    if (takesSpace && (flags & TCP_FLAG.RST) === 0) {
      const gap = sequenceDistance(first, stream.next);
      if (gap > 0 && payloadEdits.length > 0) {
        direction.hold(view, edits);
        return [];
      }
      // Where nothing is to be edited what is missing has its place already.
      if (gap > 0) stream.next = addSequence(first, payloadLength);
      else decide(stream, view.payload.subarray(-gap), payloadEdits);
    }
    return this.#pass(view, first, isForward, edits);
  }

  /** The segment, whose payload starts at `first` and is decided, as its receiver is to see it. */
  #pass(
    view: PacketView,
    first: number,
    isForward: boolean,
    edits: readonly TamperEdit[],
  ): readonly Uint8Array[] | null {
    const { stream } = this.#direction(isForward);
    const peer = this.#direction(!isForward).stream;
    const hasAck = (view.flags & TCP_FLAG.ACK) !== 0 && peer.isKnown;
    const original = view.payload;
    const payload = stream.apply(first, original);
    const sequence = stream.toReceiver(view.sequence);
    const acknowledgment = hasAck ? peer.toSender(view.acknowledgment) : view.acknowledgment;
    const isMoved = stream.isShifted || peer.isShifted;
    const isEdited = payload !== original || edits.some((edit) => !changesPayload(edit));
    const packets =
      isMoved || isEdited
        ? cut(view, payload, { sequence, acknowledgment, flags: view.flags, peer }, edits)
        : null;
    if (hasAck) peer.acknowledge(acknowledgment);
    return packets;
  }

  #direction(isForward: boolean): TamperedDirection {
    return isForward ? this.#forward : this.#reverse;
  }
}

function decide(stream: StreamEdits, fresh: Uint8Array, edits: readonly TamperEdit[]): void {
  if (fresh.length > 0) stream.decide(fresh, editPayload(fresh, edits));
}

/** The segment with its payload, in several where it has grown too long for one. FIN and PSH are the last one's. */
function cut(
  view: PacketView,
  payload: Uint8Array,
  place: Place,
  edits: readonly TamperEdit[],
): readonly Uint8Array[] {
  const size = Math.max(view.payloadLength, SAFE_SEGMENT);
  const count = Math.max(1, Math.ceil(payload.length / size));
  return Array.from({ length: count }, (_, index) => {
    const at = index * size;
    const sequence = addSequence(place.sequence, at);
    const flags = index === count - 1 ? place.flags : place.flags & ~(TCP_FLAG.FIN | TCP_FLAG.PSH);
    return rebuild(view, payload.subarray(at, at + size), (copy) => {
      moveSegment(copy, { ...place, sequence, flags });
      editHeaders(copy, edits);
    });
  });
}

function changeDatagram(
  view: PacketView,
  edits: readonly TamperEdit[],
): readonly Uint8Array[] | null {
  const original = view.payload;
  const payload = view.isUdp ? editPayload(original, edits) : original;
  if (payload === original && !edits.some((edit) => !changesPayload(edit))) return null;
  return [rebuild(view, payload, (copy) => editHeaders(copy, edits))];
}
