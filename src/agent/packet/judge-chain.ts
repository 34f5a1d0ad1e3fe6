// The censors of one node, asked in the order of the file.
import { clockMicros } from '../../kernel/waiter.ts';
import type { Effects, Middlebox } from '../../model/middlebox.ts';
import type { EventReporter } from './event-reporter.ts';

/** A middlebox that says which flows it is done with. */
export interface LiveBox extends Middlebox {
  /** Of the packet judged last: whether nothing can touch its flow while `epoch` stays. */
  readonly settled: boolean;
  readonly epoch: number;
}

export interface Judge {
  readonly box: LiveBox;
  /** In-path: its disposition counts. On-path it sees a copy and cannot hold the packet. */
  readonly holds: boolean;
}

/** Stage of a packet that a censor forged: no censor of the node judges it. A held packet's stage is the next censor. */
export const FORGED = -1;

/** Takes a packet that a censor sends at `at`; `stage` is FORGED, or the censor from which it is judged further. */
export type EmitPacket = (packet: Uint8Array, at: number, stage: number) => void;

export class JudgeChain {
  /** Of the packet judged last: whether all censors are done with its flow while `epoch` stays. */
  isSettled = true;
  readonly #judges: readonly Judge[];
  readonly #effects: readonly Effects[];

  constructor(judges: readonly Judge[], node: string, reporter: EventReporter, emit: EmitPacket) {
    this.#judges = judges;
    this.#effects = judges.map(({ holds }, index) => ({
      // What only sees copies holds nothing: all that it sends is new.
      emit: (packet, at, origin) =>
        emit(packet, at, origin === 'forwarded' && holds ? index + 1 : FORGED),
      report: (event) => reporter.report({ ...event, time: Math.floor(clockMicros()), node }),
    }));
  }

  get epoch(): number {
    let epoch = 0;
    for (const { box } of this.#judges) epoch += box.epoch;
    return epoch;
  }

  /** Whether the packet may pass on, by all censors from `stage` on. */
  judge(memory: Uint8Array, start: number, end: number, now: number, stage = 0): boolean {
    this.isSettled = true;
    for (let index = stage; index < this.#judges.length; index += 1) {
      const judge = this.#judges[index];
      const effects = this.#effects[index];
      if (!judge || !effects) return true;
      const disposition = judge.box.judge(memory, start, end, now, effects);
      this.isSettled &&= judge.box.settled;
      if (disposition !== 'pass' && judge.holds) return false;
    }
    return true;
  }
}
