// Speaking in a server's place: some bytes, a FIN with the last where the rule says so, then nothing but what a closing TCP owes its peer.
// In-path, where the server is kept out, that means acknowledging the client's FIN and repeating the bytes when the client repeats its
// request (RFC 9293 section 3.10.7.4).
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG, addSequence } from '../../../wire/tcp.ts';
import {
  type SegmentShape,
  type Trigger,
  expectedBySender,
  forgeSegment,
  segmentEnd,
} from './forge.ts';

/** Segment size towards a client whose SYN was not seen: fits every tunnel of a 1500-byte path. */
const DEFAULT_SEGMENT = 1220;
/** Repetitions of the bytes to one client. */
const MAX_REPEATS = 8;

/** What is said, and how. */
export interface Speech {
  readonly bytes: Uint8Array;
  /** Bits of `TCP_FLAG`, of the last segment. */
  readonly flags: number;
  /** Draws TTL, window and identification of a segment that `view` draws. */
  shape(view: PacketView): SegmentShape;
}

export class StandIn {
  readonly #speech: Speech;
  readonly #sequence: number;
  /** What the client had sent when the bytes were first sent. */
  #acknowledgment: number;
  #repeats = 0;

  /** `trigger` is the client's request. */
  constructor(speech: Speech, trigger: Trigger) {
    this.#speech = speech;
    this.#sequence = expectedBySender(trigger);
    this.#acknowledgment = segmentEnd(trigger.view);
  }

  /** Sequence space that the bytes and their FIN take. */
  get length(): number {
    const { bytes, flags } = this.#speech;
    return bytes.length + ((flags & TCP_FLAG.FIN) !== 0 ? 1 : 0);
  }

  /** The bytes in segments that the client takes. */
  segments(trigger: Trigger): readonly Uint8Array[] {
    const { flow, view } = trigger;
    const { bytes, flags } = this.#speech;
    const size = flow.maximumSegment > 0 ? Math.max(flow.maximumSegment, 64) : DEFAULT_SEGMENT;
    const count = Math.max(1, Math.ceil(bytes.length / size));
    return Array.from({ length: count }, (_, index) =>
      forgeSegment(trigger, 'client', {
        ...this.#speech.shape(view),
        sequence: addSequence(this.#sequence, index * size),
        acknowledgment: this.#acknowledgment,
        flags: index === count - 1 ? flags : TCP_FLAG.ACK,
        payload: bytes.subarray(index * size, (index + 1) * size),
      }),
    );
  }

  /** What a later packet of the client is owed. */
  answer(trigger: Trigger): readonly Uint8Array[] {
    const { view } = trigger;
    if ((view.flags & TCP_FLAG.RST) !== 0) return [];
    if (view.payloadLength > 0) {
      if (this.#repeats >= MAX_REPEATS) return [];
      this.#repeats += 1;
      return this.segments(trigger);
    }
    if ((view.flags & TCP_FLAG.FIN) === 0) return [];
    this.#acknowledgment = segmentEnd(view);
    return [
      forgeSegment(trigger, 'client', {
        ...this.#speech.shape(view),
        sequence: addSequence(this.#sequence, this.length),
        acknowledgment: this.#acknowledgment,
        flags: TCP_FLAG.ACK,
      }),
    ];
  }
}
