import type { Leg } from './leg.ts';

/** Bytes from which a write is sent at once, without being copied. */
const LARGE = 16_384;

/**
 * What a session writes to a leg in one call leaves in one write to the kernel: messages that came together go together. One
 * for all sessions of a thread.
 */
export class Gather {
  readonly #room = new Uint8Array(65_536);
  #length = 0;
  #leg: Leg | null = null;

  write(leg: Leg, bytes: Uint8Array): void {
    if (this.#leg !== leg || this.#length + bytes.length > this.#room.length) this.flush();
    if (bytes.length >= LARGE) {
      this.flush();
      leg.write(bytes);
      return;
    }
    this.#leg = leg;
    this.#room.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  flush(): void {
    const leg = this.#leg;
    if (!leg) return;
    this.#leg = null;
    const bytes = this.#room.subarray(0, this.#length);
    this.#length = 0;
    leg.write(bytes);
  }

  /** Before a leg ends: what was written to it goes first. */
  flushFor(leg: Leg): void {
    if (this.#leg === leg) this.flush();
  }

  /** Before a leg is reset: what was written to it in this call does not go. */
  forget(leg: Leg): void {
    if (this.#leg !== leg) return;
    this.#leg = null;
    this.#length = 0;
  }
}
