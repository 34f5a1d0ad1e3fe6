// Packets of flows that a program was asked about leave in their order, each direction by itself, whatever the order of verdicts.
import type { Disposition } from '../../../model/middlebox.ts';
import type { Message } from '../inspect/message.ts';
import type { Occasion } from '../occasion.ts';
import type { Flow } from '../state/flow.ts';
import { type Decision, type HeldPacket, ProgramFlow, WaitingRoom } from './waiting-room.ts';
import { writeQuestion } from './write-question.ts';

/** Packets that may wait behind others of their flow, for each that may wait for a verdict; more overtake. */
const BEHIND_EACH = 4;

/** A packet whose turn it is, with its decision. */
export type Release = (packet: HeldPacket, decision: Decision, now: number) => void;

export class PacketOrder {
  /** What waits for a verdict. */
  readonly room: WaitingRoom = new WaitingRoom();
  readonly #isInPath: boolean;
  readonly #release: Release;
  /** Flows that the program was asked about, for as long as the censor knows them. */
  readonly #known = new WeakMap<Flow, ProgramFlow>();
  #packets = 0;
  #flows = 0;
  #behind = 0;

  constructor(isInPath: boolean, release: Release) {
    this.#isInPath = isInPath;
    this.#release = release;
  }

  /** The number of the packet that was asked about last. */
  get lastId(): number {
    return this.#packets;
  }

  known(flow: Flow): ProgramFlow | undefined {
    return this.#known.get(flow);
  }

  /** What is known of a flow that the program is asked about, from now on. */
  open(flow: Flow, now: number): ProgramFlow {
    const known = this.#known.get(flow) ?? new ProgramFlow((this.#flows += 1), now);
    this.#known.set(flow, known);
    return known;
  }

  /** Holds the packet at hand, of a flow that is known, until it is decided. `message` is what it completed. */
  ask(occasion: Occasion, own: ProgramFlow, message: Message | null, deadline: number): HeldPacket {
    const { view, isForward } = occasion;
    own.packets += 1;
    own.bytes += view.end - view.start;
    const id = (this.#packets += 1);
    const question = writeQuestion(id, occasion, message, own);
    const packet = hold(occasion, { id, message, question, deadline, decision: null });
    this.room.add(packet);
    own.line(isForward).push(packet);
    return packet;
  }

  /** Decides a packet without the program, behind those of its flow that wait. `window`: packets that may wait for a verdict. */
  inOrder(decision: 'pass' | 'drop', occasion: Occasion, window: number): Disposition {
    const { flow, isForward, now } = occasion;
    const line = this.#known.get(flow)?.line(isForward) ?? [];
    const isHeld = this.#isInPath && line.length > 0;
    if (decision === 'drop' || !isHeld || this.#behind >= BEHIND_EACH * window) return decision;
    this.#behind += 1;
    line.push(hold(occasion, { id: 0, message: null, question: '', deadline: now, decision }));
    return 'taken';
  }

  /** Gives a packet its decision; it leaves when those before it have. Undefined: it does not wait. */
  settle(id: number, decision: Decision, now: number): HeldPacket | undefined {
    const packet = this.room.take(id);
    if (packet === undefined) return undefined;
    packet.decision = decision;
    const line = this.#known.get(packet.flow)?.line(packet.isForward) ?? [];
    for (;;) {
      const [first] = line;
      if (first === undefined || first.decision === null) break;
      line.shift();
      if (first.id === 0) this.#behind -= 1;
      this.#release(first, first.decision, now);
    }
    return packet;
  }

  /** Decides about the rest of a flow. What of it waits already is part of that. */
  settleRest(flow: Flow, verdict: 'pass' | 'drop', now: number): void {
    const own = this.#known.get(flow);
    if (own === undefined) return;
    own.verdict = verdict;
    for (const { id, decision } of [...own.forward, ...own.reverse])
      if (decision === null) this.settle(id, verdict, now);
  }
}

type Held = Pick<HeldPacket, 'id' | 'message' | 'question' | 'deadline' | 'decision'>;

/** A copy of the packet at hand. */
const hold = ({ view, flow, isForward, effects }: Occasion, held: Held): HeldPacket => ({
  bytes: Uint8Array.prototype.slice.call(view.memory, view.start, view.end),
  ...{ flow, isForward, effects },
  ...held,
});
