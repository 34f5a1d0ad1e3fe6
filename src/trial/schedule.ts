// When each attempt of each flow starts. Pure: time comes in with each event, starts and the next alarm come out.
import { seededRandom } from '../base/random.ts';
import type { Control, Flow, Pace, Schedule } from '../model/traffic.ts';

/** What has a place in the timeline: a flow, or something that is done to a censor or a proxy and ends when it is in force. */
export type TimelineEntry = Flow | ControlEntry;

/** A `Control` as the timeline takes it. */
export interface ControlEntry {
  readonly name: string;
  readonly schedule: Schedule;
  readonly barrier?: undefined;
  readonly control: Control;
}

export function controlEntry(control: Control): ControlEntry {
  const { name, at, after } = control;
  const schedule = { at, after, repeat: 1, pace: null, for: null, concurrency: 1 };
  return { name, schedule, control };
}

/** One attempt of a flow, or a control, that must start now. */
export interface Start<Entry extends TimelineEntry = TimelineEntry> {
  readonly flow: Entry;
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

export interface ScheduleState {
  readonly seed: number;
  /** Places of flows among the entries, by name. */
  readonly places: ReadonlyMap<string, number>;
  readonly entries: readonly FlowState[];
}

interface FlowState {
  readonly flow: TimelineEntry;
  /** When the first attempt may start, and with a barrier has; null while flows named by `after` still run. */
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

/** Milliseconds by which a start may be late and the pace still be kept: beyond, a drawn pace begins anew. */
const LATENESS = 100;

/** `settled` names the flows whose end something must follow before others may; paces are drawn from `seed`. */
export const newSchedule = (
  flows: readonly TimelineEntry[],
  settled: ReadonlySet<string> = new Set(),
  seed = 1,
): ScheduleState => ({
  seed,
  places: new Map(flows.map(({ name }, index) => [name, index])),
  entries: flows.map((flow) => ({
    flow,
    release: null,
    due: 0,
    started: 0,
    running: 0,
    settlement: settled.has(flow.name) ? 'ahead' : 'none',
    ended: null,
  })),
});

/** Notes that an attempt of `flow` ended; call `tick` afterwards. */
export const attemptEnded = (state: ScheduleState, flow: string): ScheduleState =>
  withEntry(state, flow, (entry) => ({ ...entry, running: entry.running - 1 }));

/** Notes that what had to follow the end of `flow` is done; call `tick` afterwards. */
export const flowSettled = (state: ScheduleState, flow: string): ScheduleState =>
  withEntry(state, flow, (entry) => ({ ...entry, settlement: 'none' }));

function withEntry(
  state: ScheduleState,
  flow: string,
  change: (entry: FlowState) => FlowState,
): ScheduleState {
  const place = state.places.get(flow) ?? -1;
  const entry = state.entries[place];
  return entry === undefined
    ? state
    : { ...state, entries: state.entries.with(place, change(entry)) };
}

/** What starts at `now`, in milliseconds since traffic started. Attempts of background programs end as they start. */
export function tick(state: ScheduleState, now: number): ScheduleStep {
  const starts: Start[] = [];
  let current = state.entries;
  // A flow that ends may release another at once, so it goes on until nothing changes.
  for (let changed = true; changed;) {
    const before = current;
    const released = before.map((entry) => release(entry, before, state.places));
    const barred = barriers(released, now);
    current = released.map((entry) => advance(entry, now, barred, state.seed, starts));
    changed = current.some((entry, index) => entry !== before[index]);
  }
  let wake = Infinity;
  for (const entry of current) wake = Math.min(wake, alarm(entry, now));
  const wasAhead = (index: number): boolean => state.entries[index]?.settlement === 'ahead';
  return {
    state: { ...state, entries: current },
    starts,
    settling: current.flatMap(({ flow, settlement }, index) =>
      settlement === 'under-way' && wasAhead(index) && !('control' in flow) ? [flow] : [],
    ),
    wake: wake === Infinity ? null : wake,
    done: current.every((entry) => entry.ended !== null),
  };
}

function release(
  entry: FlowState,
  all: readonly FlowState[],
  places: ScheduleState['places'],
): FlowState {
  if (entry.release !== null) return entry;
  let time = 0;
  for (const name of entry.flow.schedule.after) {
    const other = all[places.get(name) ?? -1];
    if (other === undefined) continue;
    if (other.ended === null) return entry;
    time = Math.max(time, other.ended);
  }
  time += entry.flow.schedule.at;
  return { ...entry, release: time, due: time };
}

/** Barriers behind which a flow is that may not start yet. */
function barriers(all: readonly FlowState[], now: number): ReadonlySet<string> {
  const barred = new Set<string>();
  for (const { flow, started, release: time, due } of all)
    if (flow.barrier !== undefined && started === 0 && (time === null || now < due))
      barred.add(flow.barrier);
  return barred;
}

function advance(
  entry: FlowState,
  now: number,
  barred: ReadonlySet<string>,
  seed: number,
  starts: Start[],
): FlowState {
  const { barrier } = entry.flow;
  if (entry.started === 0 && barrier !== undefined && barred.has(barrier)) return entry;
  let next = entry;
  while (mayStart(next, now)) {
    starts.push({ flow: next.flow, attempt: next.started + 1 });
    next = {
      ...next,
      release: next.started === 0 && barrier !== undefined ? now : next.release,
      started: next.started + 1,
      running: next.running + (isBackground(next.flow) ? 0 : 1),
      due: dueAfter(next, now, seed),
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

function attempts(flow: TimelineEntry): number {
  const { repeat, pace, for: limit } = flow.schedule;
  if (repeat > 0) return repeat;
  // A background program ends as it starts: without a number or a pace it would start for ever at one moment.
  const endless = limit !== null && (pace !== null || !isBackground(flow));
  return endless ? Infinity : 1;
}

const deadline = (entry: FlowState): number =>
  entry.flow.schedule.for === null ? Infinity : (entry.release ?? 0) + entry.flow.schedule.for;

/** Keeps to the pace when an alarm came late; begins anew when a whole period was missed. */
function dueAfter({ due, flow, started }: FlowState, now: number, seed: number): number {
  const { pace } = flow.schedule;
  if (pace === null) return now;
  const from = started === 0 && flow.barrier !== undefined ? now : due;
  const gap = gapOf(pace, started, seed, flow.name);
  return now - from < latenessOf(pace) ? from + gap : now + gap;
}

const latenessOf = (pace: Pace): number => (pace.kind === 'even' ? pace.every : LATENESS);

/** Milliseconds from the start number `index`, counted from 0, to the next. */
function gapOf(pace: Pace, index: number, seed: number, flow: string): number {
  switch (pace.kind) {
    case 'even':
      return pace.every;
    case 'poisson':
      return -pace.mean * Math.log(1 - seededRandom(seed, `${flow}/pace/${index}`).next());
    case 'gaps':
      return pace.gaps[index % pace.gaps.length] ?? 0;
  }
}

/** When to look at the flow again; one that a barrier alone holds is looked at when the last of the others is due. */
function alarm(entry: FlowState, now: number): number {
  const { flow, running, started, due } = entry;
  if (entry.release === null || running >= flow.schedule.concurrency) return Infinity;
  if (started === 0 && flow.barrier !== undefined && due <= now) return Infinity;
  return mayStartLater(entry, now) ? due : Infinity;
}

const isBackground = (flow: TimelineEntry): boolean =>
  !('control' in flow) && flow.probe.kind === 'run' && flow.probe.background;
