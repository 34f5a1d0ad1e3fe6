// Frames sent in place by the sockets of packet rings, many to a native call.
import { loadNative } from './native.ts';
import { type FrameMemory, OFFLOAD_HEADER_LENGTH } from './packet-ring.ts';

interface TransmitCalls {
  framesSend(arena: ArrayBuffer, descriptors: Uint32Array, frames: number): number;
}

const native = loadNative() as TransmitCalls;

const DESCRIPTOR_WORDS = 3;
const CAPACITY = 512;

/** Collects frames, then sends them. Their bytes must stay as they are until `flush` has returned. */
export class Transmitter {
  /** Frames that an interface did not take. */
  lost = 0;
  readonly #memory: FrameMemory;
  readonly #descriptors: Uint32Array = new Uint32Array(DESCRIPTOR_WORDS * CAPACITY);
  #count = 0;

  constructor(memory: FrameMemory) {
    this.#memory = memory;
  }

  /** Sends the frame from `start` to `end`, with the virtio_net_hdr before it, by the socket `fd` of a ring. */
  send(fd: number, start: number, end: number): void {
    if (this.#count === CAPACITY) this.flush();
    const at = this.#count * DESCRIPTOR_WORDS;
    this.#descriptors[at] = fd;
    this.#descriptors[at + 1] = start - OFFLOAD_HEADER_LENGTH;
    this.#descriptors[at + 2] = end - start + OFFLOAD_HEADER_LENGTH;
    this.#count += 1;
  }

  /** Frames keep their order; all have left when it returns. */
  flush(): void {
    if (this.#count === 0) return;
    this.lost += native.framesSend(this.#memory.buffer, this.#descriptors, this.#count);
    this.#count = 0;
  }
}
