// Hands flows that nothing can touch any more to the node's kernel, and takes them back. On the way over no packet is lost: the kernel
// begins before the ring leaves off, and the ring begins before the kernel leaves off.
import type { IpAddress } from '../../../base/addresses.ts';
import type { ForwardedPackets } from '../../../kernel/forwarded-packets.ts';
import { NetlinkError, type NetlinkSocket } from '../../../kernel/netlink/socket.ts';
import { clockMicros } from '../../../kernel/waiter.ts';
import type { PacketRing } from '../../../kernel/packet-ring.ts';
import { setIngressFilter } from '../../../kernel/netlink/ingress-filter.ts';
import { LONGEST_PROGRAM } from '../../../kernel/filter-program.ts';
import type { CarriedCount } from '../censor-set.ts';
import { BusyFlows } from './busy-flows.ts';
import { ingressFilter, ringFilter } from './carry-filters.ts';
import {
  type FlowKey,
  carriedTransport,
  findTransport,
  isSameKey,
  readFlowKey,
  reverseKey,
} from './flow-key.ts';

/** Packets a second from which carrying a flow pays for replacing the filters, about 0.1 ms. */
const BUSY = 64;
/** Flows carried at once: what filters find by a search of a few steps, and the kernel takes as a program. */
const CAPACITY = 64;
/** Microseconds that the kernel carries a flow before we look at it again: flows that have ended in silence make room. */
const LEASE = 10e6;
/** Microseconds for which frames that the kernel has carried already may still lie in a ring. */
const HAND_OVER = 50_000;

interface Carried {
  readonly keys: readonly [FlowKey, FlowKey];
  /** When the kernel had begun, microseconds since the epoch. */
  readonly since: number;
}

export interface CarrierOptions {
  readonly rings: readonly PacketRing[];
  readonly own: readonly IpAddress[];
  /** Of the node's namespace; null where the kernel forwards anyway and rings see copies. */
  readonly kernel: {
    readonly netlink: NetlinkSocket;
    /** The kernel forwards nothing else. */
    readonly forwarded: ForwardedPackets;
  } | null;
}

export class Carrier {
  readonly #options: CarrierOptions;
  readonly #busy = new BusyFlows(BUSY);
  #carried: readonly Carried[] = [];
  #candidates: FlowKey[] = [];
  #returning: FlowKey[] = [];
  /** Until when a frame in a ring may be one that the kernel has carried. */
  #handOverUntil = 0;
  #epoch = 0;
  #isAble = true;

  constructor(options: CarrierOptions) {
    this.#options = options;
  }

  get count(): CarriedCount {
    return {
      flows: this.#carried.length,
      packets: this.#options.kernel?.forwarded.count ?? 0,
    };
  }

  /** Takes note of a packet that was judged. `isSettled`: nothing can touch its flow as long as the epoch stays the same. */
  note(memory: Uint8Array, start: number, end: number, now: number, isSettled: boolean): void {
    if (isSettled) {
      const key = this.#isAble ? this.#busy.note(memory, start, end, now) : null;
      if (key) this.#candidates.push(key);
      return;
    }
    if (this.#carried.length === 0) return;
    // The ports of a flow that is carried may begin another connection.
    const transport = findTransport(memory, start, end);
    if (transport < 0) return;
    const key = readFlowKey(memory, start, transport);
    if (this.#find(key)) this.#returning.push(key);
  }

  /** Whether the kernel has carried this frame, which lay in the ring when its flow was handed over. */
  wasCarried(memory: Uint8Array, start: number, end: number, time: number): boolean {
    if (time > this.#handOverUntil || this.#carried.length === 0) return false;
    const transport = carriedTransport(memory, start, end);
    if (transport < 0) return false;
    const carried = this.#find(readFlowKey(memory, start, transport));
    return carried !== undefined && time > carried.since;
  }

  /** Once a turn, when what was judged has left. All flows come back when the epoch is another: something could touch them again. */
  settle(epoch: number, now: number): void {
    const isSame = epoch === this.#epoch;
    this.#epoch = epoch;
    const oldest = this.#carried[0]?.since ?? Infinity;
    if (
      this.#carried.length > 0 &&
      (!isSame || this.#returning.length > 0 || now - oldest >= LEASE)
    ) {
      const kept = isSame ? this.#carried.filter((flow) => this.#stays(flow, now)) : [];
      if (kept.length < this.#carried.length) this.#takeBack(kept);
    }
    if (this.#candidates.length > 0) {
      if (isSame) this.#handOver(this.#candidates);
      this.#candidates = [];
    }
    if (this.#returning.length > 0) this.#returning = [];
  }

  /** The kernel forwards nothing any more. */
  close(): void {
    if (this.#carried.length > 0) this.#takeBack([]);
    this.#options.kernel?.netlink.close();
    this.#options.kernel?.forwarded.close();
  }

  #stays({ keys, since }: Carried, now: number): boolean {
    return (
      now - since < LEASE &&
      !this.#returning.some((key) => keys.some((carried) => isSameKey(key, carried)))
    );
  }

  #find(key: FlowKey): Carried | undefined {
    return this.#carried.find(({ keys }) => keys.some((carried) => isSameKey(key, carried)));
  }

  #handOver(candidates: readonly FlowKey[]): void {
    const room = CAPACITY - this.#carried.length;
    const fresh = candidates.filter((key) => !this.#find(key)).slice(0, room);
    if (fresh.length === 0) return;
    const before = this.#carried;
    const keysOf = fresh.map((key) => [key, reverseKey(key)] as const);
    const all = [...before.flatMap(({ keys }) => keys), ...keysOf.flat()];
    try {
      this.#setIngress(all);
      const since = clockMicros();
      this.#carried = [...before, ...keysOf.map((keys) => ({ keys, since }))];
      this.#setRings(all);
      this.#handOverUntil = since + HAND_OVER;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // This kernel takes no such filters, or none as long: what was handed over comes back, and no more is. Where an interface
      // refused, those before it and behind it may have been opened: they are closed again, though nothing counts as carried yet.
      this.#isAble = false;
      this.#takeBack([]);
    }
  }

  #takeBack(kept: readonly Carried[]): void {
    const keys = kept.flatMap((flow) => flow.keys);
    this.#setRings(keys);
    this.#carried = kept;
    try {
      this.#setIngress(keys);
    } catch (error) {
      if (!isRefusal(error) || this.#isAble) throw error;
    }
  }

  #setRings(keys: readonly FlowKey[]): void {
    const program = ringFilter(keys).encode();
    for (const ring of this.#options.rings) ring.setFilter(program);
  }

  #setIngress(keys: readonly FlowKey[]): void {
    const { kernel, rings, own } = this.#options;
    if (!kernel) return;
    const filter = ingressFilter(keys, own);
    if (filter.length > LONGEST_PROGRAM) throw new RangeError('The filter is too long');
    const program = filter.encode();
    kernel.netlink.exchange(
      rings.map(({ interfaceIndex }) => setIngressFilter(interfaceIndex, program, false)),
    );
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof NetlinkError ||
  error instanceof RangeError ||
  (error instanceof Error && 'syscall' in error);
