// A censor's rules as lines of `runner plan`.
import { formatMillis, formatRate } from '../base/units.ts';
import type { CensorAction } from '../model/censor-action.ts';
import type { Match, MatchCondition, NumberRange } from '../model/censor-match.ts';
import type { CensorRule } from '../model/censor.ts';
import type { PlanCensor } from '../model/plan.ts';

/** `how` says in which way it gets packets. */
export function renderCensor(censor: PlanCensor, how: string): string[] {
  return [
    `${censor.name} on ${censor.on}  ${censor.position}  ${how}  on error ${censor.onError}`,
    ...censor.rules.map(renderRule),
  ];
}

function renderRule(rule: CensorRule): string {
  const chance =
    rule.probability === 1 ? '' : `  of flows ${Number((rule.probability * 100).toPrecision(6))}%`;
  const residual =
    rule.residual === undefined
      ? ''
      : `  then ${rule.residual.key} for ${formatMillis(rule.residual.for.low)}`;
  const match = renderMatch(rule.match) || 'every packet';
  return `  ${rule.name}: ${match} -> ${rule.actions.map(renderAction).join(', ')}${chance}${residual}`;
}

function renderMatch(match: Match): string {
  if ('all' in match) return match.all.map(renderMatch).join(' and ');
  if ('any' in match) return `(${match.any.map(renderMatch).join(' or ')})`;
  return 'not' in match ? `not (${renderMatch(match.not)})` : renderCondition(match);
}

function renderCondition(condition: MatchCondition): string {
  if ('ranges' in condition)
    return `${condition.field} ${condition.ranges.map(renderRange).join('|')}`;
  if ('set' in condition)
    return `${condition.field} ${[...condition.set, ...condition.clear.map((flag) => `!${flag}`)].join('+')}`;
  if ('prefixes' in condition) return `${condition.field} ${condition.prefixes.join('|')}`;
  if ('names' in condition) return `${condition.field} ${condition.names.join('|')}`;
  return 'patterns' in condition
    ? `${condition.field} ${condition.patterns.join('|')}`
    : condition.field;
}

const renderRange = ([low, high]: NumberRange): string =>
  low === high ? `${low}` : `${low ?? ''}-${high ?? ''}`;

function renderAction(action: CensorAction): string {
  switch (action.kind) {
    case 'drop':
      return `drop ${action.scope} (${action.direction})`;
    case 'reset':
      return `${action.count} × ${action.flags.join('+')} to ${action.sides}`;
    case 'dns':
      return `DNS ${action.rcode}${action.pool.length === 0 ? '' : ` ${action.pool.join('|')}`}`;
    case 'blockpage':
      return `HTTP ${action.status} ${action.reason}`;
    case 'throttle':
      return `${action.mode} to ${formatRate(action.rate)} (${action.direction})`;
    default:
      return action.kind;
  }
}
