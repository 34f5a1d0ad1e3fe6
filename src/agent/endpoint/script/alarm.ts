// Wakes at a moment of the packets' clock, to some ten microseconds where Node's timers are late by a millisecond.
import { LONGEST_TIMER } from '../../../base/units.ts';
import { nowMicros } from '../clock.ts';

export interface Alarm {
  /** From now on the moment is `due`, microseconds since the epoch; Infinity: none. */
  set(due: number): void;
}

/** Microseconds before the moment from which the event loop is asked turn by turn, instead of a timer. */
const FINE = 2500;

/** Alarms that are almost due; all of a thread share one row of turns. */
const near = new Set<() => void>();
let isTurning = false;

function turn(): void {
  for (const look of near) look();
  isTurning = near.size > 0;
  if (isTurning) setImmediate(turn);
}

function watch(look: () => void): void {
  near.add(look);
  if (isTurning) return;
  isTurning = true;
  setImmediate(turn);
}

export function createAlarm(ring: (now: number) => void): Alarm {
  let due = Infinity;
  let timer: NodeJS.Timeout | undefined;
  /** When the timer looks again: an alarm that is put off leaves it as it is. */
  let looksAt = Infinity;

  const look = (): void => {
    const now = nowMicros();
    if (due - now > FINE) {
      near.delete(look);
      wait(now);
    } else if (now >= due) {
      near.delete(look);
      due = Infinity;
      ring(now);
    } else watch(look);
  };
  const onTimer = (): void => {
    timer = undefined;
    looksAt = Infinity;
    look();
  };
  const wait = (now: number): void => {
    if (due === Infinity || looksAt <= due) return;
    clearTimeout(timer);
    const millis = Math.min(Math.floor((due - FINE - now) / 1000) + 1, LONGEST_TIMER);
    looksAt = now + millis * 1000;
    timer = setTimeout(onTimer, millis);
  };
  return {
    set: (moment) => {
      if (moment === due) return;
      due = moment;
      if (due === Infinity) {
        near.delete(look);
        clearTimeout(timer);
        timer = undefined;
        looksAt = Infinity;
        return;
      }
      const now = nowMicros();
      if (due - now <= FINE) watch(look);
      else {
        near.delete(look);
        wait(now);
      }
    },
  };
}
