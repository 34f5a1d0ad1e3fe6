// What the bytes of a payload are like, by numbers: those that filters of traffic that looks like nothing go by (Wu, USENIX Security 2023).
import { latin1, readU8 } from '../../../wire/bytes.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { type GuessedProtocol, guessProtocol } from '../inspect/guess-protocol.ts';

const POPCOUNT = Uint8Array.from(
  { length: 256 },
  (_, byte) => byte.toString(2).replaceAll('0', '').length,
);

/** Of one packet at a time: counted at most once, when first asked for, however many rules ask. */
export class PayloadFacts {
  readonly #counts = new Uint32Array(256);
  #view: PacketView | null = null;
  #isCounted = false;
  #text: string | null = null;
  #protocol: GuessedProtocol | null = null;
  #entropy = NaN;
  #popcount = NaN;
  #printable = NaN;
  #printableRun = NaN;
  #printablePrefix = NaN;

  load(view: PacketView): void {
    this.#view = view;
    this.#isCounted = false;
    this.#text = null;
    this.#protocol = null;
  }

  /** Bits of information a byte, 0 to 8 (Shannon), by how often each value occurs; NaN without payload, like all below. */
  get entropy(): number {
    this.#count();
    return this.#entropy;
  }

  /** Bits that are set a byte, 0 to 8. */
  get popcount(): number {
    this.#count();
    return this.#popcount;
  }

  /** The share of printable ASCII, 0x20 to 0x7e. */
  get printable(): number {
    this.#count();
    return this.#printable;
  }

  /** Bytes of the longest run of printable ones. */
  get printableRun(): number {
    this.#count();
    return this.#printableRun;
  }

  /** Printable bytes that it starts with. */
  get printablePrefix(): number {
    this.#count();
    return this.#printablePrefix;
  }

  /** One character a byte (ISO 8859-1); null without payload. */
  get text(): string | null {
    const view = this.#view;
    if (view === null || view.payloadStart >= view.payloadEnd) return null;
    return (this.#text ??= latin1(view.memory, view.payloadStart, view.payloadEnd));
  }

  /** What it looks like by itself; null without payload. */
  get protocol(): GuessedProtocol | null {
    const view = this.#view;
    if (view === null || view.payloadStart >= view.payloadEnd) return null;
    const { memory, payloadStart, payloadEnd, isUdp } = view;
    return (this.#protocol ??= guessProtocol(memory, payloadStart, payloadEnd, isUdp));
  }

  #count(): void {
    if (this.#isCounted || this.#view === null) return;
    this.#isCounted = true;
    const { memory, payloadStart, payloadEnd } = this.#view;
    const length = payloadEnd - payloadStart;
    const counts = this.#counts.fill(0);
    let printable = 0;
    let run = 0;
    let longest = 0;
    let prefix = -1;
    for (let at = payloadStart; at < payloadEnd; at += 1) {
      const byte = readU8(memory, at);
      counts[byte] = (counts[byte] ?? 0) + 1;
      if (byte >= 0x20 && byte <= 0x7e) {
        printable += 1;
        run += 1;
        if (run > longest) longest = run;
      } else {
        if (prefix < 0) prefix = at - payloadStart;
        run = 0;
      }
    }
    this.#printable = length > 0 ? printable / length : NaN;
    this.#printableRun = length > 0 ? longest : NaN;
    this.#printablePrefix = length > 0 ? (prefix < 0 ? length : prefix) : NaN;
    this.#weigh(length);
  }

  #weigh(length: number): void {
    let bits = 0;
    let entropy = 0;
    for (let byte = 0; byte < 256; byte += 1) {
      const count = this.#counts[byte] ?? 0;
      if (count === 0) continue;
      bits += count * (POPCOUNT[byte] ?? 0);
      entropy -= (count / length) * Math.log2(count / length);
    }
    this.#popcount = length > 0 ? bits / length : NaN;
    this.#entropy = length > 0 ? entropy : NaN;
  }
}
