import type { Traffic } from '../../model/scenario-file.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** What acts on a censor names one that there is, and says what becomes of it. */
export const controls: Rule = (context, { censors }) => {
  const names = censors.map(({ name }) => name);
  for (const [index, entry] of (context.scenario.traffic ?? []).entries()) {
    if (entry.censor === undefined) continue;
    const path = ['traffic', index];
    const censor = censors.find(({ name }) => name === entry.censor);
    if (censor === undefined) reportUnknown(context, entry.censor, names, [...path, 'censor']);
    else checkChange(context, entry, censor.spec.program !== undefined, path);
  }
};

function reportUnknown(context: Context, name: string, names: readonly string[], path: Path): void {
  const isThere = context.partial || context.scenario.censor?.some(({ use }) => use !== undefined);
  if (isThere === true) return;
  context.report('S163', path, `There is no censor "${name}"`, {
    help:
      context.suggest(name, names) ??
      (names.length === 0 ? 'Add "censor"' : `There are: ${names.join(', ')}`),
  });
}

function checkChange(context: Context, entry: Traffic, hasProgram: boolean, path: Path): void {
  if (entry.do === undefined) {
    context.report(
      'S163',
      path,
      `Nothing is said to become of the censor "${entry.censor ?? ''}"`,
      {
        help: 'Write "do: stop", "do: start" or "do: reload"',
      },
    );
    return;
  }
  for (const key of ['rules', 'program'] as const)
    if (entry.do !== 'reload' && entry[key] !== undefined)
      context.report(
        'S098',
        [...path, key],
        `The key "${key}" does not go with "do: ${entry.do}"`,
        {
          key: true,
          help: `Write "do: reload", or remove "${key}"`,
        },
      );
  const changes = entry.rules !== undefined || entry.program !== undefined || hasProgram;
  if (entry.do === 'reload' && !changes)
    context.report('S163', [...path, 'do'], 'The reload changes nothing', {
      help: 'Add "rules" or "program"',
    });
}
