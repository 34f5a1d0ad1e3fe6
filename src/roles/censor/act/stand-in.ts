// Speaking in a server's place: some bytes with a FIN, then nothing but what a closing TCP owes its peer. In-path, where the server is kept
// out, that means acknowledging the client's FIN and repeating the bytes when the client repeats its request (RFC 9293 section 3.10.7.4).
import { TCP_FLAG, addSequence } from '../../../wire/tcp.ts';
import { type Trigger, expectedBySender, forgeSegment, segmentEnd } from './forge.ts';

/** Segment size towards a client whose SYN was not seen: fits every tunnel of a 1500-byte path. */
const DEFAULT_SEGMENT = 1220;
/** Repetitions of the bytes to one client. */
const MAX_REPEATS = 8;
const WINDOW = 0xffff;

export class StandIn {
  readonly #bytes: Uint8Array;
  readonly #sequence: number;
  /** What the client had sent when the bytes were first sent. */
  #acknowledgment: number;
  #repeats = 0;

  /** `trigger` is the client's request. */
  constructor(bytes: Uint8Array, trigger: Trigger) {
    this.#bytes = bytes;
    this.#sequence = expectedBySender(trigger);
    this.#acknowledgment = segmentEnd(trigger.view);
  }

  /** The bytes in segments that the client takes, the last with FIN and PSH. */
  segments(trigger: Trigger): readonly Uint8Array[] {
    const { flow } = trigger;
    const size = flow.maximumSegment > 0 ? Math.max(flow.maximumSegment, 64) : DEFAULT_SEGMENT;
    const count = Math.max(1, Math.ceil(this.#bytes.length / size));
    return Array.from({ length: count }, (_, index) => {
      const isLast = index === count - 1;
      return forgeSegment(trigger, 'client', {
        sequence: addSequence(this.#sequence, index * size),
        acknowledgment: this.#acknowledgment,
        flags: isLast ? TCP_FLAG.FIN | TCP_FLAG.PSH | TCP_FLAG.ACK : TCP_FLAG.ACK,
        ttl: null,
        window: WINDOW,
        payload: this.#bytes.subarray(index * size, (index + 1) * size),
      });
    });
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
        sequence: addSequence(this.#sequence, this.#bytes.length + 1),
        acknowledgment: this.#acknowledgment,
        flags: TCP_FLAG.ACK,
        ttl: null,
        window: WINDOW,
      }),
    ];
  }
}
