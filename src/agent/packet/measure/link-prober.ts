// Probes one direction of a link. The kernel stamps what arrives, so that this thread may read it late.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseMac } from '../../../base/addresses.ts';
import {
  type FrameMemory,
  OFFLOAD_HEADER_LENGTH,
  type PacketRing,
  type RingFrame,
  Transmitter,
} from '../../../kernel/packet-ring.ts';
import { clockMicros } from '../../../kernel/waiter.ts';
import type { Impairment, PlanMember } from '../../../model/plan.ts';
import type { ProbeRecord } from './assess-link.ts';
import { SHORTEST_PROBE, readProbe, writeProbe } from './probe-frame.ts';
import { MOST_BURST, type ProbePlan } from './probe-plan.ts';
import type { ProbeRings } from './probe-rings.ts';

/** Numbers of burst frames begin here. */
const BURST_BASE = 1_000_000;
/** After the last frame should have arrived: for a busy machine. */
const PATIENCE_MS = 60;
const READ_EVERY_MS = 2;

export class LinkProber {
  readonly #memory: FrameMemory;
  readonly #sender: PacketRing;
  readonly #receiver: PacketRing;
  readonly #transmitter: Transmitter;
  readonly #addresses: { readonly destination: Uint8Array; readonly source: Uint8Array };
  /** Where frames are made. */
  readonly #at: number;
  readonly #delays: Map<number, number> = new Map<number, number>();
  readonly #arrivals: Map<number, number> = new Map<number, number>();
  #duplicates = 0;
  #damaged = 0;

  constructor(rings: ProbeRings, from: PlanMember, to: PlanMember) {
    this.#memory = rings.memory;
    this.#sender = rings.of(from);
    this.#receiver = rings.of(to);
    this.#transmitter = new Transmitter(rings.memory);
    this.#addresses = { destination: macBytes(to.mac), source: macBytes(from.mac) };
    this.#at = rings.frameOf(from) + OFFLOAD_HEADER_LENGTH;
  }

  async probe(impairment: Impairment, plan: ProbePlan): Promise<ProbeRecord> {
    // What an earlier attempt left behind.
    this.#receive(() => undefined);
    await this.#sendAll(plan);
    await this.#wait(plan.probes + plan.burst, expectedMillis(impairment, plan));
    return {
      plan,
      delays: [...this.#delays.values()],
      duplicates: this.#duplicates,
      damaged: this.#damaged,
      arrivals: [...this.#arrivals.values()].toSorted((left, right) => left - right),
    };
  }

  async #sendAll(plan: ProbePlan): Promise<void> {
    const start = performance.now();
    for (let sent = 0; sent < plan.probes;) {
      // By the clock, not by the timer: one that fires late is made up for.
      const due = Math.min(plan.probes, 1 + (performance.now() - start) * plan.perMilli);
      for (; sent < Math.floor(due); sent += 1) this.#send(sent, SHORTEST_PROBE);
      this.#read();
      if (sent < plan.probes) await sleep(Math.max(1, 1 / plan.perMilli));
    }
    for (let index = 0; index < plan.burst; index += 1)
      this.#send(BURST_BASE + index, plan.burstBytes);
  }

  #send(sequence: number, length: number): void {
    const { bytes } = this.#memory;
    writeProbe(bytes, this.#at, length, this.#addresses, sequence, clockMicros());
    this.#transmitter.send(this.#sender.fd, this.#at, this.#at + length);
    this.#transmitter.flush();
  }

  /** Until `count` frames have arrived, or `limit` milliseconds are over. */
  async #wait(count: number, limit: number): Promise<void> {
    const deadline = performance.now() + limit;
    for (;;) {
      this.#read();
      const arrived = this.#delays.size + this.#arrivals.size + this.#damaged;
      if (arrived >= count || performance.now() >= deadline) return;
      await sleep(READ_EVERY_MS);
    }
  }

  #read(): void {
    this.#receive((frame) => this.#take(frame));
  }

  #receive(onFrame: (frame: RingFrame) => void): void {
    while (this.#receiver.read(MOST_BURST, { onFrame }) > 0) this.#receiver.release();
  }

  #take({ start, end, time }: RingFrame): void {
    const probe = readProbe(this.#memory.bytes, start, end);
    if (!probe) return;
    if (probe.kind === 'damaged') {
      this.#damaged += 1;
      return;
    }
    const isBurst = probe.sequence >= BURST_BASE;
    const known = isBurst ? this.#arrivals : this.#delays;
    if (!known.has(probe.sequence))
      known.set(probe.sequence, isBurst ? time : (time - probe.sent) / 1000);
    else if (!isBurst) this.#duplicates += 1;
  }
}

/** Milliseconds until all that was sent should have arrived. */
function expectedMillis({ delay, jitter, rate }: Impairment, plan: ProbePlan): number {
  const burst = rate === null ? 0 : (plan.burst * plan.burstBytes * 8 * 1000) / rate;
  return delay + 5 * jitter + burst + PATIENCE_MS;
}

function macBytes(text: string): Uint8Array {
  const parsed = parseMac(text);
  return parsed.ok ? parsed.value : new Uint8Array(6);
}
