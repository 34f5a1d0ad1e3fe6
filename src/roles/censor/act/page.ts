import type { BlockPageAction } from '../../../model/censor-action.ts';
import type { Disposition } from '../../../model/middlebox.ts';
import { flagBits } from '../flag-bits.ts';
import { renderBlockPage } from './block-page.ts';
import { type Firing, inject, triggerOf } from './firing.ts';
import { drawShape, sendResets } from './reset.ts';
import { StandIn } from './stand-in.ts';

/** Answers a request in the server's place. In-path with the request dropped, the server stays out of it from here on: `standIn`. */
export function showPage(
  action: BlockPageAction,
  firing: Firing,
): { readonly disposition: Disposition; readonly standIn: StandIn | null } {
  const { view, isForward } = firing.occasion;
  if (!isForward || !view.isTcp) return { disposition: 'pass', standIn: null };
  const trigger = triggerOf(firing, action.dropTrigger, false);
  const { numbers, rule } = firing;
  const standIn = new StandIn(
    {
      bytes: renderBlockPage(action),
      flags: flagBits(action.flags),
      shape: (later) => drawShape(action, { numbers, rule }, later),
    },
    trigger,
  );
  for (const packet of standIn.segments(trigger)) inject(firing, packet, 'client', 0);
  if (action.teardown !== null) sendResets(action.teardown, firing, trigger, standIn.length);
  if (!trigger.isDropped) return { disposition: 'pass', standIn: null };
  return { disposition: 'drop', standIn };
}
