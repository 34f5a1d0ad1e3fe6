// The flows of a capture, whether or not the censor follows them. Bounded: of flows that are too many, those that have been silent for
// longest are given away.
import type { IpPrefix } from '../base/addresses.ts';
import { isFromClient } from '../roles/censor/state/client-side.ts';
import { readI32, readU8 } from '../wire/bytes.ts';
import type { PacketView } from '../wire/packet.ts';
import { TCP_FLAG } from '../wire/tcp.ts';
import { FlowRecord, KEY_WORDS } from './flow-record.ts';

const BUCKETS = 131_072;

/** A flow in the ledger: one object, since a capture asks for another one with each packet. */
class KnownFlow extends FlowRecord {
  readonly hash: number;
  /** The sequence number of the client's SYN; -1 when it was not seen. */
  readonly initialSequence: number;
  /** The next flow of the same bucket. */
  chain: KnownFlow | null;
  /** Its neighbours in the line of those that may have to go. */
  before: KnownFlow | null = null;
  behind: KnownFlow | null = null;
  /** Whether it had a packet since its turn to go came last. */
  isFresh = false;

  constructor(
    number: number,
    key: readonly number[],
    isClientLow: boolean,
    frame: number,
    hash: number,
    initialSequence: number,
    chain: KnownFlow | null,
  ) {
    super(number, key, isClientLow, frame);
    this.hash = hash;
    this.initialSequence = initialSequence;
    this.chain = chain;
  }
}

export class FlowLedger {
  /** Flows seen so far. */
  count = 0;
  readonly #capacity: number;
  readonly #clients: readonly IpPrefix[];
  readonly #onGone: (record: FlowRecord) => void;
  readonly #buckets: (KnownFlow | null)[] = new Array<KnownFlow | null>(BUCKETS).fill(null);
  #size = 0;
  #first: KnownFlow | null = null;
  #last: KnownFlow | null = null;
  readonly #key: number[] = [];

  /** Addresses within `clients` are clients where a flow does not say so itself. `onGone` gets each flow that is forgotten. */
  constructor(
    capacity: number,
    clients: readonly IpPrefix[],
    onGone: (record: FlowRecord) => void,
  ) {
    this.#capacity = capacity;
    this.#clients = clients;
    this.#onGone = onGone;
  }

  /** The flow of a packet that `view` has read, a new one if need be. */
  find(view: PacketView, frame: number): FlowRecord {
    const sourceIsLow = isSourceLow(view);
    const hash = loadKey(this.#key, view, sourceIsLow);
    const slot = hash & (BUCKETS - 1);
    for (let entry = this.#buckets[slot] ?? null; entry !== null; entry = entry.chain) {
      if (entry.hash !== hash || !isSame(entry.key, this.#key)) continue;
      if (isOpening(view) && view.sequence !== entry.initialSequence) {
        // The same ports again: another connection.
        this.#remove(entry);
        break;
      }
      entry.isFresh = true;
      return entry;
    }
    return this.#create(view, frame, hash, sourceIsLow);
  }

  /** Gives away all that are left. */
  close(): void {
    for (let entry = this.#first; entry !== null; entry = entry.behind) this.#onGone(entry);
    this.#first = this.#last = null;
    this.#size = 0;
    this.#buckets.fill(null);
  }

  #create(view: PacketView, frame: number, hash: number, sourceIsLow: boolean): FlowRecord {
    if (this.#size >= this.#capacity) this.#makeRoom();
    this.count += 1;
    const slot = hash & (BUCKETS - 1);
    const isClientLow = isFromClient(view, this.#clients) === sourceIsLow;
    const entry = new KnownFlow(
      this.count,
      this.#key.slice(),
      isClientLow,
      frame,
      hash,
      isOpening(view) ? view.sequence : -1,
      this.#buckets[slot] ?? null,
    );
    this.#buckets[slot] = entry;
    this.#append(entry);
    return entry;
  }

  /** The oldest without a packet since its last turn. */
  #makeRoom(): void {
    for (let entry = this.#first; entry !== null; entry = this.#first) {
      if (!entry.isFresh) {
        this.#remove(entry);
        return;
      }
      entry.isFresh = false;
      this.#unlink(entry);
      this.#append(entry);
    }
  }

  #append(entry: KnownFlow): void {
    entry.before = this.#last;
    if (this.#last === null) this.#first = entry;
    else this.#last.behind = entry;
    this.#last = entry;
    this.#size += 1;
  }

  #unlink(entry: KnownFlow): void {
    const { before, behind } = entry;
    if (before === null) this.#first = behind;
    else before.behind = behind;
    if (behind === null) this.#last = before;
    else behind.before = before;
    entry.before = entry.behind = null;
    this.#size -= 1;
  }

  #remove(entry: KnownFlow): void {
    const slot = entry.hash & (BUCKETS - 1);
    const first = this.#buckets[slot] ?? null;
    if (first === entry) this.#buckets[slot] = entry.chain;
    else {
      let before = first;
      while (before !== null && before.chain !== entry) before = before.chain;
      if (before !== null) before.chain = entry.chain;
    }
    this.#unlink(entry);
    this.#onGone(entry);
  }
}

const isOpening = (view: PacketView): boolean =>
  view.isTcp && (view.flags & (TCP_FLAG.SYN | TCP_FLAG.ACK)) === TCP_FLAG.SYN;

/** Whether the source comes before the destination, in an order that does not depend on the direction. */
function isSourceLow(view: PacketView): boolean {
  const { memory, sourceOffset, destinationOffset, addressLength } = view;
  if (view.sourcePort !== view.destinationPort) return view.sourcePort < view.destinationPort;
  for (let at = 0; at < addressLength; at += 1) {
    const order = readU8(memory, sourceOffset + at) - readU8(memory, destinationOffset + at);
    if (order !== 0) return order < 0;
  }
  return true;
}

/** Writes the key of the flow of a packet, and gives its hash. */
function loadKey(key: number[], view: PacketView, sourceIsLow: boolean): number {
  const { memory, sourcePort, destinationPort } = view;
  const low = sourceIsLow ? view.sourceOffset : view.destinationOffset;
  const high = sourceIsLow ? view.destinationOffset : view.sourceOffset;
  key[0] = (view.version << 8) | view.protocol;
  key[1] = sourceIsLow
    ? (sourcePort << 16) | destinationPort
    : (destinationPort << 16) | sourcePort;
  key[2] = readI32(memory, low);
  key[3] = readI32(memory, high);
  const words = view.version === 6 ? KEY_WORDS.v6 : KEY_WORDS.v4;
  for (let at = KEY_WORDS.v4, word = 4; at < words; at += 2, word += 4) {
    key[at] = readI32(memory, low + word);
    key[at + 1] = readI32(memory, high + word);
  }
  if (key.length > words) key.length = words;
  let hash = 0;
  for (let at = 0; at < words; at += 1)
    hash = Math.imul(hash ^ (key[at] ?? 0), 0x85ebca6b) ^ (hash >>> 15);
  return hash ^ (hash >>> 16);
}

function isSame(left: readonly number[], right: readonly number[]): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}
