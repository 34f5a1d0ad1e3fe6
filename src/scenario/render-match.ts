// What a censor's rule looks for, as a line of `runner plan`.
import { formatMillis } from '../base/units.ts';
import type { Match, MatchCondition, NumberRange } from '../model/censor-match.ts';
import type { CensorSpec } from '../model/censor.ts';
import { counted } from './text.ts';

type Files = Pick<CensorSpec, 'lists' | 'models'>;

/** Values of one condition that are shown; the rest are counted. */
const SHOWN = 8;

export function renderMatch(match: Match, files: Files): string {
  if ('all' in match) return match.all.map((item) => renderPart(item, files)).join(' and ');
  if ('any' in match) return `(${match.any.map((item) => renderPart(item, files)).join(' or ')})`;
  return 'not' in match ? `not (${renderMatch(match.not, files)})` : renderCondition(match, files);
}

/** Several that must all hold stand in brackets within others. */
function renderPart(match: Match, files: Files): string {
  const text = renderMatch(match, files);
  return 'all' in match && match.all.length > 1 ? `(${text})` : text;
}

function renderCondition(condition: MatchCondition, files: Files): string {
  const { field } = condition;
  if (field === 'model') {
    const features = condition.features.map((item) =>
      'field' in item ? item.field : counted(item.bytes, 'byte'),
    );
    const file = files.models[condition.model]?.file ?? '';
    return `model ${file} (${shown(features, ', ')}) output ${condition.output} ${ranges(condition.ranges, String)}`;
  }
  if ('ranges' in condition) return `${field} ${ranges(condition.ranges, formatOf(field))}`;
  if ('set' in condition)
    return `${field} ${[...condition.set, ...condition.clear.map((flag) => `!${flag}`)].join('+')}`;
  if ('prefixes' in condition) return `${field} ${listed(condition.prefixes, condition, files)}`;
  if ('names' in condition) return `${field} ${listed(condition.names, condition, files)}`;
  if ('patterns' in condition) return `${field} ${listed(condition.patterns, condition, files)}`;
  if ('value' in condition) return condition.value ? field : `no ${field}`;
  if ('words' in condition) return `${field} ${condition.words.join('|')}`;
  if ('values' in condition)
    return `${field} ${shown(condition.values, '|')}${condition.at === null ? '' : ` at ${condition.at}`}`;
  if ('source' in condition) return `${field} /${condition.source}/${condition.flags}`;
  return 'order' in condition
    ? `source port ${condition.order} destination port`
    : `${percent(condition.share)} of all by ${condition.of.join(', ')}`;
}

const CODES = ['tls.version', 'tls.extension', 'quic.version'];

function formatOf(field: string): (value: number) => string {
  if (field === 'flow.age') return formatMillis;
  if (CODES.includes(field)) return (value) => `0x${value.toString(16).padStart(4, '0')}`;
  // Just below a bound is as good as the bound to people.
  return (value) => String(Number(value.toPrecision(12)));
}

const ranges = (all: readonly NumberRange[], format: (value: number) => string): string =>
  all.map((range) => renderRange(range, format)).join('|');

function renderRange([low, high]: NumberRange, format: (value: number) => string): string {
  if (low === null) return high === null ? 'any' : `<=${format(high)}`;
  if (high === null) return `>=${format(low)}`;
  return low === high ? format(low) : `${format(low)}-${format(high)}`;
}

function listed(
  values: readonly string[],
  { list }: { readonly list?: number },
  { lists }: Files,
): string {
  const file = list === undefined ? undefined : lists[list];
  const parts = values.length === 0 ? [] : [shown(values, '|')];
  return [...parts, ...(file === undefined ? [] : [`${file.file} (${linesOf(file.text)})`])].join(
    '|',
  );
}

function linesOf(text: string): string {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return counted(lines, 'line');
}

/** The first few, and how many there are. */
export const shown = (values: readonly string[], joint: string): string =>
  values.length <= SHOWN
    ? values.join(joint)
    : `${values.slice(0, SHOWN).join(joint)}${joint}… (${values.length} in all)`;

/** A share from 0 to 1. */
export const percent = (share: number): string => `${Number((share * 100).toPrecision(6))}%`;
