import { closeSync, ftruncateSync, mkdirSync, openSync, statfsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { PacketSlot } from '../../kernel/capture.ts';
import { LINKTYPE, PCAP_RECORD_HEADER_SIZE, writePcapHeader } from '../../wire/pcap.ts';

const BATCH_SIZE = 1 << 20;
/** One batch serves all files: each is flushed before the next one is drained. */
const batch = Buffer.allocUnsafeSlow(BATCH_SIZE);

/** A growing pcap file, written a batch at a time. After a failed write it keeps what it has and refuses more. */
export class CaptureFile {
  readonly #path: string;
  readonly #fd: number;
  #used = 0;
  #batched = 0;
  /** Bytes of whole records on disk. */
  #size = 0;
  #packets = 0;
  #bytes = 0;
  #unwritten = 0;
  #fault: Fault | null = null;

  constructor(path: string, linkType: string, snaplen: number) {
    this.#path = path;
    const number = Object.entries(LINKTYPE).find(([name]) => name === linkType)?.[1];
    if (number === undefined)
      throw new Fault(
        'machine',
        `Cannot write "${path}": libpcap gives it link type "${linkType}"`,
      );
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.#fd = openSync(path, 'w');
    } catch (cause) {
      throw writeFault(path, cause);
    }
    this.#write(writePcapHeader(number, snaplen));
    if (this.#fault) throw this.#fault;
  }

  /** Packets written or waiting in the batch. */
  get packets(): number {
    return this.#packets;
  }

  /** Bytes captured of those. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Packets that were captured but are not in the file. */
  get unwritten(): number {
    return this.#unwritten;
  }

  /** Copies the packet in the slot to the batch. */
  append({ data, header }: PacketSlot): void {
    const captured = Math.min(header.readUInt32LE(8), data.length);
    const size = PCAP_RECORD_HEADER_SIZE + captured;
    if (this.#used + size > BATCH_SIZE) this.flush();
    if (this.#fault) {
      this.#unwritten += 1;
      return;
    }
    batch.set(header, this.#used);
    data.copy(batch, this.#used + PCAP_RECORD_HEADER_SIZE, 0, captured);
    this.#used += size;
    this.#batched += 1;
    this.#packets += 1;
    this.#bytes += captured;
  }

  /** Writes the batch; gives the fault the first time that it fails. */
  flush(): Fault | null {
    if (this.#used === 0) return null;
    const fault = this.#write(batch.subarray(0, this.#used));
    if (fault) {
      this.#packets -= this.#batched;
      this.#bytes -= this.#used - this.#batched * PCAP_RECORD_HEADER_SIZE;
      this.#unwritten += this.#batched;
    }
    this.#used = 0;
    this.#batched = 0;
    return fault;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #write(bytes: Uint8Array): Fault | null {
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
      this.#size += bytes.length;
      return null;
    } catch (cause) {
      this.#fault = writeFault(this.#path, cause);
      // Half a record at the end would only confuse readers less tolerant than ours.
      if (this.#size > 0) ftruncateSync(this.#fd, this.#size);
      return this.#fault;
    }
  }
}

function writeFault(path: string, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Fault('machine', `Cannot write the capture "${path}": ${reason}; ${freeSpace(path)}`, {
    help: 'Free some space, or choose another folder with "--out"',
    cause,
  });
}

function freeSpace(path: string): string {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return `${Math.floor((bavail * bsize) / 1024)} KiB are free there`;
  } catch {
    return 'the free space there is unknown';
  }
}
