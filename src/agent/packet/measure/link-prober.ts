// Probes one direction of a link. The kernel stamps what arrives, so that this thread may read it late.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseMac } from '../../../base/addresses.ts';
import {
  type FrameHandler,
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
import { ProbePacer } from './probe-pacer.ts';
import { MOST_BURST, type ProbePlan } from './probe-plan.ts';
import type { ProbeRings } from './probe-rings.ts';

/** Every attempt has numbers of its own, so that late frames of one are not taken for those of the next. */
const NUMBERS_PER_ATTEMPT = 2_000_000;
/** Numbers of burst frames begin here. */
const BURST_BASE = 1_000_000;
/** After the last frame should have arrived, and after the last that did: for a busy machine. */
const PATIENCE_MS = 60;
const READ_EVERY_MS = 2;

export class LinkProber implements FrameHandler {
  readonly #memory: FrameMemory;
  readonly #sender: PacketRing;
  readonly #receiver: PacketRing;
  readonly #transmitter: Transmitter;
  readonly #addresses: { readonly destination: Uint8Array; readonly source: Uint8Array };
  /** Where frames are made. */
  readonly #at: number;
  /** The number of the first probe. */
  readonly #first: number;
  readonly #delays: Map<number, number> = new Map<number, number>();
  readonly #arrivals: Map<number, number> = new Map<number, number>();
  #duplicates = 0;
  #damaged = 0;

  constructor(rings: ProbeRings, from: PlanMember, to: PlanMember, attempt: number) {
    this.#memory = rings.memory;
    this.#sender = rings.of(from);
    this.#receiver = rings.of(to);
    this.#transmitter = new Transmitter(rings.memory);
    this.#addresses = { destination: macBytes(to.mac), source: macBytes(from.mac) };
    this.#at = rings.frameOf(from) + OFFLOAD_HEADER_LENGTH;
    this.#first = attempt * NUMBERS_PER_ATTEMPT;
  }

  async probe(impairment: Impairment, plan: ProbePlan): Promise<ProbeRecord> {
    await this.#sendAll(plan);
    await this.#wait(plan.probes + plan.burst, expectedMillis(impairment, plan));
    return {
      plan,
      delays: [...this.#delays.values()],
      duplicates: this.#duplicates,
      damaged: this.#damaged,
      unseen: this.#receiver.countDrops() + this.#transmitter.lost,
      arrivals: [...this.#arrivals.values()].toSorted((left, right) => left - right),
    };
  }

  async #sendAll(plan: ProbePlan): Promise<void> {
    const pacer = new ProbePacer(plan, performance.now());
    let sent = 0;
    for (;;) {
      const until = sent + pacer.take(performance.now());
      for (; sent < until; sent += 1) this.#send(sent, SHORTEST_PROBE);
      this.#read();
      if (pacer.isDone) break;
      await sleep(Math.max(1, 1 / plan.perMilli));
    }
    for (let index = 0; index < plan.burst; index += 1)
      this.#send(BURST_BASE + index, plan.burstBytes);
  }

  #send(sequence: number, length: number): void {
    const { bytes } = this.#memory;
    writeProbe(bytes, this.#at, length, this.#addresses, this.#first + sequence, clockMicros());
    this.#transmitter.send(this.#sender.fd, this.#at, this.#at + length);
    this.#transmitter.flush();
  }

  /** Until `count` frames have arrived, or `limit` milliseconds are over and no more come. */
  async #wait(count: number, limit: number): Promise<void> {
    let deadline = performance.now() + limit;
    let arrived = 0;
    for (;;) {
      this.#read();
      const before = arrived;
      arrived = this.#delays.size + this.#arrivals.size + this.#damaged;
      const now = performance.now();
      if (arrived > before) deadline = Math.max(deadline, now + PATIENCE_MS);
      if (arrived >= count || now >= deadline) return;
      await sleep(READ_EVERY_MS);
    }
  }

  #read(): void {
    while (this.#receiver.read(MOST_BURST, this) > 0) this.#receiver.release();
  }

  onFrame({ start, end, time }: RingFrame): void {
    const probe = readProbe(this.#memory.bytes, start, end);
    if (!probe) return;
    if (probe.kind === 'damaged') {
      this.#damaged += 1;
      return;
    }
    const sequence = probe.sequence - this.#first;
    if (sequence < 0 || sequence >= NUMBERS_PER_ATTEMPT) return;
    const isBurst = sequence >= BURST_BASE;
    const known = isBurst ? this.#arrivals : this.#delays;
    if (!known.has(sequence)) known.set(sequence, isBurst ? time : (time - probe.sent) / 1000);
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
