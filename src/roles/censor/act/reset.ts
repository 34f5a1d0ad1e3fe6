import type { ResetAction } from '../../../model/censor-action.ts';
import type { Disposition } from '../../../model/middlebox.ts';
import { fromHex } from '../../../wire/bytes.ts';
import type { PacketView } from '../../../wire/packet.ts';
import { TCP_FLAG } from '../../../wire/tcp.ts';
import { flagBits } from '../flag-bits.ts';
import { type Firing, inject, triggerOf } from './firing.ts';
import { type Trigger, forgeReset } from './forge.ts';

/** Milliseconds by which a packet for the trigger's receiver follows a trigger that is let through. */
const BEHIND = 0.001;

/** Resets the connection of the packet at hand; `isRepeated` says that it has been reset before. */
export function reset(action: ResetAction, firing: Firing, isRepeated: boolean): Disposition {
  const { view } = firing.occasion;
  // A reset is never answered by a reset (RFC 9293 section 3.10.7.1).
  if (!view.isTcp || (view.flags & TCP_FLAG.RST) !== 0) return 'pass';
  const trigger = triggerOf(firing, action.dropTrigger, isRepeated);
  sendResets(action, firing, trigger);
  return trigger.isDropped ? 'drop' : 'pass';
}

/** Sends the segments of an injecting action. `said`: bytes of sequence space forged towards the client before. */
export function sendResets(action: ResetAction, firing: Firing, trigger: Trigger, said = 0): void {
  const flags = flagBits(action.flags);
  const payload = fromHex(action.payload);
  const { offsets } = action;
  for (const side of ['client', 'server'] as const) {
    if (action.sides !== 'both' && action.sides !== side) continue;
    const isForReceiver = (side === 'client') !== trigger.isForward;
    const isAhead = isForReceiver && !trigger.isDropped && firing.at === firing.occasion.now;
    const start = Math.max(action.delay, isAhead ? BEHIND : 0);
    for (let copy = 0; copy < action.count; copy += 1) {
      const offset = (offsets[copy % offsets.length] ?? 0) + (side === 'client' ? said : 0);
      const shape = { ...drawShape(action, firing, trigger.view), flags, offset, payload };
      const packet = forgeReset(trigger, side, shape);
      if (packet === null) break;
      inject(firing, packet, side, start + copy * action.gap);
    }
  }
}

/** TTL, window and IP identification of one forged segment. */
export function drawShape(
  action: Pick<ResetAction, 'ttl' | 'window' | 'ipId'>,
  { numbers, rule }: Pick<Firing, 'numbers' | 'rule'>,
  view: PacketView,
): { readonly ttl: number; readonly window: number; readonly ipId: number } {
  return {
    ttl: numbers.draw(action.ttl, view.ttl, rule.random),
    window: numbers.draw(action.window, view.window, rule.random),
    ipId: numbers.draw(action.ipId, view.ipId, rule.random),
  };
}
