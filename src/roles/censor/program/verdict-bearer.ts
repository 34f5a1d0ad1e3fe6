// Does to a packet what was decided about it, once its turn has come.
import type { CensorAction } from '../../../model/censor-action.ts';
import type { CensorProgram } from '../../../model/censor.ts';
import type { Disposition, Effects } from '../../../model/middlebox.ts';
import { OWN_VERDICTS } from '../../../model/own-verdicts.ts';
import { PacketView } from '../../../wire/packet.ts';
import type { Message } from '../inspect/message.ts';
import type { Occasion } from '../occasion.ts';
import type { Flow } from '../state/flow.ts';
import type { VerdictAnswer } from './answer.ts';
import type { DeskOptions } from './desk-options.ts';
import type { ProgramCounters } from './program-counters.ts';
import { replacePayload } from './replace-payload.ts';
import { actionsOf } from './verdict-actions.ts';
import type { Decision, HeldPacket, ProgramFlow } from './waiting-room.ts';

/** What makes a verdict a rule that has matched. */
export interface VerdictRule {
  readonly name: string;
  /** Among the verdicts of the program. */
  readonly index: number;
  readonly actions: readonly CensorAction[];
  readonly words: string;
}

/** What the censor does for its program. */
export interface ProgramSide {
  /** Acts on a packet as a rule of this name would that matched it. */
  perform(verdict: VerdictRule, message: Message | null, occasion: Occasion): Disposition;
  /** Sends a packet on that was held, or what became of it. */
  letGo(occasion: Occasion, packet: Uint8Array): void;
  /** The program is not asked about this flow any more. */
  leave(flow: Flow): void;
  /** What the program says; about a packet, or null. */
  note(name: string, text: string, view: PacketView | null, effects: Effects): void;
  /** Something went wrong for the `count`th time. */
  fault(text: string, count: number, effects: Effects): void;
}

export class VerdictBearer {
  readonly #options: DeskOptions;
  readonly #side: ProgramSide;
  readonly #counters: ProgramCounters;
  readonly #complain: (fault: string, now: number) => void;
  readonly #view = new PacketView();

  /** `complain`: what of a verdict makes no sense. */
  constructor(
    options: DeskOptions,
    side: ProgramSide,
    counters: ProgramCounters,
    complain: (fault: string, now: number) => void,
  ) {
    this.#options = options;
    this.#side = side;
    this.#counters = counters;
    this.#complain = complain;
  }

  /** `own`: what is known of the packet's flow. */
  bear(
    { bytes, flow, isForward, effects, message }: HeldPacket,
    decision: Decision,
    own: ProgramFlow | undefined,
    program: CensorProgram,
    now: number,
  ): void {
    const view = this.#view;
    view.load(bytes, 0, bytes.length);
    const occasion: Occasion = { flow, view, isForward, now, effects };
    if (typeof decision === 'string') {
      if (decision === 'pass') this.#letGo(occasion, bytes);
      return;
    }
    const { action, inject, data, note, error } = decision;
    if (data !== undefined && own !== undefined) own.data = data;
    this.inject(inject, now, effects);
    if (note !== null) this.#side.note(`program/${action}`, note, view, effects);
    if (error !== null) {
      this.#counters.failed += 1;
      this.#side.fault(`Program could not tell: ${error}`, this.#counters.failed, effects);
      if (this.#options.onError === 'pass') this.#letGo(occasion, bytes);
      return;
    }
    const disposition = this.#perform(decision, message, occasion, program);
    if (disposition === 'pass') this.#letGo(occasion, this.#changed(view, decision, now) ?? bytes);
    if (decision.flow) this.#side.leave(flow);
  }

  inject(packets: readonly Uint8Array[], now: number, effects: Effects): void {
    for (const packet of packets) effects.emit(packet, now, 'injected');
    this.#counters.injected += packets.length;
  }

  #perform(
    { action, flow, note }: VerdictAnswer,
    message: Message | null,
    occasion: Occasion,
    program: CensorProgram,
  ): Disposition {
    const actions = actionsOf(program, action, flow);
    if (actions.length === 0) return 'pass';
    const verdict: VerdictRule = {
      name: `program/${action}`,
      index: [...OWN_VERDICTS, ...Object.keys(program.actions)].indexOf(action),
      actions,
      words: note ?? 'verdict of the program',
    };
    return this.#side.perform(verdict, message, occasion);
  }

  #changed(view: PacketView, { id, payload }: VerdictAnswer, now: number): Uint8Array | null {
    if (payload === null) return null;
    const packet = replacePayload(view, payload);
    if (packet === null)
      this.#complain(
        `Verdict ${id}: the payload of a fragment, of what is neither TCP nor UDP, or of TCP in another length cannot be replaced`,
        now,
      );
    return packet;
  }

  #letGo(occasion: Occasion, packet: Uint8Array): void {
    if (this.#options.position === 'in-path') this.#side.letGo(occasion, packet);
  }
}
