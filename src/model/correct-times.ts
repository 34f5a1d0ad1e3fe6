// What a machine told, with the times that the controller's clock would have told.
import { type ClockRecord, correctTime } from './machine.ts';
import type { AgentEvent } from './rpc.ts';
import type { Observation } from './observation.ts';

export function correctEvent(event: AgentEvent, clock: ClockRecord): AgentEvent {
  const time = correctTime(clock, event.time);
  if (event.kind !== 'tunnel-statistics') return { ...event, time };
  const corrected = (at: number): number => correctTime(clock, at);
  const switches = event.switches.map((one) => ({ ...one, time: corrected(one.time) }));
  const paths = event.paths.map((path) => ({
    ...path,
    silences: path.silences.map(({ from, to }) => ({
      from: corrected(from),
      to: to === null ? null : corrected(to),
    })),
  }));
  return { ...event, time, paths, switches };
}

/** What it timed itself is longer or shorter by the drift. */
export function correctObservation(observation: Observation, clock: ClockRecord): Observation {
  const { parties } = observation;
  return {
    ...observation,
    ...correctSpan(observation, clock),
    ...(parties && {
      parties: parties.map((report) => ({ ...report, ...correctSpan(report, clock) })),
    }),
  };
}

type Span = Pick<Observation, 'start' | 'end' | 'timings'>;

function correctSpan({ start, end, timings }: Span, clock: ClockRecord): Span {
  const pace = 1 + clock.drift / 1_000_000;
  return {
    start: correctTime(clock, start),
    end: correctTime(clock, end),
    timings: Object.fromEntries(
      Object.entries(timings).map(([name, millis]) => [name, millis * pace]),
    ),
  };
}
