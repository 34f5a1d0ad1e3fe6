// One rule, or a residual block, acting on one packet.
import type { Message } from '../inspect/message.ts';
import type { Occasion } from '../occasion.ts';
import type { ActingRule } from './acting-rule.ts';
import { type Trigger, segmentEnd } from './forge.ts';
import type { Numbers } from './number-source.ts';

export interface Firing {
  readonly rule: ActingRule;
  readonly occasion: Occasion;
  /** Null where packets alone are looked at. */
  readonly message: Message | null;
  /** When it takes effect, microseconds since the epoch: now, or later. */
  readonly at: number;
  /** Whether the packet at hand can be kept from its receiver: not on-path, and not where the effect comes later. */
  readonly canHold: boolean;
  readonly numbers: Numbers;
}

/** A trigger that is let through counts as received before anything is forged: what is forged travels behind it. */
export function triggerOf(firing: Firing, dropTrigger: boolean, isRepeated: boolean): Trigger {
  const { flow, view, isForward } = firing.occasion;
  const isDropped = dropTrigger && firing.canHold;
  if (!isDropped && view.isTcp)
    (isForward ? flow.forward : flow.reverse).advance(view.sequence, segmentEnd(view));
  return { flow, view, isForward, isDropped, isRepeated };
}

/** Sends a forged packet to one side, `delay` milliseconds after the effect begins. */
export function inject(
  { occasion, at }: Pick<Firing, 'occasion' | 'at'>,
  packet: Uint8Array,
  side: 'client' | 'server',
  delay: number,
): void {
  const { flow, isForward } = occasion;
  const toSender = (side === 'client') === isForward;
  const adapted = flow.treatment?.adapt(packet, side, toSender) ?? packet;
  occasion.effects.emit(adapted, at + delay * 1000, 'injected');
}
