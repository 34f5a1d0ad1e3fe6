import { LONGEST_TIMER } from '../../base/units.ts';
import type { Traffic } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import { millis } from '../resolve/quantity.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** Keys that say something only of one kind of traffic. */
const SCHEDULE = ['after', 'at', 'every', 'repeat', 'for', 'concurrency', 'timeout'] as const;
const SCRIPT = ['between', 'transport', 'parties', 'tls', 'raw'] as const;
const CONTROL = ['do', 'rules', 'program'] as const;
const SWITCH = ['fault', 'rule', 'enabled'] as const;
type Kind =
  'serve' | 'probe' | 'run' | 'script' | 'replay' | 'visit' | 'censor' | 'proxy' | 'tunnel';
/** What happens once, at a part of the lab that is where it is, has none of these. */
const ONCE = [
  ...(['on', 'from', 'to', 'family', 'barrier', ...SCRIPT] as const),
  ...(['every', 'repeat', 'for', 'concurrency', 'timeout'] as const),
] as const;
const MISPLACED: Readonly<Record<Kind, readonly (keyof Traffic)[]>> = {
  serve: ['from', 'to', 'family', 'barrier', ...SCRIPT, ...SCHEDULE, ...CONTROL, ...SWITCH, 'over'],
  probe: ['on', ...SCRIPT, ...CONTROL, ...SWITCH, 'over'],
  run: ['to', 'family', ...SCRIPT, ...CONTROL, ...SWITCH, 'over'],
  script: ['on', ...CONTROL, ...SWITCH, 'over'],
  replay: ['on', 'transport', 'tls', 'raw', ...CONTROL, ...SWITCH, 'over'],
  visit: [
    ...(['on', 'to', 'family', ...SCRIPT, ...CONTROL, ...SWITCH, 'over'] as const),
    ...(['every', 'repeat', 'for', 'concurrency', 'timeout'] as const),
  ],
  censor: [...ONCE, ...SWITCH, 'over'],
  proxy: [...ONCE, ...CONTROL, 'over'],
  tunnel: [...ONCE, ...CONTROL, 'fault', 'rule'],
};
const KINDS = [
  ...(['serve', 'probe', 'script', 'replay', 'visit'] as const),
  ...(['censor', 'proxy', 'tunnel'] as const),
];

/** The keys of an entry go together. */
export const trafficKeys: Rule = (context) => {
  for (const [index, entry] of (context.scenario.traffic ?? []).entries()) {
    const path = ['traffic', index];
    const kind = KINDS.find((key) => entry[key] !== undefined) ?? 'run';
    for (const key of MISPLACED[kind])
      if (entry[key] !== undefined) reportMisplaced(context, kind, key, path);
    if (kind === 'run' && entry.on !== undefined && entry.from !== undefined)
      context.report('S098', [...path, 'from'], 'The program has two hosts: "on" and "from"', {
        key: true,
        help: 'Remove one of the two',
      });
    if (kind === 'script' || kind === 'replay') checkScript(context, entry, path);
    checkSchedule(context, entry, path);
  }
};

function reportMisplaced(context: Context, kind: Kind, key: keyof Traffic, path: Path): void {
  const help = misplacedHelp(kind, key);
  context.report('S098', [...path, key], `The key "${key}" does not go with "${kind}"`, {
    key: true,
    help,
  });
}

function misplacedHelp(kind: Kind, key: keyof Traffic): string {
  if (CONTROL.some((own) => own === key)) return 'It goes with "censor"';
  if (SWITCH.some((own) => own === key)) return 'It goes with "proxy"';
  if (key === 'over') return 'It goes with "tunnel"';
  if (kind === 'serve' || SCRIPT.some((own) => own === key)) return `Remove "${key}"`;
  switch (kind) {
    case 'censor':
    case 'proxy':
    case 'tunnel':
      return key === 'on' || key === 'from'
        ? `The ${kind} is where it is`
        : 'It happens once: remove it';
    case 'probe':
      return 'Use "from" for the host that starts it';
    case 'visit':
      return visitHelp(key);
    case 'run':
      return "Write the destination among the program's arguments";
    case 'script':
    case 'replay':
      return 'Name its parties by "between: [client, server:9000]"';
  }
}

function visitHelp(key: keyof Traffic): string {
  if (key === 'on') return 'Use "from" for the host that visits';
  if (key === 'repeat' || key === 'timeout')
    return `Write it within "visit", of each page: visit: { ${key}: … }`;
  if (key === 'every' || key === 'concurrency' || key === 'for')
    return 'One visit follows the other: "settle" and "drain" within "visit" say how closely';
  return 'The URLs say where it goes: remove it';
}

/** Keys of a script that contradict others. */
function checkScript(context: Context, entry: Traffic, path: Path): void {
  const misplaced = (key: keyof Traffic, message: string, help: string): void => {
    if (entry[key] !== undefined)
      context.report('S098', [...path, key], message, { key: true, help });
  };
  if (entry.between !== undefined)
    for (const key of ['from', 'to'] as const)
      misplaced(key, `The parties are named by "between" and by "${key}"`, `Remove "${key}"`);
  if (entry.transport !== 'tls')
    misplaced('tls', 'The key "tls" goes with the transport "tls" alone', 'Add "transport: tls"');
  if (entry.transport !== 'raw-tcp')
    misplaced(
      'raw',
      'The key "raw" goes with the transport "raw-tcp" alone',
      'Add "transport: raw-tcp"',
    );
}

function checkSchedule(context: Context, entry: Traffic, path: Path): void {
  const isOnce = entry.for === undefined || millis(entry.for) === 0;
  const hasGaps = typeof entry.every === 'object' && entry.every.gaps !== undefined;
  const runs = entry.repeat ?? (isOnce && !hasGaps ? 1 : Infinity);
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
  else if (shortest(entry.every) === 0)
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
  if (entry.timeout !== undefined && millis(entry.timeout) === 0)
    context.report('S096', [...path, 'timeout'], 'Expected a "timeout" longer than nothing');
  if (background && entry.barrier !== undefined)
    context.report(
      'S098',
      [...path, 'barrier'],
      'A program in the background starts with the services and waits at no barrier',
      { key: true, help: 'Remove "barrier"' },
    );
  checkLongest(context, entry, path);
}

/** Milliseconds between two starts, as far as the file itself says it. */
function shortest(every: Traffic['every']): number | undefined {
  const written = typeof every === 'object' ? every.poisson : every;
  return written === undefined ? undefined : millis(written);
}

function checkLongest(context: Context, entry: Traffic, path: Path): void {
  const { at, for: limit, timeout } = entry;
  const every = typeof entry.every === 'object' ? entry.every.poisson : entry.every;
  for (const [key, written] of Object.entries({ at, every, for: limit, timeout }))
    if (written !== undefined && millis(written) > LONGEST_TIMER)
      context.report('S096', [...path, key], `Expected a time of at most 596h, found "${written}"`);
}
