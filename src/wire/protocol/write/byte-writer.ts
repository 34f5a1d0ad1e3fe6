/** Bytes that grow at the end. */
export class ByteWriter {
  #memory = new Uint8Array(256);
  length = 0;

  /** All so far; a view that holds until more is added. */
  get memory(): Uint8Array {
    return this.#memory.subarray(0, this.length);
  }

  /** Adds zero bytes; where they begin. */
  zeros(count: number): number {
    const at = this.length;
    const needed = at + count;
    if (needed > this.#memory.length) {
      const larger = new Uint8Array(Math.max(needed, this.#memory.length * 2));
      larger.set(this.memory);
      this.#memory = larger;
    }
    this.length = needed;
    return at;
  }

  add(bytes: Uint8Array): void {
    const at = this.zeros(bytes.length);
    this.#memory.set(bytes, at);
  }
}
