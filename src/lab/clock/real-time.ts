// The controller's CLOCK_REALTIME, which packets are stamped with, to a few microseconds. Node tells it in whole milliseconds
// (Date.now) and another clock in nanoseconds (performance.now, CLOCK_MONOTONIC): the two drift apart while NTP slews. Each
// reading of both bounds their difference, and readings around a turn of the millisecond bound it closely.
import { MOST_DRIFT } from './line.ts';

/** A moment, microseconds since the epoch: it lies between the two, both included. */
export interface Moment {
  readonly earliest: number;
  readonly latest: number;
}

export interface RealTime {
  /** Now. May take up to about a millisecond of computing when it was not asked for a while. */
  now(): Moment;
}

/** What is read: `Date.now()` and `performance.now()`, milliseconds. */
export interface Clocks {
  readonly coarse: () => number;
  readonly fine: () => number;
}

/** Milliseconds. */
const CLOSE_ENOUGH = 0.01;
const CLOSEST = 0.003;
const LONGEST_SEARCH = 3;

const NODE_CLOCKS: Clocks = { coarse: () => Date.now(), fine: () => performance.now() };

/** A time that one process's exchanges with all machines may share. */
export function openRealTime({ coarse, fine }: Clocks = NODE_CLOCKS): RealTime {
  // What to add to the fine clock, milliseconds, as it was at `readAt` of that clock.
  let low = -Infinity;
  let high = Infinity;
  let readAt = 0;

  /** The whole millisecond that is told began no later than `after`, and the next had not begun at `before`. */
  const read = (): void => {
    const before = fine();
    const told = coarse();
    const after = fine();
    const slew = ((after - readAt) * MOST_DRIFT) / 1e6;
    low = Math.max(low - slew, told - after);
    high = Math.min(high + slew, told + 1 - before);
    readAt = after;
    // The clock was set.
    if (low > high) [low, high] = [told - after, told + 1 - before];
  };

  return {
    now() {
      read();
      if (high - low > CLOSE_ENOUGH) {
        const limit = readAt + LONGEST_SEARCH;
        while (high - low > CLOSEST && readAt < limit) read();
      }
      const at = fine();
      return { earliest: (at + low) * 1000, latest: (at + high) * 1000 };
    },
  };
}
