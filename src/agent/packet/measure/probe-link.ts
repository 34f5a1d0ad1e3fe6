// Probes one direction of a link. The kernel stamps what arrives, so that this thread may read it late.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseMac } from '../../../base/addresses.ts';
import { inNamespace } from '../../../kernel/namespace.ts';
import {
  FrameMemory,
  OFFLOAD_HEADER_LENGTH,
  PacketRing,
  type RingFrame,
  Transmitter,
  slotBytesFor,
} from '../../../kernel/packet-ring.ts';
import { clockMicros } from '../../../kernel/waiter.ts';
import type { Impairment, PlanMember } from '../../../model/plan.ts';
import type { ProbeRecord } from './assess-link.ts';
import { readProbe, SHORTEST_PROBE, writeProbe } from './probe-frame.ts';
import { MOST_BURST, type ProbePlan } from './probe-plan.ts';

export interface LinkEnds {
  readonly from: PlanMember;
  readonly to: PlanMember;
  /** Namespace descriptors. */
  readonly fromFd: number;
  readonly toFd: number;
}

/** Numbers of burst frames begin here. */
const BURST_BASE = 1_000_000;
/** A whole burst may arrive before this thread reads. */
const SLOTS = MOST_BURST;
const PAGE = 65_536;
/** After the last frame should have arrived: for a busy machine. */
const PATIENCE_MS = 60;
const READ_EVERY_MS = 2;

export async function probeLink(
  ends: LinkEnds,
  impairment: Impairment,
  plan: ProbePlan,
): Promise<ProbeRecord> {
  const slotBytes = slotBytesFor(Math.max(plan.burstBytes, SHORTEST_PROBE));
  const memory = new FrameMemory(2 * (slotBytes * SLOTS + PAGE) + PAGE + slotBytes);
  const open = (fd: number, { interface: name }: PlanMember, slots: number): PacketRing =>
    inNamespace(fd, () => new PacketRing(memory, name, slotBytes, slots));
  const receiver = open(ends.toFd, ends.to, SLOTS);
  try {
    // Sends only; its own ring is as small as one can be.
    const sender = open(ends.fromFd, ends.from, FEWEST_SLOTS);
    try {
      const listener = new ProbeListener(memory, receiver);
      await sendProbes(new ProbeSender(memory, sender.fd, ends, slotBytes), plan, listener);
      await listener.wait(plan.probes + plan.burst, expectedMillis(impairment, plan));
      return { plan, ...listener.record() };
    } finally {
      sender.close();
    }
  } finally {
    receiver.close();
  }
}

const FEWEST_SLOTS = 32;

/** Milliseconds until all that was sent should have arrived. */
function expectedMillis({ delay, jitter, rate }: Impairment, plan: ProbePlan): number {
  const burst = rate === null ? 0 : (plan.burst * plan.burstBytes * 8 * 1000) / rate;
  return delay + 5 * jitter + burst + PATIENCE_MS;
}

async function sendProbes(
  sender: ProbeSender,
  plan: ProbePlan,
  listener: ProbeListener,
): Promise<void> {
  const start = performance.now();
  for (let sent = 0; sent < plan.probes;) {
    // By the clock, not by the timer: one that fires late is made up for.
    const due = Math.min(plan.probes, 1 + (performance.now() - start) * plan.perMilli);
    for (; sent < Math.floor(due); sent += 1) sender.send(sent, SHORTEST_PROBE);
    listener.read();
    if (sent < plan.probes) await sleep(Math.max(1, 1 / plan.perMilli));
  }
  for (let index = 0; index < plan.burst; index += 1)
    sender.send(BURST_BASE + index, plan.burstBytes);
}

class ProbeSender {
  readonly #memory: FrameMemory;
  readonly #fd: number;
  readonly #addresses: { readonly destination: Uint8Array; readonly source: Uint8Array };
  readonly #transmitter: Transmitter;
  readonly #at: number;

  constructor(memory: FrameMemory, fd: number, { from, to }: LinkEnds, slotBytes: number) {
    this.#memory = memory;
    this.#fd = fd;
    this.#addresses = { destination: macBytes(to.mac), source: macBytes(from.mac) };
    this.#transmitter = new Transmitter(memory);
    this.#at = memory.take(slotBytes) + OFFLOAD_HEADER_LENGTH;
  }

  send(sequence: number, length: number): void {
    writeProbe(this.#memory.bytes, this.#at, length, this.#addresses, sequence, clockMicros());
    this.#transmitter.send(this.#fd, this.#at, this.#at + length);
    this.#transmitter.flush();
  }
}

class ProbeListener {
  readonly #memory: FrameMemory;
  readonly #ring: PacketRing;
  readonly #delays = new Map<number, number>();
  readonly #arrivals = new Map<number, number>();
  #duplicates = 0;
  #damaged = 0;

  constructor(memory: FrameMemory, ring: PacketRing) {
    this.#memory = memory;
    this.#ring = ring;
  }

  read(): void {
    while (this.#ring.read(SLOTS, this) > 0) this.#ring.release();
  }

  onFrame({ start, end, time }: RingFrame): void {
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

  /** Until `count` frames have arrived, or `limit` milliseconds are over. */
  async wait(count: number, limit: number): Promise<void> {
    const deadline = performance.now() + limit;
    for (;;) {
      this.read();
      const arrived = this.#delays.size + this.#arrivals.size + this.#damaged;
      if (arrived >= count || performance.now() >= deadline) return;
      await sleep(READ_EVERY_MS);
    }
  }

  record(): Omit<ProbeRecord, 'plan'> {
    return {
      delays: [...this.#delays.values()],
      duplicates: this.#duplicates,
      damaged: this.#damaged,
      arrivals: [...this.#arrivals.values()].toSorted((left, right) => left - right),
    };
  }
}

function macBytes(text: string): Uint8Array {
  const parsed = parseMac(text);
  return parsed.ok ? parsed.value : new Uint8Array(6);
}
