// What the other end of a channel sends, as the script has it, against what comes: how much, and byte for byte.

/** What comes is not what was sent. */
export interface Difference {
  /** In the stream, or in its datagram. */
  readonly detail: string;
  /** The instruction that says what was sent. */
  readonly step: string;
}

export interface Arrivals {
  /** Bytes of a stream, or datagrams, that have come. */
  readonly received: number;
  /** Of which it is known that they are to come. */
  readonly announced: number;
  /** The next that is to come: exactly these bytes, or at least `size` that are not known. */
  announce(bytes: Uint8Array | null, size: number, step: string): Difference | null;
  receive(bytes: Uint8Array): Difference | null;
}

interface Announcement {
  readonly bytes: Uint8Array | null;
  readonly step: string;
}

/** A row from whose front things are taken: an array, cleared in lots. */
class Row<T> {
  #items: T[] = [];
  #head = 0;

  get first(): T | undefined {
    return this.#items[this.#head];
  }
  push(item: T): void {
    this.#items.push(item);
  }
  shift(): void {
    this.#head += 1;
    if (this.#head < 1024) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}

/** `compares`: whether anything will be announced; otherwise nothing is kept for it. */
export function streamArrivals(compares: boolean): Arrivals {
  const announcements = new Row<Announcement>();
  const early = new Row<Uint8Array>();
  let received = 0;
  let announced = 0;
  let compared = 0;
  /** Of the first announcement, and of the first early piece. */
  let done = 0;
  let used = 0;
  let isOpen = compares;

  const settle = (): Difference | null => {
    for (;;) {
      const next = announcements.first;
      const piece = early.first;
      if (!next || !piece) return null;
      if (!next.bytes) {
        // Of unknown length: from here on nobody can say which byte should be which.
        isOpen = false;
        announcements.clear();
        early.clear();
        return null;
      }
      const length = Math.min(next.bytes.length - done, piece.length - used);
      const same = sameLength(next.bytes, done, piece, used, length);
      compared += same;
      if (same < length)
        return { detail: `The stream differs at byte ${compared}`, step: next.step };
      done += length;
      used += length;
      if (done === next.bytes.length) {
        announcements.shift();
        done = 0;
      }
      if (used === piece.length) {
        early.shift();
        used = 0;
      }
    }
  };
  return {
    get received() {
      return received;
    },
    get announced() {
      return announced;
    },
    announce: (bytes, size, step) => {
      announced += bytes?.length ?? size;
      if (!isOpen || bytes?.length === 0) return null;
      announcements.push({ bytes, step });
      return settle();
    },
    receive: (bytes) => {
      received += bytes.length;
      if (!isOpen || bytes.length === 0) return null;
      early.push(bytes);
      return settle();
    },
  };
}

export function datagramArrivals(compares: boolean): Arrivals {
  const announcements = new Row<Announcement>();
  const early = new Row<Uint8Array>();
  let received = 0;
  let announced = 0;
  let compared = 0;

  const settle = (): Difference | null => {
    for (;;) {
      const next = announcements.first;
      const datagram = early.first;
      if (!next || !datagram) return null;
      compared += 1;
      const detail = next.bytes && differenceOf(next.bytes, datagram);
      if (detail !== null) return { detail: `Datagram ${compared} ${detail}`, step: next.step };
      announcements.shift();
      early.shift();
    }
  };
  return {
    get received() {
      return received;
    },
    get announced() {
      return announced;
    },
    announce: (bytes, _, step) => {
      announced += 1;
      announcements.push({ bytes, step });
      return settle();
    },
    receive: (bytes) => {
      received += 1;
      if (!compares) return null;
      early.push(bytes);
      return settle();
    },
  };
}

/** How many of `length` bytes are the same. By itself, so that it is compiled once for all streams: it sees every byte that comes. */
function sameLength(
  left: Uint8Array,
  leftStart: number,
  right: Uint8Array,
  rightStart: number,
  length: number,
): number {
  for (let index = 0; index < length; index += 1)
    if (left[leftStart + index] !== right[rightStart + index]) return index;
  return length;
}

function differenceOf(wanted: Uint8Array, datagram: Uint8Array): string | null {
  if (wanted.length !== datagram.length)
    return `has ${datagram.length} bytes instead of ${wanted.length}`;
  const at = wanted.findIndex((byte, index) => byte !== datagram[index]);
  return at < 0 ? null : `differs at byte ${at}`;
}
