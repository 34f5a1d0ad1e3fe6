// What an assistant sends back of the target's answers: for each packet its headers, as many bytes of payload as are wanted, and how long the
// packet was. Records follow each other in a stream or in one datagram.
import type { PacketView } from '../../wire/packet.ts';
import { readU16, writeU16 } from '../../wire/bytes.ts';

/** Bytes that are kept; bytes of the packet. */
const HEAD = 4;

/** Puts the record of a packet that is loaded at `at`; `payload`: how many bytes of it are kept. Gives where the record ends. */
export function putAnswerRecord(
  view: PacketView,
  payload: number,
  out: Uint8Array,
  at: number,
): number {
  const { memory, start, payloadStart, payloadEnd, payloadLength } = view;
  const kept = Math.min(payloadEnd, payloadStart + payload) - start;
  writeU16(out, at, kept);
  writeU16(out, at + 2, payloadStart - start + payloadLength);
  // For so few bytes a loop is faster than a view and set().
  for (let index = 0; index < kept; index += 1) out[at + HEAD + index] = memory[start + index] ?? 0;
  return at + HEAD + kept;
}

/** Takes records out of a stream that may be cut anywhere. */
export class AnswerRecords {
  /** Records whose packet could not be read. */
  unreadable = 0;
  #waiting: Uint8Array = new Uint8Array(0);

  /** Gives each whole record to `take`, loaded into `view` until that returns. */
  push(bytes: Uint8Array, view: PacketView, take: (view: PacketView) => void): void {
    const all = this.#join(bytes);
    let at = 0;
    while (at + HEAD <= all.length) {
      const end = at + HEAD + readU16(all, at);
      if (end > all.length) break;
      const wireLength = Math.max(end - at - HEAD, readU16(all, at + 2));
      if (view.load(all, at + HEAD, end, wireLength)) take(view);
      else this.unreadable += 1;
      at = end;
    }
    this.#waiting = all.slice(at);
  }

  #join(bytes: Uint8Array): Uint8Array {
    if (this.#waiting.length === 0) return bytes;
    const all = new Uint8Array(this.#waiting.length + bytes.length);
    all.set(this.#waiting);
    all.set(bytes, this.#waiting.length);
    return all;
  }
}
