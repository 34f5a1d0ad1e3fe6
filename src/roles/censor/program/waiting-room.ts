// Packets that wait for a program's verdict, and those of their flow that wait behind them: each direction of a flow keeps its order.
import type { Effects } from '../../../model/middlebox.ts';
import type { Message } from '../inspect/message.ts';
import type { Flow } from '../state/flow.ts';
import type { VerdictAnswer } from './answer.ts';

/** What becomes of a packet: `own` is the verdict of the program, the others are decided without it. */
export type Decision = 'pass' | 'drop' | VerdictAnswer;

export interface HeldPacket {
  readonly id: number;
  /** A copy. */
  readonly bytes: Uint8Array;
  readonly flow: Flow;
  readonly isForward: boolean;
  readonly message: Message | null;
  /** Where its consequences go. */
  readonly effects: Effects;
  /** What the program is told of it. */
  readonly question: string;
  /** Microseconds since the epoch. */
  deadline: number;
  decision: Decision | null;
}

/** What a censor with a program knows of a flow besides. */
export class ProgramFlow {
  readonly number: number;
  /** Of what the program was asked about: packets and bytes of IP, and when the first came, microseconds. */
  packets = 0;
  bytes = 0;
  readonly began: number;
  /** What the program keeps for it, as JSON. */
  data = 'null';
  /** The program has decided about the rest of it. */
  verdict: 'pass' | 'drop' | null = null;
  readonly forward: HeldPacket[] = [];
  readonly reverse: HeldPacket[] = [];

  constructor(number: number, began: number) {
    this.number = number;
    this.began = began;
  }

  line(isForward: boolean): HeldPacket[] {
    return isForward ? this.forward : this.reverse;
  }

  get isWaiting(): boolean {
    return this.forward.length > 0 || this.reverse.length > 0;
  }
}

/** By number, oldest first; verdicts may come in any order. */
export class WaitingRoom {
  readonly #asked = new Map<number, HeldPacket>();

  /** Packets without a decision. */
  get size(): number {
    return this.#asked.size;
  }

  add(packet: HeldPacket): void {
    this.#asked.set(packet.id, packet);
  }

  /** Takes a packet out to be decided; undefined when it does not wait. */
  take(id: number): HeldPacket | undefined {
    const packet = this.#asked.get(id);
    this.#asked.delete(id);
    return packet;
  }

  /** The one that has waited longest. */
  get oldest(): HeldPacket | undefined {
    const { value } = this.#asked.values().next();
    return value;
  }

  all(): readonly HeldPacket[] {
    return [...this.#asked.values()];
  }
}
