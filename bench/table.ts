import { type Figure, formatValue, isHeld } from './figure.ts';
import type { MachineFacts } from './machine.ts';

/** The page that is written and printed: the machine's facts, then one row a figure, then why a row is empty. */
export function formatPage(facts: MachineFacts, figures: readonly Figure[]): string {
  const about = Object.entries(facts).map(([name, value]) => `- ${name}: ${value}`);
  const head = ['what', 'measured', 'wished', 'beside it, in the same run', 'held'];
  const rows = [head, ...figures.map(formatRow)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  const [first = [], ...rest] = rows;
  const notes = figures.flatMap(({ what, note }) => (note ? [`- ${what}: ${note}`] : []));
  const table = [line(first), rule, ...rest.map(line)];
  return [`# Benchmark, ${facts.date}`, '', ...about, '', ...table, '', ...notes, ''].join('\n');
}

function formatRow(figure: Figure): string[] {
  const { what, value, unit, wished, beside = '' } = figure;
  const held = { true: 'yes', false: 'no', null: '' }[`${isHeld(figure)}`];
  const measured = value === null ? 'not measured' : formatValue(value, unit);
  return [what, measured, wished ? formatWish(wished, unit) : '', beside, held];
}

function formatWish(wish: NonNullable<Figure['wished']>, unit: Figure['unit']): string {
  return 'atMost' in wish
    ? `≤ ${formatValue(wish.atMost, unit)}`
    : `≥ ${formatValue(wish.atLeast, unit)}`;
}
