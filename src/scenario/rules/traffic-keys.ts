import { LONGEST_TIMER } from '../../base/units.ts';
import type { Traffic } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import { millis } from '../resolve/quantity.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Keys that say something only of one kind of traffic. */
const SCHEDULE = ['after', 'at', 'every', 'repeat', 'for', 'concurrency', 'timeout'] as const;
const MISPLACED: Readonly<Record<'serve' | 'probe' | 'run', readonly (keyof Traffic)[]>> = {
  serve: ['from', 'to', 'family', ...SCHEDULE],
  probe: ['on'],
  run: ['to', 'family'],
};

/** The keys of an entry go together. */
export const trafficKeys: Rule = (context) => {
  for (const [index, entry] of (context.scenario.traffic ?? []).entries()) {
    const path = ['traffic', index];
    const kind = entry.serve !== undefined ? 'serve' : entry.probe !== undefined ? 'probe' : 'run';
    for (const key of MISPLACED[kind])
      if (entry[key] !== undefined) reportMisplaced(context, kind, key, path);
    if (kind === 'run' && entry.on !== undefined && entry.from !== undefined)
      context.report('S098', [...path, 'from'], 'The program has two hosts: "on" and "from"', {
        key: true,
        help: 'Remove one of the two',
      });
    checkSchedule(context, entry, path);
  }
};

function reportMisplaced(context: Context, kind: string, key: string, path: Path): void {
  const help =
    kind === 'probe'
      ? 'Use "from" for the host that starts it'
      : kind === 'serve'
        ? `Remove "${key}"`
        : "Write the destination among the program's arguments";
  context.report('S098', [...path, key], `The key "${key}" does not go with "${kind}"`, {
    key: true,
    help,
  });
}

function checkSchedule(context: Context, entry: Traffic, path: Path): void {
  const runs = entry.repeat ?? (entry.for === undefined ? 1 : Infinity);
  const background = !Array.isArray(entry.run) && entry.run?.background === true;
  if (
    background &&
    (entry.repeat !== undefined || entry.every !== undefined || entry.for !== undefined)
  )
    context.report(
      'S096',
      path,
      `The program "${entry.name}" runs in the background and cannot repeat`,
    );
  else if (entry.every !== undefined && runs === 1)
    context.report(
      'S096',
      [...path, 'every'],
      'A flow that runs once has no time between two starts',
      {
        key: true,
        help: 'Add "repeat" or "for"',
      },
    );
  else if (entry.every !== undefined && millis(entry.every) === 0)
    context.report(
      'S096',
      [...path, 'every'],
      'The time between two starts must be longer than nothing',
      {
        help: 'Leave "every" out to start each when the one before has ended',
      },
    );
  if ((entry.concurrency ?? 1) > runs)
    context.report(
      'S096',
      [...path, 'concurrency'],
      `The flow runs ${runs === 1 ? 'once' : `${runs} times`}, but ${entry.concurrency ?? 1} attempts are to run at once`,
      { help: 'Raise "repeat"' },
    );
  for (const key of ['timeout', 'for'] as const)
    if (entry[key] !== undefined && millis(entry[key]) === 0)
      context.report('S096', [...path, key], `Expected a "${key}" longer than nothing`);
  checkLongest(context, entry, path);
}

function checkLongest(context: Context, entry: Traffic, path: Path): void {
  for (const key of ['at', 'every', 'for', 'timeout'] as const)
    if (entry[key] !== undefined && millis(entry[key]) > LONGEST_TIMER)
      context.report(
        'S096',
        [...path, key],
        `Expected a time of at most 596h, found "${entry[key]}"`,
      );
}
