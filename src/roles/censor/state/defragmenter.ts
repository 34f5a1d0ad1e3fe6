// Puts IP fragments together (RFC 791 section 3.2, RFC 815, RFC 8200 section 4.5). Bounded in number, bytes and time: what exceeds that is
// given up, and so is an IPv6 datagram whose fragments overlap (RFC 5722).
import type { CensorReassembly } from '../../../model/censor.ts';
import { fragmentDataStart, joinFragments } from '../../../wire/defragment.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { fragmentKey } from '../../reassembly/fragment-key.ts';

/** Datagrams that may wait at once, and bytes of all of them together: as many as Linux allows (ip-sysctl, ipfrag_high_thresh). */
const MAX_DATAGRAMS = 1024;
const MAX_BYTES = 4 * 1024 * 1024;
/** Microseconds from a datagram's first fragment to its last: Linux waits 30 s. */
const LIFETIME = 30e6;

/** A datagram that has come whole, and its fragments in the order in which they came. */
export interface WholeDatagram {
  readonly packet: Uint8Array;
  readonly fragments: readonly Uint8Array[];
  /** Of its fragments. */
  readonly id: number;
  /** Bytes that its largest fragment carried: a multiple of 8. */
  readonly size: number;
}

interface Fragment {
  readonly packet: Uint8Array;
  /** Of its data within the datagram's. */
  readonly start: number;
  readonly end: number;
  readonly data: Uint8Array;
}

interface Waiting {
  fragments: Fragment[];
  bytes: number;
  /** Length of the data; -1 before the last fragment came. */
  total: number;
  /** Given up: what still comes of it is too. */
  isBroken: boolean;
  readonly until: number;
}

export class Defragmenter {
  /** Datagrams given up. */
  broken = 0;
  readonly #limit: number;
  readonly #overlap: CensorReassembly['overlap'];
  readonly #waiting = new Map<string, Waiting>();
  #bytes = 0;

  constructor({ fragments, overlap }: Pick<CensorReassembly, 'fragments' | 'overlap'>) {
    this.#limit = fragments;
    this.#overlap = overlap;
  }

  /** Takes a fragment. The datagram, if it is whole now; `broken` when it never will be. */
  add(view: PacketView, now: number): WholeDatagram | 'waiting' | 'broken' {
    this.#expire(now);
    const key = fragmentKey(view);
    const waiting = this.#waiting.get(key) ?? this.#begin(key, now);
    if (waiting.isBroken) return 'broken';
    const fragment = copyFragment(view);
    if (fragment === null || !this.#accept(waiting, fragment, view)) {
      this.#giveUp(waiting);
      return 'broken';
    }
    if (!isComplete(waiting)) return this.#shrink(waiting) ? 'waiting' : 'broken';
    this.#forget(key, waiting);
    return this.#join(waiting, view.fragmentId);
  }

  #begin(key: string, now: number): Waiting {
    const waiting = { fragments: [], bytes: 0, total: -1, isBroken: false, until: now + LIFETIME };
    this.#waiting.set(key, waiting);
    if (this.#waiting.size > MAX_DATAGRAMS) {
      const [oldest] = this.#waiting;
      if (oldest !== undefined) this.#drop(...oldest);
    }
    return waiting;
  }

  /** False when the fragment cannot be part of a sound datagram with those that are there, or is one too many. */
  #accept(waiting: Waiting, fragment: Fragment, view: PacketView): boolean {
    const { start, end } = fragment;
    // All but the last carry a multiple of 8 bytes, and something (RFC 8200 section 4.5).
    if (view.moreFragments && (end === start || (end - start) % 8 !== 0)) return false;
    if (!view.moreFragments) {
      if (waiting.total >= 0 && waiting.total !== end) return false;
      waiting.total = end;
    }
    if (waiting.total >= 0 && waiting.fragments.some((one) => one.end > waiting.total))
      return false;
    if (waiting.total >= 0 && end > waiting.total) return false;
    if (waiting.fragments.some((one) => isCopy(one, fragment))) return true;
    if (view.version === 6 && waiting.fragments.some((one) => overlaps(one, fragment)))
      return false;
    if (waiting.fragments.length >= this.#limit) return false;
    waiting.fragments.push(fragment);
    waiting.bytes += fragment.packet.length;
    this.#bytes += fragment.packet.length;
    return true;
  }

  #join({ fragments, total }: Waiting, id: number): WholeDatagram | 'broken' {
    const data = new Uint8Array(total);
    const isFirst = this.#overlap === 'first';
    // Written last, bytes count.
    const inOrder = isFirst ? fragments.toReversed() : fragments;
    for (const fragment of inOrder) data.set(fragment.data, fragment.start);
    const head = inOrder.findLast(({ start }) => start === 0);
    const packet = head === undefined ? null : joinFragments(head.packet, data);
    if (packet === null) {
      this.broken += 1;
      return 'broken';
    }
    const largest = Math.max(...fragments.map(({ data }) => data.length));
    // One fragment alone may carry any number of bytes.
    const size = Math.max(8, Math.ceil(largest / 8) * 8);
    return { packet, fragments: fragments.map((one) => one.packet), id, size };
  }

  #expire(now: number): void {
    for (const [key, waiting] of this.#waiting) {
      if (waiting.until >= now) return;
      this.#drop(key, waiting);
    }
  }

  /** Gives up the oldest datagrams while all together take too much. Whether `current` may still wait. */
  #shrink(current: Waiting): boolean {
    for (const waiting of this.#waiting.values()) {
      if (this.#bytes <= MAX_BYTES) return true;
      if (waiting !== current) this.#giveUp(waiting);
    }
    return this.#bytes <= MAX_BYTES;
  }

  #giveUp(waiting: Waiting): void {
    if (waiting.isBroken) return;
    waiting.isBroken = true;
    this.broken += 1;
    this.#release(waiting);
  }

  #drop(key: string, waiting: Waiting): void {
    this.#giveUp(waiting);
    this.#forget(key, waiting);
  }

  #forget(key: string, waiting: Waiting): void {
    this.#waiting.delete(key);
    this.#bytes -= waiting.bytes;
  }

  #release(waiting: Waiting): void {
    this.#bytes -= waiting.bytes;
    waiting.bytes = 0;
    waiting.fragments = [];
  }
}

function copyFragment(view: PacketView): Fragment | null {
  const packet = view.memory.slice(view.start, view.end);
  const from = fragmentDataStart(packet);
  if (from === null) return null;
  const start = view.fragmentOffset;
  const data = packet.subarray(from);
  return { packet, start, end: start + data.length, data };
}

/** Whether every byte of the datagram is there (RFC 815: no hole is left). */
function isComplete({ fragments, total, bytes }: Waiting): boolean {
  if (total < 0 || bytes < total) return false;
  let reached = 0;
  for (const { start, end } of fragments.toSorted((left, right) => left.start - right.start)) {
    if (start > reached) return false;
    reached = Math.max(reached, end);
  }
  return reached === total;
}

const overlaps = (left: Fragment, right: Fragment): boolean =>
  left.start < right.end && right.start < left.end;

/** A fragment that came twice on its way says nothing new (RFC 8200 section 4.5 lets it be ignored). */
const isCopy = (left: Fragment, right: Fragment): boolean =>
  left.start === right.start &&
  left.end === right.end &&
  left.data.every((byte, index) => byte === right.data[index]);
