// How the calling thread is scheduled beside others. sched(7).
import { setPriority } from 'node:os';
import { loadNative } from './native.ts';

interface ScheduleCalls {
  sliceSet(nanoseconds: number): void;
}

const native = loadNative() as ScheduleCalls;

/** Nanoseconds: the shortest turn that Linux grants. */
const SHORT_TURN = 100_000;
const PRIORITY = -15;

/**
 * Has the calling thread's turns begin sooner once there is something to do, without taking more of the machine than others: for one that
 * must not be in the way of the programs that it looks at.
 */
export const takeShortTurns = (): void => native.sliceSet(SHORT_TURN);

/**
 * Lets the calling thread go before the programs that it delays or plays against, as far as the machine lets it: what leaves on time
 * is kept by this thread alone. Anybody may ask for short turns, which begin sooner once there is something to do.
 */
export function hurry(): void {
  takeShortTurns();
  try {
    // 0 is the calling thread: setpriority(2), "C library/kernel differences".
    setPriority(0, PRIORITY);
  } catch {
    // An ordinary user may not; packets then leave a little later on a busy machine.
  }
}
