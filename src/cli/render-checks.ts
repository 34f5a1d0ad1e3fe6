import { type Paint, alignColumns } from '../report/text.ts';
import type { Check } from '../lab/doctor.ts';
import { printable } from '../report/escape.ts';

/** One line a check, with what mends it below. ✘ stops every run, ! only those that need it. */
export function renderChecks(checks: readonly Check[], paint: Paint): string {
  const rows = alignColumns(checks.map(({ name, found }) => [name, found].map(printable)));
  const lines = checks.map(({ ok, needed, help }, index) => {
    const mark = ok ? paint.good('✔') : needed === 'always' ? paint.bad('✘') : '!';
    const condition = ok || needed === 'always' ? '' : paint.faint(` (needed ${needed})`);
    const mending = ok || help === undefined ? '' : `\n  = help: ${help}`;
    return `${mark} ${rows[index] ?? ''}${condition}${mending}\n`;
  });
  return lines.join('');
}

/** Whether anything is missing without which nothing runs. */
export const cannotRun = (checks: readonly Check[]): boolean =>
  checks.some(({ ok, needed }) => !ok && needed === 'always');
