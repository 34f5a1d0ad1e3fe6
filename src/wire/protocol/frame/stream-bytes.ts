// What came of a stream and is no message yet. What lies whole in one push is given as a view; what came in pieces is copied once.

const NOTHING: Uint8Array = new Uint8Array(0);

export class StreamBytes {
  /** Bytes of earlier pushes, which come before those of the last one: from `#from` to `#to`. */
  #kept = NOTHING;
  #from = 0;
  #to = 0;
  /** The last push, and how much of it is done with. */
  #fresh = NOTHING;
  #at = 0;

  get waiting(): number {
    return this.#length + this.#fresh.length - this.#at;
  }

  get #length(): number {
    return this.#to - this.#from;
  }

  /** Whatever is left of the push before is kept first. */
  push(bytes: Uint8Array): void {
    this.keep();
    this.#fresh = bytes;
    this.#at = 0;
  }

  /** The byte so far from the first that waits; 0 beyond the end. */
  byte(index: number): number {
    if (index < this.#length) return this.#kept[this.#from + index] ?? 0;
    return this.#fresh[this.#at + index - this.#length] ?? 0;
  }

  /** Where a byte of this value comes first, from `start` on; -1 for nowhere. */
  indexOf(value: number, start: number): number {
    if (start < this.#length) {
      const found = this.#kept.subarray(this.#from, this.#to).indexOf(value, start);
      if (found >= 0) return found;
    }
    const from = this.#at + Math.max(0, start - this.#length);
    const found = this.#fresh.indexOf(value, from);
    return found < 0 ? -1 : found - this.#at + this.#length;
  }

  /** A stretch of what waits; copied where it lies in two pieces. */
  view(start: number, end: number): Uint8Array {
    const length = this.#length;
    if (end <= length) return this.#kept.subarray(this.#from + start, this.#from + end);
    const from = this.#at + start - length;
    if (start >= length) return this.#fresh.subarray(from, from + end - start);
    const whole = new Uint8Array(end - start);
    whole.set(this.#kept.subarray(this.#from + start, this.#to));
    whole.set(this.#fresh.subarray(this.#at, from + end - start), length - start);
    return whole;
  }

  /** The first bytes, no longer waiting; a view that holds until the next call of `push`, `take` or `keep`. */
  take(bytes: number): Uint8Array {
    if (this.#length === 0) {
      const view = this.#fresh.subarray(this.#at, this.#at + bytes);
      this.#at += view.length;
      return view;
    }
    this.#append(Math.max(0, bytes - this.#length), bytes);
    const view = this.#kept.subarray(this.#from, this.#from + bytes);
    this.#from += bytes;
    if (this.#length > 0) return view;
    // The view is all that refers to them from here on, so that an idle stream holds no memory.
    this.#kept = NOTHING;
    this.#from = 0;
    this.#to = 0;
    return view;
  }

  /** Copies what is left of the last push. `room`: bytes of the message that it is the beginning of, where that is known. */
  keep(room = 0): void {
    this.#append(this.#fresh.length - this.#at, room);
    this.#fresh = NOTHING;
    this.#at = 0;
  }

  #append(bytes: number, room: number): void {
    if (bytes === 0) return;
    if (this.#to + bytes > this.#kept.length) this.#grow(this.#length + bytes, room);
    this.#kept.set(this.#fresh.subarray(this.#at, this.#at + bytes), this.#to);
    this.#to += bytes;
    this.#at += bytes;
  }

  #grow(needed: number, room: number): void {
    const size = room >= needed ? room : Math.max(needed, this.#length * 2);
    const larger = new Uint8Array(size);
    larger.set(this.#kept.subarray(this.#from, this.#to));
    this.#kept = larger;
    this.#to -= this.#from;
    this.#from = 0;
  }
}
