import type { Framer } from '../contract.ts';
import { StreamBytes } from './stream-bytes.ts';

/** What is known of the message at the front: its bytes, also when they are not all there; null: not yet known. */
export type FrontMessage = number | null;

/** What framers share: they only say how long the message at the front is. */
export abstract class StreamFramer implements Framer {
  protected readonly stream: StreamBytes = new StreamBytes();
  #fault: string | null = null;

  get fault(): string | null {
    return this.#fault;
  }

  get waiting(): number {
    return this.stream.waiting;
  }

  push(bytes: Uint8Array): void {
    this.stream.push(bytes);
  }

  next(): Uint8Array | null {
    if (this.#fault === null && this.waiting > 0) {
      const bytes = this.measure();
      if (bytes !== null && bytes <= this.waiting) {
        this.taken();
        return this.stream.take(bytes);
      }
      // One that is longer than its first piece gets its room at once, unless it may never come.
      this.stream.keep(bytes === null ? 0 : Math.min(bytes, 0x1_0000));
      return null;
    }
    this.stream.keep();
    return null;
  }

  rest(): Uint8Array {
    return this.stream.take(this.waiting);
  }

  /** Only called while bytes wait and there is no fault. */
  protected abstract measure(): FrontMessage;

  /** The message at the front is given away. */
  protected taken(): void {
    // Most remember nothing of it.
  }

  protected failed(reason: string): null {
    this.#fault = reason;
    return null;
  }
}
