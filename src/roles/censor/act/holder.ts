// Which segments of clients wait: those with which it is not clear yet whether a rule has their connection taken over.
import type { CensorReassembly } from '../../../model/censor.ts';
import { PacketView } from '../../../wire/packet.ts';
import { HeldSegments, type HeldTotal } from '../../intercept/held-segments.ts';
import type { Occasion } from '../occasion.ts';
import { advance } from '../state/follow-sequences.ts';

export class Holder {
  readonly #reassembly: CensorReassembly;
  /** What waits in all flows. */
  readonly #total: HeldTotal = { bytes: 0 };

  constructor(reassembly: CensorReassembly) {
    this.#reassembly = reassembly;
  }

  /** Whether the packet waits; it completed a message, or did not. What does not wait lets what did go on. */
  holds(occasion: Occasion, isComplete: boolean): boolean {
    const { flow, view } = occasion;
    const isUnclear = this.#reassembly.tcp && flow.stream !== null && !isComplete;
    if (isUnclear && flow.forwardRules.takesOver) {
      flow.held ??= new HeldSegments(this.#total);
      if (flow.held.hold(view)) return true;
    }
    if (view.payloadLength > 0) this.release(occasion);
    return false;
  }

  /** What waits goes on: the connection stays that of its ends. */
  release({ flow, now, effects }: Occasion): void {
    if (flow.held === null || flow.held.isOver) return;
    const view = new PacketView();
    for (const packet of flow.held.release(now, effects))
      if (view.load(packet, 0, packet.length)) advance(flow, view, true);
  }
}
