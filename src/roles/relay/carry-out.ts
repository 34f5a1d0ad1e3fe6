// What a rule does with a message as a whole: it is written down on its seat, and done when its turn comes.
import { seededRandom } from '../../base/random.ts';
import type { Side } from '../../wire/protocol/contract.ts';
import { Hold } from './hold.ts';
import { otherSide } from './hook.ts';
import type { LaneHost } from './lane-host.ts';
import type { CompiledRule, MessageAct } from './rules/compiled-rule.ts';
import type { Seat, SeatEnding } from './seat.ts';
import type { Shared } from './shared.ts';

/** Who sends the message, and on whose behalf something is done with it. */
export interface ActPlace {
  readonly side: Side;
  readonly shared: Shared;
  readonly host: LaneHost;
  readonly rule: CompiledRule;
  readonly retry: (seat: Seat, now: number) => void;
}

const MICROS = 1000;

/** Whether it could be done: of a message that never came there is nothing to send again. */
export function carryOut(act: MessageAct, seat: Seat, place: ActPlace, now: number): boolean {
  const { host, shared, retry } = place;
  /** Nothing waits for others for longer. */
  const patience = shared.spec.limits.processTimeout * MICROS;
  switch (act.kind) {
    case 'drop':
      seat.isDropped = true;
      return true;
    case 'delay': {
      seat.notBefore = Math.max(seat.notBefore, now + drawDelay(act.for, seat, place));
      host.timers.set(seat.notBefore, (then) => retry(seat, then));
      return true;
    }
    case 'duplicate':
      seat.copies += act.times;
      return true;
    case 'reorder':
      seat.behind = act.behind;
      host.timers.set(now + patience, (then) => {
        seat.behind = 0;
        retry(seat, then);
      });
      return true;
    case 'inject':
      return inject(act, seat, place, now);
    case 'replace': {
      const bytes = shared.written.find(act.message, place.side, host.earlier, {
        from: place.side,
        bytes: seat.bytes,
      });
      if (bytes !== null) seat.bytes = bytes;
      return bytes !== null;
    }
    case 'split':
      seat.splitting = { sizes: act.sizes, gap: act.gap * MICROS };
      return true;
    case 'coalesce':
      seat.following = act.with;
      return true;
    case 'hold': {
      const hold = new Hold(act, (then) => retry(seat, then));
      seat.hold = hold;
      host.holds.add(hold);
      host.timers.set(now + act.for * MICROS, (then) => hold.end(then));
      return true;
    }
    case 'state':
      host.state = act.state;
      return true;
    case 'blackhole':
      finishWith(act.both ? 'blackhole-both' : 'blackhole', seat, place.rule);
      return true;
    case 'reset':
    case 'close':
      finishWith(act.kind, seat, place.rule);
      return true;
  }
}

function drawDelay(
  { low, high }: Extract<MessageAct, { readonly kind: 'delay' }>['for'],
  seat: Seat,
  { host, shared, rule }: ActPlace,
): number {
  const name = `delay ${rule.rule.name} ${host.number} ${seat.message}`;
  const share = low < high ? seededRandom(shared.seed, name).next() : 0;
  return Math.round((low + share * (high - low)) * MICROS);
}

function inject(
  { message, where }: Extract<MessageAct, { readonly kind: 'inject' }>,
  seat: Seat,
  { host, shared, side }: ActPlace,
  now: number,
): boolean {
  // What goes back comes from the other side, as far as the sender can tell.
  const from = where === 'back' ? otherSide(side) : side;
  const bytes = shared.written.find(message, from, host.earlier, { from: side, bytes: seat.bytes });
  if (bytes === null) return false;
  switch (where) {
    case 'before':
      (seat.before ??= []).push(bytes);
      return true;
    case 'after':
      (seat.after ??= []).push(bytes);
      return true;
    case 'back':
      host.inject(side, bytes, now);
      return true;
  }
}

/** With the session ends its message, unless the rule cuts it: then what is left of it is the last that is seen. */
function finishWith(ending: SeatEnding, seat: Seat, { edits }: CompiledRule): void {
  seat.ending = ending;
  if (!edits.some(({ kind }) => kind === 'cut')) seat.isDropped = true;
}
