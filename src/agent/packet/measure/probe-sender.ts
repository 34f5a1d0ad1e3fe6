// Sends the probes of one direction of a link.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseMac } from '../../../base/addresses.ts';
import {
  type FrameMemory,
  OFFLOAD_HEADER_LENGTH,
  type PacketRing,
} from '../../../kernel/packet-ring.ts';
import { Transmitter } from '../../../kernel/transmitter.ts';
import { clockMicros } from '../../../kernel/waiter.ts';
import type { PlanMember } from '../../../model/plan.ts';
import { SHORTEST_PROBE, writeProbe } from './probe-frame.ts';
import { BURST_BASE, firstNumber } from './probe-numbers.ts';
import { ProbePacer } from './probe-pacer.ts';
import type { ProbePlan } from './probe-plan.ts';
import type { ProbeRings } from './probe-rings.ts';

export class ProbeSender {
  readonly #memory: FrameMemory;
  readonly #ring: PacketRing;
  readonly #transmitter: Transmitter;
  readonly #addresses: { readonly destination: Uint8Array; readonly source: Uint8Array };
  /** Where frames are made. */
  readonly #at: number;
  readonly #first: number;

  constructor(rings: ProbeRings, from: PlanMember, destination: string, attempt: number) {
    this.#memory = rings.memory;
    this.#ring = rings.of(from);
    this.#transmitter = new Transmitter(rings.memory);
    this.#addresses = { destination: macBytes(destination), source: macBytes(from.mac) };
    this.#at = rings.frameOf(from) + OFFLOAD_HEADER_LENGTH;
    this.#first = firstNumber(attempt);
  }

  /** Frames that could not be sent. */
  get lost(): number {
    return this.#transmitter.lost;
  }

  /** Sends all that the plan has; `onTurn` is called between frames that leave apart. */
  async sendAll(plan: ProbePlan, onTurn: () => void = () => undefined): Promise<void> {
    const pacer = new ProbePacer(plan, performance.now());
    let sent = 0;
    for (;;) {
      const until = sent + pacer.take(performance.now());
      for (; sent < until; sent += 1) this.#send(sent, SHORTEST_PROBE);
      onTurn();
      if (pacer.isDone) break;
      await sleep(Math.max(1, 1 / plan.perMilli));
    }
    for (let index = 0; index < plan.burst; index += 1)
      this.#send(BURST_BASE + index, plan.burstBytes);
  }

  #send(sequence: number, length: number): void {
    const { bytes } = this.#memory;
    writeProbe(bytes, this.#at, length, this.#addresses, this.#first + sequence, clockMicros());
    this.#transmitter.send(this.#ring.fd, this.#at, this.#at + length);
    this.#transmitter.flush();
  }
}

function macBytes(text: string): Uint8Array {
  const parsed = parseMac(text);
  return parsed.ok ? parsed.value : new Uint8Array(6);
}
