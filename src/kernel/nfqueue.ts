// Packets that the kernel asks about (NFQUEUE), and packets handed to the kernel to route.
import { closeSync } from 'node:fs';
import { loadNative } from './native.ts';

interface QueueCalls {
  queueOpen(number: number): number;
  queueReceive(fd: number, buffer: Uint8Array, packets: Uint32Array, limit: number): number;
  queueVerdicts(
    fd: number,
    number: number,
    packets: Uint32Array,
    count: number,
    accepted: Uint8Array,
  ): void;
  rawOpen(mark: number): [v4: number, v6: number];
  rawSend(fd: number, arena: ArrayBuffer, offset: number, length: number): boolean;
}

const native = loadNative() as QueueCalls;

/** Packets of one receive call, each with room for the longest IP packet and its netlink attributes. */
const BATCH = 64;
const MESSAGE_ROOM = 68 * 1024;
const PACKET_WORDS = 3;

/** Says whether the IP packet that lies in `memory` may pass on. */
export type JudgePacket = (memory: Uint8Array, start: number, end: number) => boolean;

/** A queue of the network namespace in which it was opened; the kernel drops what it cannot queue. */
export class PacketQueue {
  readonly fd: number;
  /** Times that the kernel dropped packets because they were not taken fast enough. */
  overruns = 0;
  readonly #number: number;
  readonly #buffer: Uint8Array = new Uint8Array(BATCH * MESSAGE_ROOM);
  readonly #packets: Uint32Array = new Uint32Array(BATCH * PACKET_WORDS);
  readonly #accepted: Uint8Array = new Uint8Array(BATCH);

  constructor(number: number) {
    this.#number = number;
    this.fd = native.queueOpen(number);
  }

  /** Takes what waits, one batch at most, gives each packet the verdict of `judge`, and gives how many there were. */
  serve(judge: JudgePacket): number {
    const count = native.queueReceive(this.fd, this.#buffer, this.#packets, BATCH);
    if (count < 0) this.overruns += 1;
    if (count <= 0) return 0;
    for (let index = 0; index < count; index += 1) {
      const start = this.#packets[index * PACKET_WORDS + 1] ?? 0;
      const length = this.#packets[index * PACKET_WORDS + 2] ?? 0;
      this.#accepted[index] = judge(this.#buffer, start, start + length) ? 1 : 0;
    }
    native.queueVerdicts(this.fd, this.#number, this.#packets, count, this.#accepted);
    return count;
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** Sends whole IP packets of both families by the kernel's own routing; they carry a mark that rules can tell. */
export class RawSender {
  readonly #v4: number;
  readonly #v6: number;

  constructor(mark: number) {
    [this.#v4, this.#v6] = native.rawOpen(mark);
  }

  /** Whether the kernel took the packet that lies in `arena`: it refuses what has no route or exceeds the MTU. */
  send(arena: ArrayBuffer, version: number, offset: number, length: number): boolean {
    return native.rawSend(version === 4 ? this.#v4 : this.#v6, arena, offset, length);
  }
}
