// What leaves the censor, in order of time: what goes on later waits for what came before it.

/** Gets the IP packets that come out behind the censor. The bytes are the caller's and change after the call. */
export type PacketSink = (packet: Uint8Array, time: number) => void;

interface Waiting {
  readonly packet: Uint8Array;
  readonly at: number;
  readonly order: number;
}

/** Packets that may wait; of more, the first leaves early. */
const CAPACITY = 65_536;

export class Outbox {
  readonly #sink: PacketSink;
  /** A binary heap. */
  readonly #heap: Waiting[] = [];
  #order = 0;

  constructor(sink: PacketSink) {
    this.#sink = sink;
  }

  /** Sends what is due by `now` and what is given, now. */
  send(packet: Uint8Array, now: number): void {
    this.advance(now);
    this.#sink(packet, now);
  }

  /** Keeps a copy until `at`. */
  sendLater(packet: Uint8Array, at: number): void {
    if (this.#heap.length >= CAPACITY) this.#sendFirst();
    this.#order += 1;
    const waiting = { packet: packet.slice(), at, order: this.#order };
    const heap = this.#heap;
    heap.push(waiting);
    let place = heap.length - 1;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, waiting)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = waiting;
  }

  /** Sends all that is due by `now`; Infinity sends all that is left. */
  advance(now: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0])
      this.#sendFirst();
  }

  #sendFirst(): void {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined) return;
    this.#sink(first.packet, first.at);
    if (heap.length > 0) this.#siftDown(last);
  }

  #siftDown(moved: Waiting): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      const left = place * 2 + 1;
      const [one, two] = [heap[left], heap[left + 1]];
      const isSecond = one !== undefined && two !== undefined && isBefore(two, one);
      const next = isSecond ? two : one;
      if (next === undefined || !isBefore(next, moved)) break;
      heap[place] = next;
      place = isSecond ? left + 1 : left;
    }
    heap[place] = moved;
  }
}

const isBefore = (left: Waiting, right: Waiting): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);
