// command, entrypoint, healthcheck
import { type Entry, type Value, blockOf, entry } from '../../write/yaml-value.ts';
import { composeMillis, scenarioDuration } from '../quantities.ts';
import { splitShellWords } from '../shell-words.ts';
import type { ServiceContext } from './context.ts';

export function commandEntries(context: ServiceContext): readonly Entry[] {
  return ['entrypoint', 'command'].flatMap((key) => {
    const words = wordsAt(context, key);
    if (words === undefined) return [];
    if (words.length > 0) return [entry(key, words)];
    context.notes.leaveOut(`an empty ${key}`, context.spanOf(key));
    return [];
  });
}

function wordsAt(context: ServiceContext, key: string): readonly string[] | undefined {
  const tree = context.at(key);
  if (tree === undefined) return undefined;
  if (tree.kind === 'list') return context.reader.texts(tree, key).map(({ text }) => text);
  const text = context.text(key);
  if (text === undefined) return undefined;
  const words = splitShellWords(text);
  if (words.ok) return words.value;
  context.notes.error('C010', tree.span, `The "${key}" is no list of words: ${words.error}`);
  return undefined;
}

const DURATIONS = [
  ['interval', 'interval'],
  ['timeout', 'timeout'],
  ['start_period', 'startPeriod'],
] as const;
const HEALTH_KEYS = new Set(['test', 'interval', 'timeout', 'retries', 'start_period', 'disable']);

export function healthcheckEntries(context: ServiceContext): readonly Entry[] {
  const tree = context.at('healthcheck');
  if (tree === undefined) return [];
  const written = context.reader.map(tree, 'healthcheck');
  for (const [key, { keySpan }] of written)
    if (!HEALTH_KEYS.has(key) && !key.startsWith('x-'))
      context.notes.leaveOut(`healthcheck.${key}`, keySpan);
  const isOff = context.reader.flag(context.at('healthcheck', 'disable'), 'disable') === true;
  const test = testOf(context);
  if (isOff || test === 'none') return [entry('healthcheck', false)];
  if (test === undefined) {
    context.notes.leaveOut(
      'a healthcheck without a test',
      tree.span,
      "The image's own healthcheck keeps its own times",
    );
    return [];
  }
  const times = Object.fromEntries(
    DURATIONS.map(([from, to]) => [to, nonZero(durationAt(context, 'healthcheck', from))]),
  );
  const retries = context.reader.number(context.at('healthcheck', 'retries'), 'retries');
  const { interval, timeout, startPeriod } = times;
  return [
    entry(
      'healthcheck',
      blockOf({ test, interval, timeout, retries: nonZero(retries), startPeriod }),
    ),
  ];
}

/** Nothing stands for the default, as with Docker. */
const nonZero = (value: Value | undefined): Value | undefined =>
  value === 0 || value === '0s' ? undefined : value;

function testOf(context: ServiceContext): readonly string[] | 'none' | undefined {
  const tree = context.at('healthcheck', 'test');
  if (tree === undefined) return undefined;
  if (tree.kind !== 'list') {
    const text = context.text('healthcheck', 'test');
    return text === undefined ? undefined : text === 'NONE' ? 'none' : shell(text);
  }
  const [kind, ...words] = context.reader.texts(tree, 'test').map(({ text }) => text);
  if (kind === 'NONE') return 'none';
  if (kind === 'CMD-SHELL') return shell(words.join(' '));
  if (kind === 'CMD' && words.length > 0) return words;
  context.notes.error(
    'C010',
    tree.span,
    'Expected "CMD", "CMD-SHELL" or "NONE" and then words at the start of "test"',
    'Write test: [CMD, program, argument]',
  );
  return undefined;
}

/** As the engine runs such a test: with the shell of the image. */
const shell = (text: string): readonly string[] => ['/bin/sh', '-c', text];

/** A duration as a scenario writes it. */
export function durationAt(context: ServiceContext, ...path: readonly string[]): Value | undefined {
  const text = context.text(...path);
  if (text === undefined || text === '') return undefined;
  const millis = composeMillis(text);
  if (millis !== undefined) return scenarioDuration(millis);
  const span = context.at(...path)?.span ?? context.service.span;
  context.notes.error('C010', span, `Expected a duration such as "1m30s", found "${text}"`);
  return undefined;
}
