// When each attempt of each flow starts. Pure: time comes in with each event, starts and the next alarm come out.
import type { Flow } from '../model/traffic.ts';

/** One attempt of a flow that must start now. */
export interface Start {
  readonly flow: Flow;
  /** 1 for the first. */
  readonly attempt: number;
}

export interface ScheduleStep {
  readonly state: ScheduleState;
  readonly starts: readonly Start[];
  /** Flows that have ended but for what must be done before others may follow; call `settled` when it is. */
  readonly settling: readonly Flow[];
  /** When to call `tick` again unless an attempt ends before, in milliseconds since traffic started; null: no need. */
  readonly wake: number | null;
  /** Every flow has ended. */
  readonly done: boolean;
}

export type ScheduleState = readonly FlowState[];

interface FlowState {
  readonly flow: Flow;
  /** When the first attempt may start; null while flows named by `after` still run. */
  readonly release: number | null;
  /** When the next attempt may start. */
  readonly due: number;
  readonly started: number;
  readonly running: number;
  /** Whether something must be done when it has ended: not yet due, under way, or nothing (more). */
  readonly settlement: 'ahead' | 'under-way' | 'none';
  /** When the last attempt ended, no further one may start and it is settled; null until then. */
  readonly ended: number | null;
}

/** `settled` names the flows whose end something must follow before others may. */
export const newSchedule = (
  flows: readonly Flow[],
  settled: ReadonlySet<string> = new Set(),
): ScheduleState =>
  flows.map((flow) => ({
    flow,
    release: null,
    due: 0,
    started: 0,
    running: 0,
    settlement: settled.has(flow.name) ? 'ahead' : 'none',
    ended: null,
  }));

/** Notes that an attempt of `flow` ended; call `tick` afterwards. */
export const attemptEnded = (state: ScheduleState, flow: string): ScheduleState =>
  state.map((entry) =>
    entry.flow.name === flow ? { ...entry, running: entry.running - 1 } : entry,
  );

/** Notes that what had to follow the end of `flow` is done; call `tick` afterwards. */
export const flowSettled = (state: ScheduleState, flow: string): ScheduleState =>
  state.map((entry) => (entry.flow.name === flow ? { ...entry, settlement: 'none' } : entry));

/** What starts at `now`, in milliseconds since traffic started. Attempts of background programs end as they start. */
export function tick(state: ScheduleState, now: number): ScheduleStep {
  const starts: Start[] = [];
  let current = state;
  // A flow that ends may release another at once, so it goes on until nothing changes.
  for (let changed = true; changed;) {
    const before = current;
    current = before.map((entry) => advance(release(entry, before), now, starts));
    changed = current.some((entry, index) => entry !== before[index]);
  }
  const alarms = current.flatMap((entry) => alarm(entry, now));
  const wasAhead = (index: number): boolean => state[index]?.settlement === 'ahead';
  return {
    state: current,
    starts,
    settling: current.flatMap(({ flow, settlement }, index) =>
      settlement === 'under-way' && wasAhead(index) ? [flow] : [],
    ),
    wake: alarms.length === 0 ? null : Math.min(...alarms),
    done: current.every((entry) => entry.ended !== null),
  };
}

function release(entry: FlowState, all: ScheduleState): FlowState {
  if (entry.release !== null) return entry;
  const { after, at } = entry.flow.schedule;
  const ends = all.filter((other) => after.includes(other.flow.name)).map((other) => other.ended);
  if (ends.includes(null)) return entry;
  const time = at + ends.reduce<number>((latest, end) => Math.max(latest, end ?? 0), 0);
  return { ...entry, release: time, due: time };
}

function advance(entry: FlowState, now: number, starts: Start[]): FlowState {
  let next = entry;
  while (mayStart(next, now)) {
    starts.push({ flow: next.flow, attempt: next.started + 1 });
    next = {
      ...next,
      started: next.started + 1,
      running: next.running + (isBackground(next.flow) ? 0 : 1),
      due: dueAfter(next, now),
    };
  }
  if (next.ended === null && next.running === 0 && next.started > 0 && !mayStartLater(next, now))
    return afterLastAttempt(next, now);
  return next;
}

function afterLastAttempt(entry: FlowState, now: number): FlowState {
  switch (entry.settlement) {
    case 'ahead':
      return { ...entry, settlement: 'under-way' };
    case 'under-way':
      return entry;
    case 'none':
      return { ...entry, ended: now };
  }
}

const mayStart = (entry: FlowState, now: number): boolean =>
  entry.release !== null &&
  now >= entry.due &&
  entry.running < entry.flow.schedule.concurrency &&
  mayStartLater(entry, now);

function mayStartLater(entry: FlowState, now: number): boolean {
  if (entry.ended !== null) return false;
  // The first attempt always runs, however short the time.
  if (entry.started === 0) return true;
  return entry.started < attempts(entry.flow) && Math.max(now, entry.due) < deadline(entry);
}

function attempts(flow: Flow): number {
  const { repeat, every, for: limit } = flow.schedule;
  if (repeat > 0) return repeat;
  // A background program ends as it starts: without a number or a pace it would start for ever at one moment.
  const endless = limit !== null && (every !== null || !isBackground(flow));
  return endless ? Infinity : 1;
}

const deadline = (entry: FlowState): number =>
  entry.flow.schedule.for === null ? Infinity : (entry.release ?? 0) + entry.flow.schedule.for;

/** Keeps to the grid of `every` when an alarm came late; begins a new grid when a whole period was missed. */
function dueAfter({ due, flow }: FlowState, now: number): number {
  const { every } = flow.schedule;
  if (every === null) return now;
  return now - due < every ? due + every : now + every;
}

function alarm(entry: FlowState, now: number): number[] {
  if (entry.release === null || entry.running >= entry.flow.schedule.concurrency) return [];
  return mayStartLater(entry, now) ? [entry.due] : [];
}

const isBackground = (flow: Flow): boolean => flow.probe.kind === 'run' && flow.probe.background;
