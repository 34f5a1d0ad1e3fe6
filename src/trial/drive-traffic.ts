import { LONGEST_TIMER } from '../base/units.ts';
import {
  type Start,
  type TimelineEntry,
  attemptEnded,
  flowSettled,
  newSchedule,
  tick,
} from './schedule.ts';
import type { Flow } from '../model/traffic.ts';
import { invariant } from '../base/invariant.ts';

/** What follows the end of some flows before others may begin. */
export interface Settling {
  readonly flows: ReadonlySet<string>;
  readonly settle: (flow: Flow) => Promise<void>;
}

const NO_SETTLING: Settling = { flows: new Set(), settle: () => Promise.resolve() };

/**
 * Plays the schedule on the real clock until every flow has ended; `run` does one attempt. Rejects as soon as an attempt
 * does; paces are drawn from `seed`. When `stop` aborts nothing more is started and the promise stays open.
 */
export function driveTraffic(
  flows: readonly TimelineEntry[],
  run: (start: Start) => Promise<void>,
  stop: AbortSignal,
  settling: Settling = NO_SETTLING,
  seed = 1,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    let state = newSchedule(flows, settling.flows, seed);
    let alarm: NodeJS.Timeout | undefined;
    stop.addEventListener('abort', () => clearTimeout(alarm), { once: true });

    const launch = (start: Start): void => {
      run(start).then(() => {
        if (isBackground(start.flow)) return;
        state = attemptEnded(state, start.flow.name);
        turn();
      }, reject);
    };
    const settle = (flow: Flow): void => {
      settling.settle(flow).then(() => {
        state = flowSettled(state, flow.name);
        turn();
      }, reject);
    };
    const turn = (): void => {
      clearTimeout(alarm);
      if (stop.aborted) return;
      const now = performance.now() - begun;
      const step = tick(state, now);
      state = step.state;
      step.starts.forEach(launch);
      step.settling.forEach(settle);
      if (step.done) resolve();
      else if (step.wake !== null)
        alarm = setTimeout(turn, Math.min(step.wake - now, LONGEST_TIMER));
    };

    invariant(!waitsForItself(flows), 'Flows that wait for each other are refused by the compiler');
    turn();
  });
}

export const isBackground = (flow: TimelineEntry): boolean =>
  !('control' in flow) && flow.probe.kind === 'run' && flow.probe.background;

function waitsForItself(flows: readonly TimelineEntry[]): boolean {
  let waiting = flows;
  for (;;) {
    const names = new Set(waiting.map((flow) => flow.name));
    const rest = waiting.filter((flow) => flow.schedule.after.some((name) => names.has(name)));
    if (rest.length === waiting.length) return rest.length > 0;
    waiting = rest;
  }
}
