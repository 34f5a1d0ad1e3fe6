import { Fault } from '../../base/fault.ts';
import type { Plan } from '../../model/plan.ts';
import type { ChangeInTime } from '../../offline/judge-capture.ts';
import type { RunEvent } from '../../report/report.ts';
import { readText } from '../read-text.ts';

/** What the run whose events.ndjson this is did to a censor by its traffic, and when. Throws a usage fault when it is of no run of the plan. */
export function readChanges(file: string, { controls = [] }: Plan, censor: string): ChangeInTime[] {
  const changes: ChangeInTime[] = [];
  for (const [index, line] of readText(file).split('\n').entries()) {
    if (line === '') continue;
    const event = parseEvent(line, `${file}:${index + 1}`);
    if (event.kind !== 'control' || event.censor !== censor) continue;
    const control = controls.find(({ name }) => name === event.control);
    if (control === undefined || !('censor' in control))
      throw new Fault('usage', `The scenario has no control "${event.control}" as "${file}" has`, {
        help: 'Name the scenario.yaml that lies beside it',
      });
    changes.push({ time: event.time, change: control.do });
  }
  return changes;
}

function parseEvent(line: string, place: string): RunEvent {
  const event = parseLine(line);
  if (event === null)
    throw new Fault('usage', `Expected an event of a run in ${place}`, {
      help: 'Name the events.ndjson of a results folder',
    });
  return event;
}

function parseLine(line: string): RunEvent | null {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' ? (parsed as RunEvent | null) : null;
  } catch {
    return null;
  }
}
