// A TCP segment prepared once and written many times with other numbers: what flat-out sending needs. Only the sums of the
// fields that change are computed for each, on top of the sum of all the rest (RFC 1624).
import { type ChecksumChoice, chooseChecksum, foldChecksum } from './checksum.ts';
import { type TcpSpec, buildTcp } from './build.ts';
import { readU16, writeU16, writeU32 } from './bytes.ts';
import { IPV4 } from './ipv4.ts';
import { PacketView } from './packet.ts';
import { TCP } from './tcp.ts';

/** Its fields are those of the next segment to be written; a caller sets those that change. */
export class TcpTemplate {
  sequence: number;
  acknowledgment: number;
  window: number;
  /** IPv4 identification; that of an IPv6 Fragment header stays. */
  id: number;
  /** Of the whole packet, in bytes. */
  readonly length: number;
  readonly #packet: Uint8Array;
  readonly #transportStart: number;
  readonly #isV4: boolean;
  readonly #ipSum: number;
  readonly #tcpSum: number;
  readonly #ipChecksum: ChecksumChoice;
  readonly #checksum: ChecksumChoice;

  constructor(spec: TcpSpec) {
    this.sequence = spec.sequence;
    this.acknowledgment = spec.acknowledgment ?? 0;
    this.window = spec.window ?? 0xffff;
    this.id = spec.id ?? 0;
    this.#ipChecksum = spec.ipChecksum ?? 'right';
    this.#checksum = spec.checksum ?? 'right';
    // All that changes is zero in the packet, so that its checksums are those of the rest.
    this.#isV4 = spec.source.family === 4;
    this.#packet = buildTcp({
      ...spec,
      sequence: 0,
      acknowledgment: 0,
      window: 0,
      id: this.#isV4 ? 0 : this.id,
      ipChecksum: 'right',
      checksum: 'right',
    });
    this.length = this.#packet.length;
    const view = new PacketView();
    view.load(this.#packet, 0, this.length);
    this.#transportStart = view.transportStart;
    this.#ipSum = ~readU16(this.#packet, IPV4.checksum) & 0xffff;
    this.#tcpSum = ~readU16(this.#packet, this.#transportStart + TCP.checksum) & 0xffff;
  }

  /** Writes the packet at `at` of `out` and gives its length. */
  write(out: Uint8Array, at: number): number {
    out.set(this.#packet, at);
    if (this.#isV4) this.#writeId(out, at);
    const tcp = at + this.#transportStart;
    const { sequence, acknowledgment, window } = this;
    writeU32(out, tcp + TCP.sequence, sequence);
    writeU32(out, tcp + TCP.acknowledgment, acknowledgment);
    writeU16(out, tcp + TCP.window, window);
    const sum = this.#tcpSum + wordSum(sequence) + wordSum(acknowledgment) + (window & 0xffff);
    writeU16(out, tcp + TCP.checksum, chooseChecksum(this.#checksum, foldChecksum(sum)));
    return this.length;
  }

  #writeId(out: Uint8Array, at: number): void {
    writeU16(out, at + IPV4.id, this.id);
    const right = foldChecksum(this.#ipSum + (this.id & 0xffff));
    writeU16(out, at + IPV4.checksum, chooseChecksum(this.#ipChecksum, right));
  }
}

/** A segment to be written many times. */
export const prepareTcp = (spec: TcpSpec): TcpTemplate => new TcpTemplate(spec);

const wordSum = (value: number): number => (value >>> 16) + (value & 0xffff);
