// A capture of either format as it comes in, chunk after chunk: what is held at a time is one chunk and one record.
import { type RecordFormat, type RecordPlace, newPlace } from './capture-format.ts';
import { PCAP_HEADER_SIZE, readPcapHeader } from './pcap.ts';
import { PcapRecords } from './pcap-records.ts';
import { describeStart } from './read-capture.ts';
import { PcapngBlocks, isPcapng } from './read-pcapng.ts';

/** How much longer the rest of the next chunk may be before it needs another buffer. */
const SPARE = 65_536;

export class CaptureReader {
  /** The packet that `next` found last, in `memory`. */
  readonly packet: RecordPlace = newPlace();
  /** Its number from 1, as Wireshark counts. */
  frame = 0;
  memory: Uint8Array = new Uint8Array(0);
  /** Why this is no capture; null when it is, or is not known yet. */
  fault: string | null = null;
  /** Where and how the capture was cut off or damaged, after `next` has found no more. */
  damage: string | null = null;
  #joined: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  /** Bytes of the file before `memory`. */
  #before = 0;
  #format: RecordFormat | null = null;
  #isWhole = false;

  /** Bytes that were read so far. */
  get position(): number {
    return this.#before + this.#at;
  }

  /**
   * The next bytes of the file, which stay as they are until the chunk after them is given. As many bytes as `headroom` says lie before
   * them in the same buffer and are the reader's: a record that the last chunk began is completed there.
   */
  push(chunk: Uint8Array, headroom = 0): void {
    const rest = this.memory.subarray(this.#at);
    this.#before += this.#at;
    this.#at = 0;
    if (rest.length === 0) this.memory = chunk;
    else if (rest.length > headroom) this.memory = this.#join(rest, chunk);
    else {
      const start = chunk.byteOffset - rest.length;
      this.memory = new Uint8Array(chunk.buffer, start, rest.length + chunk.length);
      this.memory.set(rest);
    }
    const { buffer, byteOffset, byteLength } = this.memory;
    this.#view = new DataView(buffer, byteOffset, byteLength);
  }

  /** In one buffer again and again: `rest` may be the end of it. */
  #join(rest: Uint8Array, chunk: Uint8Array): Uint8Array {
    const length = rest.length + chunk.length;
    const joined = this.#joined.length < length ? new Uint8Array(length + SPARE) : this.#joined;
    joined.set(rest);
    joined.set(chunk, rest.length);
    this.#joined = joined;
    return joined.subarray(0, length);
  }

  /** There are no more bytes. */
  finish(): void {
    this.#isWhole = true;
  }

  /** Whether there is another whole packet in the bytes given so far. */
  next(): boolean {
    if (this.fault !== null || this.damage !== null) return false;
    const format = this.#format ?? this.#begin();
    const { packet, memory } = this;
    while (format !== null && this.#at < memory.length) {
      const taken = format.take(this.#view, this.#at, memory.length, packet);
      if (typeof taken === 'string') return this.#stop(taken);
      if (taken === 0) return this.#isWhole && this.#stop('ends within a packet');
      this.#at += taken;
      if (!packet.isPacket) continue;
      this.frame += 1;
      return true;
    }
    return false;
  }

  #begin(): RecordFormat | null {
    const { memory } = this;
    if (memory.length < PCAP_HEADER_SIZE && !this.#isWhole) return null;
    const header = readPcapHeader(memory);
    if (header !== null) {
      this.#at = PCAP_HEADER_SIZE;
      this.#format = new PcapRecords(header);
    } else if (isPcapng(memory)) this.#format = new PcapngBlocks();
    else this.fault = describeStart(memory);
    return this.#format;
  }

  #stop(what: string): false {
    this.damage = `The capture ${what} at byte ${this.position}, after packet ${this.frame}`;
    return false;
  }
}
