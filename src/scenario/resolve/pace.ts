// `every` → the pace of a flow's starts.
import { parseMillis } from '../../base/units.ts';
import type { Pace as WrittenPace } from '../../model/scenario-file.ts';
import type { Pace } from '../../model/traffic.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import { quoted } from '../text.ts';
import { millis } from './quantity.ts';

/** Lines of a file of gaps. */
const MOST_GAPS = 1_000_000;

/** Null when it is not given, or with a report when its file is no good. */
export function resolvePace(
  context: Context,
  every: WrittenPace | undefined,
  path: Path,
): Pace | null {
  if (every === undefined) return null;
  if (typeof every === 'string') return { kind: 'even', every: millis(every) };
  if (every.poisson !== undefined) return { kind: 'poisson', mean: millis(every.poisson) };
  const gaps = readGaps(context, every.gaps ?? '', [...path, 'gaps']);
  return gaps && { kind: 'gaps', gaps };
}

function readGaps(context: Context, file: string, path: Path): readonly number[] | null {
  const content = context.readBytes(file, path);
  if (!content.ok) {
    context.report('S020', path, `Cannot read "${file}": ${content.error}`);
    return null;
  }
  const lines = new TextDecoder()
    .decode(content.value)
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.replace(/#.*/, '').trim(), number: index + 1 }))
    .filter(({ text }) => text !== '');
  const gaps = lines.map(({ text }) => gapOf(text));
  const odd = lines[gaps.indexOf(undefined)];
  if (odd !== undefined) {
    context.report(
      'S096',
      path,
      `Expected a time in line ${odd.number} of "${file}", found ${quoted(odd.text)}`,
      { help: 'Each line has one: in seconds, as 0.02, or with its unit, as 20ms' },
    );
    return null;
  }
  if (gaps.length > 0 && gaps.length <= MOST_GAPS) return gaps.map((gap) => gap ?? 0);
  context.report(
    'S096',
    path,
    `Expected 1 to ${MOST_GAPS} times in "${file}", found ${gaps.length}`,
  );
  return null;
}

function gapOf(text: string): number | undefined {
  if (/^\d+(\.\d+)?(e-?\d+)?$/i.test(text)) return Number((Number(text) * 1000).toPrecision(12));
  const parsed = parseMillis(text);
  return parsed.ok ? parsed.value : undefined;
}
