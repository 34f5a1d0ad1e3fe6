// Flows that share a barrier begin their first attempts at one moment, once all of them can.
import type { Plan } from '../model/plan.ts';
import type { Start } from './schedule.ts';
import type { Flow } from '../model/traffic.ts';
import { now } from './clock.ts';

export interface Barriers {
  /**
   * Waits until all flows of the barrier are here and open, and gives the moment at which they begin, microseconds since the
   * epoch; null at once where there is no barrier.
   */
  pass(start: Start<Flow>, open: () => Promise<void>): Promise<number | null>;
}

/** Microseconds from the last that is open to the begin: every agent must have heard of it by then. */
const LEAD = 50_000;
const LEAD_ABROAD = 500_000;

interface Meeting {
  readonly moment: Promise<number>;
  readonly arrive: () => void;
  readonly giveUp: (reason: unknown) => void;
}

export function createBarriers({ flows, machines }: Pick<Plan, 'flows' | 'machines'>): Barriers {
  const lead = machines.some(({ ssh }) => ssh !== null) ? LEAD_ABROAD : LEAD;
  const meetings = new Map<string, Meeting>();
  const meetingOf = (barrier: string): Meeting => {
    const expected = flows.filter((flow) => flow.barrier === barrier).length;
    const meeting = meetings.get(barrier) ?? convene(expected, lead);
    meetings.set(barrier, meeting);
    return meeting;
  };
  return {
    pass: async ({ flow, attempt }, open) => {
      if (flow.barrier === undefined || attempt !== 1) return null;
      const meeting = meetingOf(flow.barrier);
      open().then(meeting.arrive, meeting.giveUp);
      return meeting.moment;
    },
  };
}

function convene(expected: number, lead: number): Meeting {
  let missing = expected;
  let begin: (moment: number) => void = () => undefined;
  let giveUp: (reason: unknown) => void = () => undefined;
  const moment = new Promise<number>((resolve, reject) => {
    begin = resolve;
    giveUp = reject;
  });
  return {
    moment,
    arrive: () => {
      missing -= 1;
      if (missing === 0) begin(now() + lead);
    },
    giveUp,
  };
}
