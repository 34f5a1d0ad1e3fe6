import type { Input } from './verb.ts';
import type { Plan } from '../model/plan.ts';
import { shellWords } from '../base/shell-words.ts';

/** The command line that gives the same plan again, whatever the environment holds. */
export function rerunCommand(input: Input, { seed }: Plan): string {
  const params = input.text('params');
  return shellWords([
    'runner',
    'apply',
    ...input.words,
    ...(params === undefined ? [] : ['--params', params]),
    ...input.list('set').flatMap((setting) => ['--set', setting]),
    ...(input.has('no-build') ? ['--no-build'] : []),
    ...(input.has('yes') ? ['--yes'] : []),
    ...(input.has('no-censor') ? ['--no-censor'] : []),
    '--seed',
    String(seed),
  ]);
}
