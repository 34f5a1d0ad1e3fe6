// The flows of a capture, whether or not the censor follows them. Bounded: of flows that are too many, those that have been silent for
// longest are given away.
import { type IpPrefix, prefixContains } from '../base/addresses.ts';
import { readI32 } from '../wire/bytes.ts';
import { IP_PROTOCOL } from '../wire/ip-protocol.ts';
import type { PacketView } from '../wire/packet.ts';
import { TCP_FLAG } from '../wire/tcp.ts';
import type { FlowRecord } from './judged-packet.ts';

const BUCKETS = 65_536;
/** Words of a key: family and protocol, ports, and both addresses. */
const KEY_WORDS = 10;

interface Entry {
  readonly key: Int32Array;
  readonly hash: number;
  readonly record: FlowRecord;
  /** The sequence number of the client's SYN; -1 when it was not seen. */
  readonly initialSequence: number;
  chain: Entry | null;
  /** Whether it had a packet since its turn to go came last. */
  isFresh: boolean;
}

export class FlowLedger {
  /** Flows seen so far. */
  count = 0;
  readonly #capacity: number;
  readonly #clients: readonly IpPrefix[];
  readonly #onGone: (record: FlowRecord) => void;
  readonly #buckets: (Entry | null)[] = new Array<Entry | null>(BUCKETS).fill(null);
  readonly #entries = new Set<Entry>();
  readonly #key = new Int32Array(KEY_WORDS);

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
    const hash = loadKey(this.#key, view);
    const slot = hash & (BUCKETS - 1);
    for (let entry = this.#buckets[slot] ?? null; entry !== null; entry = entry.chain) {
      if (entry.hash !== hash || !isSame(entry.key, this.#key)) continue;
      if (isOpening(view) && view.sequence !== entry.initialSequence) {
        // The same ports again: another connection.
        this.#remove(entry);
        break;
      }
      entry.isFresh = true;
      return entry.record;
    }
    return this.#create(view, frame, hash);
  }

  /** Gives away all that are left. */
  close(): void {
    for (const { record } of this.#entries) this.#onGone(record);
    this.#entries.clear();
    this.#buckets.fill(null);
  }

  #create(view: PacketView, frame: number, hash: number): FlowRecord {
    if (this.#entries.size >= this.#capacity) this.#makeRoom();
    this.count += 1;
    const slot = hash & (BUCKETS - 1);
    const entry: Entry = {
      key: this.#key.slice(),
      hash,
      record: newRecord(view, frame, this.count, this.#isFromClient(view)),
      initialSequence: isOpening(view) ? view.sequence : -1,
      chain: this.#buckets[slot] ?? null,
      isFresh: false,
    };
    this.#buckets[slot] = entry;
    this.#entries.add(entry);
    return entry.record;
  }

  #isFromClient(view: PacketView): boolean {
    if (isOpening(view)) return true;
    if (view.isTcp && (view.flags & TCP_FLAG.SYN) !== 0) return false;
    if (this.#clients.length === 0) return true;
    const { source, destination } = view;
    const isClient = (address: typeof source): boolean =>
      this.#clients.some((prefix) => prefixContains(prefix, address));
    return isClient(source) || !isClient(destination);
  }

  /** The oldest without a packet since its last turn. */
  #makeRoom(): void {
    for (const entry of this.#entries) {
      if (!entry.isFresh) {
        this.#remove(entry);
        return;
      }
      entry.isFresh = false;
      this.#entries.delete(entry);
      this.#entries.add(entry);
    }
  }

  #remove(entry: Entry): void {
    const slot = entry.hash & (BUCKETS - 1);
    const first = this.#buckets[slot] ?? null;
    if (first === entry) this.#buckets[slot] = entry.chain;
    else {
      let before = first;
      while (before !== null && before.chain !== entry) before = before.chain;
      if (before !== null) before.chain = entry.chain;
    }
    this.#entries.delete(entry);
    this.#onGone(entry.record);
  }
}

const isOpening = (view: PacketView): boolean =>
  view.isTcp && (view.flags & (TCP_FLAG.SYN | TCP_FLAG.ACK)) === TCP_FLAG.SYN;

/** Puts both ends into `key`, in an order that does not depend on the direction, and gives their hash. */
function loadKey(key: Int32Array, view: PacketView): number {
  const { memory, sourceOffset, destinationOffset, addressLength, sourcePort, destinationPort } =
    view;
  let order = sourcePort - destinationPort;
  for (let at = 0; at < addressLength && order === 0; at += 1)
    order = (memory[sourceOffset + at] ?? 0) - (memory[destinationOffset + at] ?? 0);
  const [low, high] =
    order < 0 ? [sourceOffset, destinationOffset] : [destinationOffset, sourceOffset];
  key[0] = (view.version << 8) | view.protocol;
  key[1] = order < 0 ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort;
  for (let word = 0; word < 4; word += 1) {
    const isThere = word * 4 < addressLength;
    key[2 + word] = isThere ? readI32(memory, low + word * 4) : 0;
    key[6 + word] = isThere ? readI32(memory, high + word * 4) : 0;
  }
  let hash = 0;
  for (const word of key) hash = Math.imul(hash ^ word, 0x85ebca6b) ^ (hash >>> 15);
  return hash ^ (hash >>> 16);
}

function isSame(left: Int32Array, right: Int32Array): boolean {
  for (let at = 0; at < KEY_WORDS; at += 1) if (left[at] !== right[at]) return false;
  return true;
}

function newRecord(
  view: PacketView,
  frame: number,
  number: number,
  isFromClient: boolean,
): FlowRecord {
  const source = [view.sourceText, view.sourcePort] as const;
  const destination = [view.destinationText, view.destinationPort] as const;
  const [[client, clientPort], [server, serverPort]] = isFromClient
    ? [source, destination]
    : [destination, source];
  return {
    number,
    protocol: protocolOf(view.protocol),
    client,
    clientPort,
    server,
    serverPort,
    firstFrame: frame,
    lastFrame: frame,
    packets: 0,
    bytes: 0,
    dropped: 0,
    altered: 0,
    injected: 0,
    acts: [],
  };
}

function protocolOf(protocol: number): FlowRecord['protocol'] {
  switch (protocol) {
    case IP_PROTOCOL.tcp:
      return 'tcp';
    case IP_PROTOCOL.udp:
      return 'udp';
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmpv6:
      return 'icmp';
    default:
      return 'other';
  }
}
