// All flows that are known, found by five-tuple without allocating. Bounded: flows that were silent for too long are forgotten when met or
// as others come; a full table forgets the least recently used or takes no more. All of that costs the same however many there are.
import type { IpPrefix } from '../../../base/addresses.ts';
import type { CensorState } from '../../../model/censor.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { AgeQueue } from './age-queue.ts';
import { isFromClient } from './client-side.ts';
import { type FlowStage, stageOf } from './connection.ts';
import type { Flow } from './flow.ts';
import { FlowKey } from './flow-key.ts';

/** Flows of a bucket, on the average, when the table is full. */
const FLOWS_PER_BUCKET = 2;
const MIN_BUCKETS = 1024;
const MAX_BUCKETS = 2 ** 20;
/** How many flows that are over are cleared away, of each stage, before a new one comes in: more than come, so that none heap up. */
const SWEEP = 2;

export class FlowTable {
  /** Whether the packet of the last `find` or `create` goes from client to server. */
  isForward = true;
  size = 0;
  evicted = 0;
  readonly #capacity: number;
  readonly #whenFull: CensorState['whenFull'];
  readonly #buckets: (Flow | null)[];
  readonly #queues: Readonly<Record<FlowStage, AgeQueue<Flow>>>;
  /** The same, to walk over. */
  readonly #allQueues: readonly AgeQueue<Flow>[];
  readonly #key: FlowKey;
  readonly #clients: readonly IpPrefix[];

  /** `clients` are those of flows that are met in their middle. */
  constructor(
    { capacity, whenFull, timeouts }: TableLimits,
    seed: number,
    clients: readonly IpPrefix[] = [],
  ) {
    this.#clients = clients;
    this.#capacity = capacity;
    this.#whenFull = whenFull;
    this.#key = new FlowKey(seed);
    const wanted = 2 ** Math.ceil(Math.log2(capacity / FLOWS_PER_BUCKET));
    const buckets = Math.min(MAX_BUCKETS, Math.max(MIN_BUCKETS, wanted));
    this.#buckets = new Array<Flow | null>(buckets).fill(null);
    this.#queues = {
      syn: new AgeQueue(timeouts.syn * 1000),
      established: new AgeQueue(timeouts.established * 1000),
      closing: new AgeQueue(timeouts.closing * 1000),
      udp: new AgeQueue(timeouts.udp * 1000),
      other: new AgeQueue(timeouts.other * 1000),
    };
    this.#allQueues = Object.values(this.#queues);
  }

  /** The packet's flow, or null when there is none or it had been idle for too long. */
  find(view: PacketView, now: number): Flow | null {
    const key = this.#key;
    key.load(view);
    let flow = this.#buckets[this.#slotOf(key.hash)] ?? null;
    for (; flow !== null; flow = flow.chain) {
      if (!key.mayBe(flow)) continue;
      if (key.isForwardOf(flow)) this.isForward = true;
      else if (key.isReverseOf(flow)) this.isForward = false;
      else continue;
      const { queue } = flow;
      if (queue === null || queue.isOver(flow, now)) {
        this.remove(flow);
        return null;
      }
      queue.touch(flow, now);
      return flow;
    }
    return null;
  }

  /**
   * A flow for the packet that `find` was just asked about; null when there is no room for another.
   */
  create(view: PacketView, now: number): Flow | null {
    this.#sweep(now);
    if (this.size >= this.#capacity && !this.#makeRoom()) return null;
    const isForward = isFromClient(view, this.#clients);
    const flow = this.#key.begin(isForward, now);
    this.isForward = isForward;
    const slot = this.#slotOf(flow.hash);
    flow.chain = this.#buckets[slot] ?? null;
    this.#buckets[slot] = flow;
    this.#queues[stageOf(flow)].append(flow);
    this.size += 1;
    return flow;
  }

  /** From now on another time of silence is allowed to the flow. */
  enter(flow: Flow, stage: FlowStage): void {
    const queue = this.#queues[stage];
    if (flow.queue === queue) return;
    flow.queue?.unlink(flow);
    flow.touched = flow.lastSeen;
    queue.append(flow);
  }

  remove(flow: Flow): void {
    const slot = this.#slotOf(flow.hash);
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
    flow.queue?.unlink(flow);
    flow.held?.take();
    this.size -= 1;
  }

  #slotOf(hash: number): number {
    return hash & (this.#buckets.length - 1);
  }

  /** Clears away flows that are over: the oldest of each stage, a few at a time. */
  #sweep(now: number): void {
    for (const queue of this.#allQueues)
      for (let count = 0; count < SWEEP; count += 1) {
        const { oldest } = queue;
        if (oldest === null || !queue.isOver(oldest, now)) break;
        this.remove(oldest);
      }
  }

  /** Forgets the flow of which nothing was heard for longest, if that is the way. */
  #makeRoom(): boolean {
    if (this.#whenFull !== 'evict') return false;
    let victim: Flow | null = null;
    for (const { oldest } of this.#allQueues)
      if (oldest !== null && (victim === null || oldest.touched < victim.touched)) victim = oldest;
    if (victim === null) return false;
    this.remove(victim);
    this.evicted += 1;
    return true;
  }
}

/** What bounds a table. */
type TableLimits = Pick<CensorState, 'capacity' | 'whenFull' | 'timeouts'>;
