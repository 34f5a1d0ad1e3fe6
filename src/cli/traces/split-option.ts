// `--split POLICY[,setting=value…]`: what a tunnel's `migrate` says, on one line.
import type { MovingPolicy } from '../../analysis/traces/split-trace.ts';
import { Fault } from '../../base/fault.ts';
import { nearest } from '../../base/nearest.ts';
import { parseMillis } from '../../base/units.ts';
import { readSwitches, switchedNames } from '../../model/read-switches.ts';
import type { MigrationPeriod, MigrationPolicy, TraceSwitch } from '../../model/tunnel.ts';

export interface Split {
  readonly policy: MovingPolicy;
  /** `1` to `n`, or the names that a file of switches has. */
  readonly paths: readonly string[];
}

/** The settings that each policy has, besides `paths`. */
const SETTINGS: Readonly<Record<MigrationPolicy, readonly string[]>> = {
  none: [],
  'round-robin': ['every'],
  uniform: ['every'],
  dirichlet: ['every', 'alpha'],
  weighted: ['every', 'weights'],
  batched: ['every', 'alpha', 'batch'],
  trace: ['file'],
};
export const SPLIT_POLICIES: readonly string[] = Object.keys(SETTINGS);

/** CoMPS's simulation: 50 packets a turn, 3 paths. */
const PACKETS = 50;
const PATHS = 3;
const MOST_PATHS = 64;
/** TrafficSliver's: from 50 to 70 packets a batch. */
const BATCH = { low: 50, high: 70 };

/** Throws a usage fault; `origin` is what it names. `readText` reads a file of switches. */
export function parseSplit(
  text: string,
  origin: string,
  readText: (file: string) => string,
): Split {
  const [name = '', ...rest] = text.split(',').map((word) => word.trim());
  if (!isPolicy(name)) throw unknownWord(name, 'a policy', SPLIT_POLICIES, origin);
  const settings = readSettings(name, rest, origin);
  const whole = (what: string, found: string, high: number): number => {
    if (/^\d+$/.test(found) && Number(found) >= 1 && Number(found) <= high) return Number(found);
    throw wrong(`a whole number from 1 to ${high} as "${what}"`, found, origin);
  };
  const above = (what: string, found: string): number => {
    if (/^\d*\.?\d+$/.test(found) && Number(found) > 0) return Number(found);
    throw wrong(`a number above 0 as "${what}"`, found, origin);
  };
  const weights = readWeights(settings.get('weights'), origin);
  const count =
    settings.get('paths') === undefined
      ? Math.max(weights.length, name === 'weighted' ? 0 : PATHS)
      : whole('paths', settings.get('paths') ?? '', MOST_PATHS);
  if (name === 'weighted' && weights.length === 0)
    throw new Fault('usage', `The policy "weighted" in ${origin} has no weights`, {
      help: 'Give one a path: weighted,weights=0.1/0.3/0.6',
    });
  if (name === 'weighted' && weights.length !== count)
    throw wrong(`${count} weights, one a path,`, settings.get('weights') ?? '', origin);
  const file = name === 'trace' ? fileOf(settings.get('file'), origin, readText) : null;
  const names = file === null ? [] : switchedNames(file.text);
  if (names.length > MOST_PATHS)
    throw wrong(`at most ${MOST_PATHS} paths`, `${names.length}`, origin);
  if (names.length > 0 && settings.has('paths') && names.length !== count)
    throw wrong(`${names.length} paths, as the file names them,`, `${count}`, origin);
  const paths =
    names.length > 0 ? names : Array.from({ length: count }, (_, index) => `${index + 1}`);
  const [low = '', high = low] = (settings.get('batch') ?? '').split('-');
  const batch = settings.has('batch')
    ? { low: whole('batch', low, 1e6), high: whole('batch', high, 1e6) }
    : BATCH;
  if (batch.low > batch.high)
    throw wrong('"batch" from the smaller to the larger', `${low}-${high}`, origin);
  return {
    policy: {
      policy: name,
      every: periodOf(name, settings.get('every'), origin),
      weights,
      alpha: settings.has('alpha') ? above('alpha', settings.get('alpha') ?? '') : 1,
      batch: name === 'batched' ? batch : null,
      trace: file === null ? null : switchesOf(file, paths),
    },
    paths,
  };
}

function readSettings(
  policy: MigrationPolicy,
  words: readonly string[],
  origin: string,
): Map<string, string> {
  const known = ['paths', ...SETTINGS[policy]];
  const settings = new Map<string, string>();
  for (const word of words) {
    const [, key = word, value] = /^([^=]*)=(.*)$/.exec(word) ?? [];
    if (!known.includes(key))
      throw unknownWord(key, `a setting of the policy "${policy}"`, known, origin);
    if (value === undefined)
      throw wrong(`a value such as "${key}=${EXAMPLES[key] ?? ''}"`, word, origin);
    settings.set(key, value);
  }
  return settings;
}

const EXAMPLES: Readonly<Record<string, string>> = {
  paths: '3',
  every: '200ms',
  weights: '0.1/0.3/0.6',
  alpha: '1',
  batch: '50-70',
  file: 'switches.txt',
};

function periodOf(
  policy: MigrationPolicy,
  text: string | undefined,
  origin: string,
): MigrationPeriod {
  if (policy === 'trace') return { kind: 'time', ms: 1 };
  if (text === undefined) return { kind: 'packets', count: policy === 'batched' ? 1 : PACKETS };
  const packets = /^(\d+) *packets?$/.exec(text)?.[1];
  if (packets !== undefined && Number(packets) >= 1)
    return { kind: 'packets', count: Number(packets) };
  const time = parseMillis(text);
  if (time.ok && time.value > 0) return { kind: 'time', ms: time.value };
  throw wrong('a duration such as "200ms" or "50packets" as "every"', text, origin);
}

function readWeights(text: string | undefined, origin: string): number[] {
  if (text === undefined) return [];
  const weights = text.split('/').map((word) => (/^\d*\.?\d+$/.test(word) ? Number(word) : NaN));
  if (weights.some(Number.isNaN) || weights.every((weight) => weight === 0))
    throw wrong('weights such as "0.1/0.3/0.6", not all 0,', text, origin);
  return weights;
}

interface SwitchFile {
  readonly name: string;
  readonly text: string;
}

function fileOf(
  name: string | undefined,
  origin: string,
  readText: (file: string) => string,
): SwitchFile {
  if (name === undefined || name === '')
    throw new Fault('usage', `The policy "trace" in ${origin} has no file`, {
      help: 'Name one: trace,file=switches.txt, with lines of milliseconds and a path such as "200 2"',
    });
  return { name, text: readText(name) };
}

function switchesOf({ name, text }: SwitchFile, paths: readonly string[]): readonly TraceSwitch[] {
  const switches = readSwitches(text, paths);
  if (switches.ok) return switches.value;
  const { line, message } = switches.error;
  throw new Fault('usage', `${message} in ${line === null ? `"${name}"` : `${name}:${line}`}`, {
    help: 'A line is "200 2" or "200 wgnet2"; how many paths there are says trace,file=…,paths=5',
  });
}

const isPolicy = (name: string): name is MigrationPolicy => Object.hasOwn(SETTINGS, name);

const wrong = (wished: string, found: string, origin: string): Fault =>
  new Fault('usage', `Expected ${wished} in ${origin}, found ${JSON.stringify(found)}`);

function unknownWord(word: string, what: string, known: readonly string[], origin: string): Fault {
  const near = nearest(word, known);
  return new Fault('usage', `Expected ${what} in ${origin}, found ${JSON.stringify(word)}`, {
    help: near === undefined ? `One of ${known.join(', ')}` : `Did you mean "${near}"?`,
  });
}
