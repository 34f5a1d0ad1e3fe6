// Frames sent in place by the sockets of packet rings, many to a native call; and, where there is another processor for it, many while
// the caller goes on.
import { loadNative } from './native.ts';
import { type FrameMemory, OFFLOAD_HEADER_LENGTH } from './packet-ring.ts';

interface TransmitCalls {
  framesSend(arena: ArrayBuffer, descriptors: Uint32Array, frames: number): number;
  /** Null where there may be no more threads. */
  senderOpen(): Sender | null;
  senderGive(sender: Sender, arena: ArrayBuffer, descriptors: Uint32Array, frames: number): number;
  senderSettle(sender: Sender): number;
}

/** A native thread. */
type Sender = object;

const native = loadNative() as TransmitCalls;

const DESCRIPTOR_WORDS = 3;
const CAPACITY = 512;
/** Frames for which waking another thread pays: sending them takes many times as long. */
const WORTH_A_THREAD = 32;

/** Collects frames, then sends them. Their bytes must stay as they are until they have left: see `flush`. */
export class Transmitter {
  /** Frames that an interface did not take. */
  lost = 0;
  /** Whether frames of the last `flush` may still be on their way. */
  isSending = false;
  readonly #memory: FrameMemory;
  readonly #descriptors: Uint32Array = new Uint32Array(DESCRIPTOR_WORDS * CAPACITY);
  #mayShare: boolean;
  #sender: Sender | null = null;
  #count = 0;

  /** `mayShare`: many frames may leave by another thread. */
  constructor(memory: FrameMemory, mayShare = false) {
    this.#memory = memory;
    this.#mayShare = mayShare;
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

  /** All that was sent before has left when it returns, and what it sends too unless `isSending`. Frames keep their order. */
  flush(): void {
    const { buffer } = this.#memory;
    const count = this.#count;
    this.#count = 0;
    const helper = count >= WORTH_A_THREAD ? this.#findSender() : null;
    if (helper !== null) {
      this.lost += native.senderGive(helper, buffer, this.#descriptors, count);
      this.isSending = true;
      return;
    }
    if (this.isSending && this.#sender !== null) this.lost += native.senderSettle(this.#sender);
    this.isSending = false;
    if (count > 0) this.lost += native.framesSend(buffer, this.#descriptors, count);
  }

  /** As `flush`, but all of it has left when it returns. */
  finish(): void {
    this.flush();
    if (this.isSending) this.flush();
  }

  #findSender(): Sender | null {
    if (this.#sender === null && this.#mayShare) {
      this.#sender = native.senderOpen();
      this.#mayShare = this.#sender !== null;
    }
    return this.#sender;
  }
}
