// All flows that are known, found by five-tuple without allocating. Bounded: idle flows are forgotten when met, the least recently
// used when the table is full.
import { IP_PROTOCOL } from '../../../wire/ip-protocol.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import { readI32 } from '../../../wire/bytes.ts';
import { Flow } from './flow.ts';

const BUCKETS = 32_768;
/** Microseconds of silence after which a flow is over. TCP: what Xue (IMC 2022) measured for established flows in the field. */
const IDLE_TCP = 480e6;
/** RFC 4787 section 4.3 asks for at least two minutes. */
const IDLE_UDP = 120e6;
const IDLE_OTHER = 30e6;
/** Order of use is kept this exactly, in microseconds, so that a busy flow does not rewrite the list for each packet. */
const TOUCH_INTERVAL = 100_000;

export class FlowTable {
  /** Whether the packet of the last `find` or `create` goes from client to server. */
  isForward = true;
  size = 0;
  evicted = 0;
  readonly #capacity: number;
  readonly #seed: number;
  readonly #buckets: (Flow | null)[] = new Array<Flow | null>(BUCKETS).fill(null);
  // The addresses of the packet at hand, as a flow keeps them.
  #source0 = 0;
  #source1 = 0;
  #source2 = 0;
  #source3 = 0;
  #destination0 = 0;
  #destination1 = 0;
  #destination2 = 0;
  #destination3 = 0;
  #hash = 0;
  #oldest: Flow | null = null;
  #youngest: Flow | null = null;

  constructor(capacity: number, seed: number) {
    this.#capacity = capacity;
    this.#seed = seed | 0;
  }

  /** The packet's flow, or null when there is none or it had been idle for too long. */
  find(view: PacketView, now: number): Flow | null {
    this.#loadKey(view);
    const { sourcePort, destinationPort, protocol, version } = view;
    let flow = this.#buckets[this.#hash & (BUCKETS - 1)] ?? null;
    for (; flow !== null; flow = flow.chain) {
      if (flow.hash !== this.#hash || flow.protocol !== protocol || flow.version !== version)
        continue;
      if (this.#isForwardOf(flow, sourcePort, destinationPort)) this.isForward = true;
      else if (this.#isReverseOf(flow, sourcePort, destinationPort)) this.isForward = false;
      else continue;
      if (now - flow.lastSeen > idleLimit(protocol)) {
        this.remove(flow);
        return null;
      }
      flow.lastSeen = now;
      if (now - flow.touched > TOUCH_INTERVAL) this.#touch(flow, now);
      return flow;
    }
    return null;
  }

  /** A flow for the packet that `find` was just asked about. A SYN+ACK comes from the server, any other first packet from the client. */
  create(view: PacketView, now: number): Flow {
    if (this.size >= this.#capacity && this.#oldest !== null) {
      this.remove(this.#oldest);
      this.evicted += 1;
    }
    const isForward =
      (view.flags & (TCP_FLAG.SYN | TCP_FLAG.ACK)) !== (TCP_FLAG.SYN | TCP_FLAG.ACK);
    const source = [this.#source0, this.#source1, this.#source2, this.#source3] as const;
    const destination = [
      this.#destination0,
      this.#destination1,
      this.#destination2,
      this.#destination3,
    ] as const;
    const [client, server] = isForward ? [source, destination] : [destination, source];
    const [clientPort, serverPort] = isForward
      ? [view.sourcePort, view.destinationPort]
      : [view.destinationPort, view.sourcePort];
    const hash = this.#hash;
    const flow = new Flow(
      hash,
      view.version,
      view.protocol,
      client,
      server,
      clientPort,
      serverPort,
      now,
    );
    this.isForward = isForward;
    flow.chain = this.#buckets[hash & (BUCKETS - 1)] ?? null;
    this.#buckets[hash & (BUCKETS - 1)] = flow;
    this.#append(flow);
    this.size += 1;
    return flow;
  }

  remove(flow: Flow): void {
    const slot = flow.hash & (BUCKETS - 1);
    let before: Flow | null = null;
    let here = this.#buckets[slot] ?? null;
    while (here !== null && here !== flow) {
      before = here;
      here = here.chain;
    }
    if (here === null) return;
    if (before === null) this.#buckets[slot] = flow.chain;
    else before.chain = flow.chain;
    flow.chain = null;
    this.#unlink(flow);
    this.size -= 1;
  }

  #loadKey(view: PacketView): void {
    const { memory, sourceOffset, destinationOffset } = view;
    if (view.version === 4) {
      this.#source0 = this.#source1 = this.#source2 = 0;
      this.#destination0 = this.#destination1 = this.#destination2 = 0;
      this.#source3 = readI32(memory, sourceOffset);
      this.#destination3 = readI32(memory, destinationOffset);
    } else {
      this.#source0 = readI32(memory, sourceOffset);
      this.#source1 = readI32(memory, sourceOffset + 4);
      this.#source2 = readI32(memory, sourceOffset + 8);
      this.#source3 = readI32(memory, sourceOffset + 12);
      this.#destination0 = readI32(memory, destinationOffset);
      this.#destination1 = readI32(memory, destinationOffset + 4);
      this.#destination2 = readI32(memory, destinationOffset + 8);
      this.#destination3 = readI32(memory, destinationOffset + 12);
    }
    // A sum does not mind which end is which, so both directions meet in one bucket.
    let source = mix(this.#seed ^ view.sourcePort ^ this.#source3);
    let destination = mix(this.#seed ^ view.destinationPort ^ this.#destination3);
    if (view.version === 6) {
      source = mix(mix(mix(source ^ this.#source0) ^ this.#source1) ^ this.#source2);
      destination = mix(
        mix(mix(destination ^ this.#destination0) ^ this.#destination1) ^ this.#destination2,
      );
    }
    this.#hash = mix((source + destination + view.protocol) | 0);
  }

  #isForwardOf(flow: Flow, sourcePort: number, destinationPort: number): boolean {
    return (
      flow.clientPort === sourcePort &&
      flow.serverPort === destinationPort &&
      flow.client3 === this.#source3 &&
      flow.server3 === this.#destination3 &&
      flow.client0 === this.#source0 &&
      flow.client1 === this.#source1 &&
      flow.client2 === this.#source2 &&
      flow.server0 === this.#destination0 &&
      flow.server1 === this.#destination1 &&
      flow.server2 === this.#destination2
    );
  }

  #isReverseOf(flow: Flow, sourcePort: number, destinationPort: number): boolean {
    return (
      flow.clientPort === destinationPort &&
      flow.serverPort === sourcePort &&
      flow.client3 === this.#destination3 &&
      flow.server3 === this.#source3 &&
      flow.client0 === this.#destination0 &&
      flow.client1 === this.#destination1 &&
      flow.client2 === this.#destination2 &&
      flow.server0 === this.#source0 &&
      flow.server1 === this.#source1 &&
      flow.server2 === this.#source2
    );
  }

  #touch(flow: Flow, now: number): void {
    flow.touched = now;
    if (this.#youngest === flow) return;
    this.#unlink(flow);
    this.#append(flow);
  }

  #append(flow: Flow): void {
    flow.older = this.#youngest;
    if (this.#youngest === null) this.#oldest = flow;
    else this.#youngest.younger = flow;
    this.#youngest = flow;
  }

  #unlink(flow: Flow): void {
    if (flow.older === null) this.#oldest = flow.younger;
    else flow.older.younger = flow.younger;
    if (flow.younger === null) this.#youngest = flow.older;
    else flow.younger.older = flow.older;
    flow.older = null;
    flow.younger = null;
  }
}

function idleLimit(protocol: number): number {
  if (protocol === IP_PROTOCOL.tcp) return IDLE_TCP;
  return protocol === IP_PROTOCOL.udp ? IDLE_UDP : IDLE_OTHER;
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain), by its published constants. */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
