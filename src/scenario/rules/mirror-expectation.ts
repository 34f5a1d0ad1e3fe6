import type { PlanMirror } from '../../model/mirror.ts';
import type { Expectation } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';

/** What only a mirror counts that compares. */
const OF_COMPARING = ['pairs', 'different', 'missing'] as const;

/** An expectation of a mirror names one that there is, and what it can count. */
export function checkMirror(
  context: Context,
  written: Expectation,
  mirrors: readonly PlanMirror[],
  path: Path,
): void {
  if (written.mirror === undefined) return;
  const found = findMirror(context, written.mirror, mirrors, [...path, 'mirror']);
  if (found === undefined) return;
  if (written.count !== undefined && written.ending === undefined && !context.partial)
    context.report('S098', [...path, 'count'], 'The key "count" of a mirror goes with "ending"', {
      key: true,
      help: 'Say how these copies end, or count "sessions", "whole" or "pairs"',
    });
  if (found.compare !== null || context.partial) return;
  for (const key of OF_COMPARING)
    if (written[key] !== undefined)
      context.report('S114', [...path, key], `The mirror "${found.name}" compares nothing`, {
        key: true,
        help: `Remove "${key}", or give the mirror a "compare"`,
      });
}

/** A metric of a mirror's servers is of one that compares. */
export function checkMirrorMetric(
  context: Context,
  name: string,
  mirrors: readonly PlanMirror[],
  path: Path,
): void {
  const found = findMirror(context, name, mirrors, path);
  if (found?.compare === null && !context.partial)
    context.report('S114', path, `The mirror "${name}" compares nothing`, {
      help: 'Give it a "compare"',
    });
}

function findMirror(
  context: Context,
  name: string,
  mirrors: readonly PlanMirror[],
  path: Path,
): PlanMirror | undefined {
  const found = mirrors.find((mirror) => mirror.name === name);
  if (found !== undefined || context.partial) return found;
  const names = mirrors.map((mirror) => mirror.name);
  context.report('S110', path, `There is no mirror "${name}"`, {
    help:
      context.suggest(name, names) ??
      (names.length === 0 ? 'Add "mirrors"' : `There are: ${names.join(', ')}`),
  });
  return undefined;
}
