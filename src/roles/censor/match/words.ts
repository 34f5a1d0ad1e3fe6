// Conditions in words, for events.
import { unreachable } from '../../../base/invariant.ts';
import type { Match, MatchCondition } from '../../../model/censor-match.ts';
import { formatRanges } from './number-range.ts';

/** Values that are written out; more are counted. */
const MAX_VALUES = 3;

/** Such as `tcp.dstport 443, not (ip.dst 10.0.0.0/8)`. */
export function describeMatch(match: Match): string {
  if ('all' in match) return match.all.map(describeMatch).filter(Boolean).join(', ');
  if ('any' in match) return `any of (${match.any.map(describeMatch).join('; ')})`;
  if ('not' in match) return `not (${describeMatch(match.not)})`;
  return describeCondition(match);
}

function describeCondition(condition: MatchCondition): string {
  const values = describeValues(condition);
  return values === '' ? condition.field : `${condition.field} ${values}`;
}

function describeValues(condition: MatchCondition): string {
  if ('ranges' in condition) return formatRanges(condition.ranges);
  if ('prefixes' in condition) return describeList(condition.prefixes, 'prefixes', condition.list);
  if ('names' in condition) return describeList(condition.names, 'names', condition.list);
  if ('patterns' in condition) return describeList(condition.patterns, 'patterns', condition.list);
  if ('value' in condition) return condition.value ? '' : 'no';
  switch (condition.field) {
    case 'tcp.flags':
      return [...condition.set, ...condition.clear.map((name) => `!${name}`)].join('+');
    case 'payload.bytes':
      return describeList(condition.values, 'values', undefined);
    case 'payload.regex':
    case 'http.regex':
      return `/${condition.source}/${condition.flags}`;
    case 'ports':
      return `source ${condition.order} destination`;
    case 'share':
      return `${condition.share} of ${condition.of.join(', ')}`;
    case 'payload.protocol':
    case 'flow.side':
    case 'flow.origin':
      return condition.words.join('|');
    default:
      return unreachable(condition, 'condition');
  }
}

function describeList(values: readonly string[], what: string, list: number | undefined): string {
  if (list !== undefined)
    return values.length === 0 ? 'of a list' : `of ${values.length} ${what} and a list`;
  return values.length > MAX_VALUES ? `of ${values.length} ${what}` : values.join('|');
}
