// Receives the probes of one direction of a link. The kernel stamps what arrives, so that this thread may read it late.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseMac } from '../../../base/addresses.ts';
import type {
  FrameHandler,
  FrameMemory,
  PacketRing,
  RingFrame,
} from '../../../kernel/packet-ring.ts';
import type { Impairment, PlanMember } from '../../../model/plan.ts';
import type { ProbeRecord } from './assess-link.ts';
import { readProbe } from './probe-frame.ts';
import { BURST_BASE, NUMBERS_PER_ATTEMPT, firstNumber } from './probe-numbers.ts';
import { MOST_BURST, type ProbePlan } from './probe-plan.ts';
import type { ProbeRings } from './probe-rings.ts';

/** After the last frame should have arrived, and after the last that did: for a busy machine. */
const PATIENCE_MS = 60;
const READ_EVERY_MS = 2;

/** Milliseconds on the way, of a frame by when it was sent and when it arrived: microseconds, each of its machine's clock. */
export type DelayOf = (sent: number, arrived: number) => number;

const byOneClock: DelayOf = (sent, arrived) => (arrived - sent) / 1000;

export class ProbeReceiver implements FrameHandler {
  readonly #memory: FrameMemory;
  readonly #ring: PacketRing;
  readonly #source: Uint8Array;
  readonly #first: number;
  readonly #short: Map<number, { sent: number; arrived: number }>;
  readonly #burst: Map<number, number>;
  #duplicates = 0;
  #damaged = 0;

  /** `source` is the MAC of the sender: what others send is flooded here too. */
  constructor(rings: ProbeRings, to: PlanMember, source: string, attempt: number) {
    this.#memory = rings.memory;
    this.#ring = rings.of(to);
    const parsed = parseMac(source);
    this.#source = parsed.ok ? parsed.value : new Uint8Array(6);
    this.#first = firstNumber(attempt);
    this.#short = new Map();
    this.#burst = new Map();
  }

  /** Takes what has arrived by now out of the ring. */
  read(): void {
    while (this.#ring.read(MOST_BURST, this) > 0) this.#ring.release();
  }

  /** Reads on until all that the plan has is there, or should be and no more comes. */
  async wait(impairment: Impairment, plan: ProbePlan): Promise<void> {
    const count = plan.probes + plan.burst;
    let deadline = performance.now() + expectedMillis(impairment, plan);
    let arrived = 0;
    for (;;) {
      this.read();
      const before = arrived;
      arrived = this.#short.size + this.#burst.size + this.#damaged;
      const now = performance.now();
      if (arrived > before) deadline = Math.max(deadline, now + PATIENCE_MS);
      if (arrived >= count || now >= deadline) return;
      await sleep(READ_EVERY_MS);
    }
  }

  /** What came out; `unsent` frames never left. */
  record(plan: ProbePlan, unsent: number, delayOf: DelayOf = byOneClock): ProbeRecord {
    return {
      plan,
      delays: [...this.#short.values()].map(({ sent, arrived }) => delayOf(sent, arrived)),
      duplicates: this.#duplicates,
      damaged: this.#damaged,
      unseen: this.#ring.countDrops() + unsent,
      arrivals: [...this.#burst.values()].toSorted((left, right) => left - right),
    };
  }

  onFrame({ start, end, time }: RingFrame): void {
    const { bytes } = this.#memory;
    const probe = readProbe(bytes, start, end);
    if (!probe) return;
    if (probe.kind === 'damaged') {
      this.#damaged += 1;
      return;
    }
    const sequence = probe.sequence - this.#first;
    if (sequence < 0 || sequence >= NUMBERS_PER_ATTEMPT) return;
    const distance = bitsBetween(this.#source, bytes.subarray(start + 6, start + 12));
    if (distance > 1) return;
    // A link that changes a bit now and then may change one of the address.
    if (distance === 1) {
      this.#damaged += 1;
      return;
    }
    if (sequence >= BURST_BASE) {
      if (!this.#burst.has(sequence)) this.#burst.set(sequence, time);
    } else if (this.#short.has(sequence)) this.#duplicates += 1;
    else this.#short.set(sequence, { sent: probe.sent, arrived: time });
  }
}

/** In how many bits two addresses differ. */
export function bitsBetween(left: Uint8Array, right: Uint8Array): number {
  let count = 0;
  for (const [index, byte] of left.entries())
    for (let rest = byte ^ (right[index] ?? 0); rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

/** Milliseconds until all that was sent should have arrived. */
function expectedMillis({ delay, jitter, rate }: Impairment, plan: ProbePlan): number {
  const burst = rate === null ? 0 : (plan.burst * plan.burstBytes * 8 * 1000) / rate;
  return delay + 5 * jitter + burst + PATIENCE_MS;
}
